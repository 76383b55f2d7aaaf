import { describe, expect, test } from "vitest";

import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { beside, buffered, commonEdge_m, drawn, holed, merged, offset, reshaped, reshapedWithNeighbours, split } from "./operations";
import { area_m2, enclosed, surfaceOf, verticesOf } from "./surfaces";
import { weave } from "./topology";
import { CannotDo } from "./trouble";

function block(west: number, south: number, east: number, north: number): Surface {
  return enclosed([[west, south], [east, south], [east, north], [west, north]]);
}

const A = block(0, 0, 100, 100);
const B = block(100, 0, 200, 100);
const rounded = (surface: Surface): number => Math.round(area_m2(surface) * 1000) / 1000;

describe("drawing", () => {
  test("a zone over another keeps to the free ground", () => {
    expect(rounded(drawn([[50, 20], [150, 20], [150, 80], [50, 80]], [A]))).toBe(3_000);
  });

  test("over taken ground alone nothing is left", () => {
    expect(() => drawn([[10, 10], [20, 10], [20, 20]], [A])).toThrow(CannotDo);
  });

  test("a bow tie is refused", () => {
    expect(() => drawn([[0, 0], [10, 10], [10, 0], [0, 10]], [])).toThrow("crosses_itself");
  });
});

describe("splitting", () => {
  test("a line across makes two, the larger first", () => {
    expect(split(A, [[[-10, 30], [110, 30]]]).map(rounded)).toEqual([7_000, 3_000]);
  });

  test("a line that ends on the edge is enough", () => {
    expect(split(A, [[[100 / 3, 0], [100 / 3, 100]]]).map(rounded)).toEqual([6_666.667, 3_333.333]);
  });

  test("a line that stops inside is refused", () => {
    expect(() => split(A, [[[-10, 30], [60, 30]]])).toThrow("not_across");
  });

  test("two pieces have the very same cut, and the old corners their doubles", () => {
    const odd: EastNorth = [0.1 + 0.2, 1 / 3];
    const zone = enclosed([odd, [100, 0], [100, 100], [0, 100]]);
    const [one, other] = split(zone, [[[33.3, -5], [71.7, 105]]]);
    if (one === undefined || other === undefined) throw new Error("no two pieces");
    const both = verticesOf(one).filter(([e, n]) => verticesOf(other).some(([e2, n2]) => e === e2 && n === n2));

    expect(both).toHaveLength(2);
    expect([...verticesOf(one), ...verticesOf(other)]).toContainEqual(odd);
    expect(rounded(merged([one, other]))).toBe(rounded(zone));
  });

  test("a closed line inside cuts a piece out of the middle", () => {
    const ring: Ring = [[20, 20], [40, 20], [40, 40], [20, 40], [20, 20]];

    expect(split(A, [ring]).map(rounded)).toEqual([9_600, 400]);
  });

  test("parts that the line does not meet stay with the first piece", () => {
    const two = surfaceOf([...A.coordinates, ...block(300, 0, 310, 10).coordinates]);

    expect(split(two, [[[-10, 30], [110, 30]]]).map(rounded)).toEqual([7_100, 3_000]);
  });
});

test("zones that are put together lose their common edge and keep the vertices of others", () => {
  const above = weave(new Map([["C", block(0, 100, 150, 200)]]), new Map([["A", A], ["B", B]]));
  const whole = merged([above.get("A") ?? A, above.get("B") ?? B]);

  expect(rounded(whole)).toBe(20_000);
  expect(whole.coordinates).toHaveLength(1);
  // The corner of C on B's upper edge.
  expect(verticesOf(whole)).toContainEqual([150, 100]);
});

test("a hole takes its ground away", () => {
  expect(rounded(holed(A, [[10, 10], [20, 10], [20, 20], [10, 20]]))).toBe(9_900);
  expect(() => holed(A, [[300, 10], [320, 10], [320, 20]])).toThrow("not_touching");
});

describe("reshaping", () => {
  test("a line outside adds ground, inside it takes ground away", () => {
    expect(rounded(reshaped(A, [[100, 20], [120, 20], [120, 80], [100, 80]]))).toBe(11_200);
    expect(rounded(reshaped(A, [[100, 20], [80, 20], [80, 80], [100, 80]]))).toBe(8_800);
  });

  test("the neighbour gives what the zone gains, and takes what it loses", () => {
    const zones = new Map([["A", A], ["B", B]]);
    const grown = reshapedWithNeighbours("A", zones, [[100, 20], [120, 20], [120, 80], [100, 80]]);
    const shrunk = reshapedWithNeighbours("A", zones, [[100, 20], [80, 20], [80, 80], [100, 80]]);

    expect([...grown].map(([uid, one]) => [uid, rounded(one)])).toEqual([["A", 11_200], ["B", 8_800]]);
    expect([...shrunk].map(([uid, one]) => [uid, rounded(one)])).toEqual([["A", 8_800], ["B", 11_200]]);
    const [a, b] = [grown.get("A") ?? A, grown.get("B") ?? B];
    // Along the old edge 20 + 20, and round the bay 20 + 60 + 20.
    expect(Math.round(commonEdge_m(a, b))).toBe(140);
  });

  test("a line beside the zone is refused", () => {
    expect(() => reshaped(A, [[300, 0], [300, 100]])).toThrow("not_across");
  });
});

describe("buffer and offset", () => {
  test("sharp corners make a square of a square", () => {
    expect(rounded(buffered([A], 10, "sharp"))).toBe(14_400);
    expect(rounded(buffered([A], -10, "sharp"))).toBe(6_400);
    expect(() => buffered([A], -60, "sharp")).toThrow("nothing_left");
  });

  test("round corners: the square, four strips and almost a circle", () => {
    expect(area_m2(buffered([A], 10, "round"))).toBeCloseTo(10_000 + 4_000 + Math.PI * 100, -1);
  });

  test("red lines from an axis, 12 m on the left and 8 m on the right", () => {
    const strip = offset([[0, 0], [0, 100]], 12, 8);

    expect(rounded(strip)).toBe(2_000);
    expect(Math.min(...verticesOf(strip).map(([east]) => east))).toBe(-12);
    expect(rounded(offset([[0, 0], [100, 0], [100, 100]], 10, 10))).toBe(4_000);
  });

  test("a parallel keeps its corner mitred", () => {
    const [, corner] = beside([[0, 0], [100, 0], [100, 100]], 10);

    expect(corner?.map(Math.round)).toEqual([110, -10]);
  });
});
