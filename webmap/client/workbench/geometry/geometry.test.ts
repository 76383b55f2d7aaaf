import { describe, expect, test } from "vitest";

import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { readCorners } from "./corners";
import { ordered, readDegrees, readNumber } from "./numbers";
import { bearing, polar } from "./points";
import { SnapIndex } from "./snap";
import { movesBetween, squared, squareUp } from "./squares";
import { area_m2, centreOf, enclosed, perimeter_m, surfaceOf, verticesOf } from "./surfaces";
import { moveVertex, removeVertex, weave, withVertex } from "./topology";
import { traced } from "./trace";

/** A rectangle from its south-west to its north-east corner. */
function block(west: number, south: number, east: number, north: number): Surface {
  return enclosed([[west, south], [east, south], [east, north], [west, north]]);
}

//   0      100     200
// 100 +-------+-------+
//     |   A   |   B   |
//   0 +-------+-------+
const A = block(0, 0, 100, 100);
const B = block(100, 0, 200, 100);
const AB = new Map([["A", A], ["B", B]]);

describe("measures", () => {
  test("a hole is no ground, but has edges", () => {
    const ring = (s: Surface): Ring => s.coordinates[0]?.[0] ?? [];
    const holed = surfaceOf([[ring(A), ring(block(10, 10, 20, 20))]]);

    expect(area_m2(holed)).toBe(9_900);
    expect(perimeter_m(holed)).toBe(440);
  });

  test("the area of a hectare far from the origin is exact", () => {
    expect(area_m2(block(587_000, 2_325_000, 587_100, 2_325_100))).toBe(10_000);
    expect(centreOf(block(587_000, 2_325_000, 587_100, 2_325_100))).toEqual([587_050, 2_325_050]);
  });

  test("bearings run from north clockwise", () => {
    expect(bearing([0, 0], [10, 0])).toBe(90);
    expect(bearing([0, 0], [-1, -1])).toBe(225);
    const [east, north] = polar([100, 100], 50, 180);
    expect([Math.round(east), Math.round(north)]).toEqual([100, 50]);
  });
});

describe("common vertices", () => {
  test("a common corner moves in both zones and no gap opens", () => {
    const changed = moveVertex(AB, [100, 100], [110, 105]);

    expect([...changed.keys()]).toEqual(["A", "B"]);
    for (const surface of changed.values()) expect(verticesOf(surface)).toContainEqual([110, 105]);
    const total = [...changed.values()].reduce((sum, surface) => sum + area_m2(surface), 0);
    // Both together are a pentagon-like strip whose upper edge bends: 20,000 + 2 * (100 * 5 / 2) = 20,500.
    expect(total).toBe(20_500);
  });

  test("a vertex on a common edge goes into both zones with the same coordinates", () => {
    const changed = weave(new Map([["A", withVertex(A, [100, 40])]]), AB);

    expect(verticesOf(changed.get("B") ?? A)).toContainEqual([100, 40]);
    expect(area_m2(changed.get("B") ?? A)).toBe(10_000);
  });

  test("a new zone takes the neighbour's vertices that lie on its edges", () => {
    const woven = weave(new Map([["C", block(0, 100, 200, 150)]]), AB);

    expect(verticesOf(woven.get("C") ?? A)).toContainEqual([100, 100]);
    expect([...woven.keys()]).toEqual(["C"]);
  });

  test("a vertex that rounding put beside another takes its coordinates", () => {
    const woven = weave(new Map([["C", block(200 + 3e-10, 0, 300, 100)]]), AB);

    expect(verticesOf(woven.get("C") ?? A).filter(([east]) => east < 250)).toEqual([[200, 0], [200, 100]]);
  });

  test("vertices that no change touches keep their doubles", () => {
    const odd: EastNorth = [0.1 + 0.2, 1 / 3];
    const zone = enclosed([odd, [50, 0], [50, 50]]);
    const changed = moveVertex(new Map([["Z", zone]]), [50, 50], [60, 60]);

    expect(verticesOf(changed.get("Z") ?? A)[0]).toEqual(odd);
  });

  test("a corner taken out leaves both zones", () => {
    const both = weave(new Map([["A", withVertex(A, [100, 40])]]), AB);
    const bare = removeVertex(new Map([...AB, ...both]), [100, 40]);

    expect([...bare.keys()].sort()).toEqual(["A", "B"]);
    for (const surface of bare.values()) expect(verticesOf(surface)).toHaveLength(4);
  });
});

describe("snapping", () => {
  const index = new SnapIndex();
  index.put("zone:A", "A", A);
  index.put("line:1", "axis", enclosed([[50, -50], [50.5, -50], [50.5, 150], [50, 150]]));

  test("a vertex wins over an edge, with its own coordinates and name", () => {
    expect(index.nearest([98, 99], 3)).toEqual({ kind: "vertex", at: [100, 100], names: ["A"] });
  });

  test("where two edges cross there is a target that names both", () => {
    expect(index.nearest([49.5, 1], 2)).toEqual({ kind: "intersection", at: [50, 0], names: ["axis", "A"] });
  });

  test("an edge gives the foot of the pointer", () => {
    expect(index.nearest([20, 1.5], 2)).toEqual({ kind: "edge", at: [20, 0], names: ["A"] });
  });

  test("nothing in reach is nothing", () => {
    expect(index.nearest([20, 20], 5)).toBeNull();
    expect(index.nearest([98, 99], 3, ({ owner }) => owner !== "zone:A")).toBeNull();
  });

  test("what was put anew is no longer where it was", () => {
    const one = new SnapIndex();
    one.put("zone:A", "A", A);
    one.put("zone:A", "A", block(500, 500, 600, 600));

    expect(one.nearest([100, 100], 5)).toBeNull();
    expect(one.edgesAt([100, 100])).toEqual([]);
  });
});

describe("tracing", () => {
  const index = new SnapIndex();
  index.put("zone:A", "A", A);
  index.put("zone:B", "B", B);

  test("the way goes round the nearer side, over both zones", () => {
    expect(traced(index, [0, 100], [200, 100])).toEqual([[100, 100]]);
    expect(traced(index, [0, 40], [200, 40])).toEqual([[0, 0], [100, 0], [200, 0]]);
  });

  test("between two places on one edge the way is straight", () => {
    expect(traced(index, [20, 0], [60, 0])).toEqual([]);
  });

  test("off the edges there is no way", () => {
    expect(traced(index, [50, 50], [200, 100])).toBeNull();
  });
});

describe("right angles", () => {
  test("the pointer is put square to the last edge", () => {
    const [east, north] = squared([0, 0], [100, 0], [103, 40]);

    expect([east.toFixed(6), north.toFixed(6)]).toEqual(["100.000000", "40.000000"]);
  });

  test("a block drawn by eye becomes a rectangle along its longest edge", () => {
    const rough = enclosed([[0, 0], [100, 0], [101, 50], [-1, 49]]);
    const square = squareUp(rough);
    const [a, b, c, d] = verticesOf(square);

    for (const [p, q, r] of [[a, b, c], [b, c, d], [c, d, a]] as const) {
      if (p && q && r) expect(Math.cos(((bearing(p, q) - bearing(q, r)) * Math.PI) / 180)).toBeCloseTo(0, 9);
    }
    expect(Math.abs(area_m2(square) - area_m2(rough))).toBeLessThan(30);
  });
});

test("a zone that is square already stays as it is", () => {
  const zone = block(587_000.1, 2_325_000.3, 587_100.7, 2_325_050.9);

  expect(movesBetween(zone, squareUp(zone))).toEqual([]);
});

describe("numbers of Vietnamese papers", () => {
  test.each([
    ["2325123,45", 2_325_123.45],
    ["2.325.123,45", 2_325_123.45],
    ["2,325,123.45", 2_325_123.45],
    ["2 325 123.45", 2_325_123.45],
    ["587654.321", 587_654.321],
    ["12 m", 12],
  ])("%s", (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  test("text is no number", () => {
    expect(readNumber("M12")).toBeNull();
    expect(readNumber("")).toBeNull();
  });

  test("degrees come as decimals or with minutes and seconds", () => {
    expect(readDegrees("105,5")).toBe(105.5);
    expect(readDegrees("21°01'30\"")).toBe(21.025);
    expect(readDegrees("21 75")).toBeNull();
  });

  test("X is north and Y is east, whichever comes first", () => {
    expect(ordered(2_325_000, 587_000, "guessed")).toEqual([587_000, 2_325_000]);
    expect(ordered(587_000, 2_325_000, "guessed")).toEqual([587_000, 2_325_000]);
    expect(ordered(500_000, 600_000, "guessed")).toBeNull();
    expect(ordered(500_000, 600_000, "north_first")).toEqual([600_000, 500_000]);
  });
});

describe("corner tables", () => {
  const square: Ring = [[587_000, 2_325_000], [587_100, 2_325_000], [587_100, 2_325_050], [587_000, 2_325_050]];

  test("tabs, decimal comma, numbers, lengths, closing corner and a heading", () => {
    const table = readCorners(
      [
        "Số hiệu điểm\tX (m)\tY (m)\tCạnh (m)",
        "1\t2325000,00\t587000,00\t100,00",
        "2\t2325000,00\t587100,00\t50,00",
        "3\t2325050,00\t587100,00\t100,00",
        "4\t2325050,00\t587000,00\t50,00",
        "1\t2325000,00\t587000,00\t",
      ].join("\n"),
      "guessed",
    );

    expect(table.corners.map(({ at }) => at)).toEqual(square);
    expect(table.corners.map(({ name }) => name)).toEqual(["1", "2", "3", "4"]);
    expect([table.compared, table.differences, table.unread]).toEqual([4, [], []]);
  });

  test("blanks, decimal point, east first, no numbers", () => {
    const table = readCorners("587000.00 2325000.00\n587100.00  2325000.00\n587100 2325050\n587000 2325050", "guessed");

    expect(table.corners.map(({ at }) => at)).toEqual(square);
    expect(table.compared).toBe(0);
  });

  test("a length that is not between its corners is named", () => {
    const table = readCorners(
      "M1;2325000;587000;100\nM2;2325000;587100;55,5\nM3;2325050;587100;100\nM4;2325050;587000;50",
      "guessed",
    );

    expect(table.differences).toEqual([{ from: "M2", to: "M3", given_m: 55.5, computed_m: 50 }]);
  });

  test("lengths on lines of their own, and lengths of the edge before", () => {
    const between = readCorners("1 2325000 587000\n100\n2 2325000 587100\n50\n3 2325050 587100\n100\n4 2325050 587000\n50", "guessed");
    const before = readCorners("1 2325000 587000 50\n2 2325000 587100 100\n3 2325050 587100 50\n4 2325050 587000 100", "guessed");

    expect([between.compared, between.differences]).toEqual([4, []]);
    expect([before.compared, before.differences]).toEqual([4, []]);
  });

  test("a line that nobody can read is not passed over in silence", () => {
    expect(readCorners("1 2325000 587000\n2 2325000 58710O", "guessed").unread).toEqual([{ line: 2, text: "2 2325000 58710O" }]);
  });
});
