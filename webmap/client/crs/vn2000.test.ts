import { expect, test } from "vitest";

import definitions from "./definitions.json";
import { type EastNorth, Vn2000 } from "./vn2000";
import type { LonLat } from "../api/types";

/** Points whose WGS 84 position the official parameters fix; worked out with PROJ's pinned pipeline. */
const VECTORS: readonly (readonly [string, number, EastNorth, LonLat])[] = [
  ["Thành phố Hồ Chí Minh", 9210, [603000, 1192000], [106.6936122445, 10.77744386]],
  ["Vũng Tàu", 5899, [425000, 1145000], [107.066914016, 10.353191958]],
  ["Uông Bí", 5899, [398000, 2326000], [106.7706015481, 21.0246756559]],
  ["Cam Ranh", 9217, [600000, 1317000], [109.1697834138, 11.9075010087]],
  ["Phan Rang", 9217, [581000, 1279000], [108.9944538024, 11.5644933036]],
  ["Hà Nội", 5897, [590000, 2325000], [105.8676749941, 21.0162806732]],
];

test.each(VECTORS)("the browser agrees with PROJ to 1 mm in %s", (_place, epsg, metres, degrees) => {
  const [east, north] = Vn2000.among(definitions, epsg).fromLonLat(degrees);

  expect(Math.hypot(east - metres[0], north - metres[1])).toBeLessThan(0.001);
});

test.each(VECTORS)("there and back again is the same millimetre in %s", (_place, epsg, metres) => {
  const zone = Vn2000.among(definitions, epsg);
  const [east, north] = zone.fromLonLat(zone.toLonLat(metres));

  expect(Math.hypot(east - metres[0], north - metres[1])).toBeLessThan(0.001);
});

test("a zone that the server does not list is refused", () => {
  expect(() => Vn2000.among(definitions, 4326)).toThrow(RangeError);
});
