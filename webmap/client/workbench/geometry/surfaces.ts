/** Surfaces as lists of rings: measures, tests and changes that leave other vertices as they are. */
import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { distance, isSame } from "./points";

export type Box = readonly [number, number, number, number];

export function surfaceOf(polygons: Surface["coordinates"]): Surface {
  return { type: "MultiPolygon", coordinates: polygons };
}

/** The surface inside a row of corners; the first corner closes it where it is not repeated. */
export function enclosed(corners: Ring): Surface {
  return surfaceOf([[closed(corners)]]);
}

export function closed(corners: Ring): Ring {
  const [first] = corners;
  const last = corners.at(-1);
  if (first === undefined || last === undefined || (corners.length > 1 && isSame(first, last))) return corners;
  return [...corners, first];
}

export function ringsOf(surface: Surface): readonly Ring[] {
  return surface.coordinates.flat();
}

/** Every vertex once per ring: the closing one is left out. */
export function verticesOf(surface: Surface): EastNorth[] {
  return ringsOf(surface).flatMap((ring) => ring.slice(0, -1));
}

/** The segments of a surface with their ends as they are stored. */
export function segmentsOf(surface: Surface): (readonly [EastNorth, EastNorth])[] {
  return ringsOf(surface).flatMap(pairs);
}

/** A row of points as segments. */
export function pairs(points: Ring): (readonly [EastNorth, EastNorth])[] {
  const found: (readonly [EastNorth, EastNorth])[] = [];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (a !== undefined && b !== undefined) found.push([a, b]);
  }
  return found;
}

/** Twice the signed area, about the first corner: coordinates of a city are large, its zones are not. */
function doubled(ring: Ring): number {
  const [origin] = ring;
  if (origin === undefined) return 0;
  let sum = 0;
  for (const [a, b] of pairs(ring)) {
    sum += (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1]);
  }
  return sum;
}

export function ringArea_m2(ring: Ring): number {
  return Math.abs(doubled(ring)) / 2;
}

export function area_m2(surface: Surface): number {
  let sum = 0;
  for (const [outer, ...holes] of surface.coordinates) {
    if (outer === undefined) continue;
    sum += ringArea_m2(outer) - holes.reduce((total, hole) => total + ringArea_m2(hole), 0);
  }
  return sum;
}

export function length_m(points: Ring): number {
  return pairs(points).reduce((sum, [a, b]) => sum + distance(a, b), 0);
}

/** The length of all edges, holes with them. */
export function perimeter_m(surface: Surface): number {
  return ringsOf(surface).reduce((sum, ring) => sum + length_m(ring), 0);
}

export function boxOf(points: Iterable<EastNorth>): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [e, n] of points) {
    west = Math.min(west, e);
    south = Math.min(south, n);
    east = Math.max(east, e);
    north = Math.max(north, n);
  }
  return [west, south, east, north];
}

export function boxOfSurface(surface: Surface): Box {
  return boxOf(ringsOf(surface).flat());
}

export function meet([w1, s1, e1, n1]: Box, [w2, s2, e2, n2]: Box, margin_m = 0): boolean {
  return w1 <= e2 + margin_m && w2 <= e1 + margin_m && s1 <= n2 + margin_m && s2 <= n1 + margin_m;
}

export function isInBox([e, n]: EastNorth, [west, south, east, north]: Box): boolean {
  return e >= west && e <= east && n >= south && n <= north;
}

function isInRing([e, n]: EastNorth, ring: Ring): boolean {
  let inside = false;
  for (const [a, b] of pairs(ring)) {
    if (a[1] > n !== b[1] > n && e < ((b[0] - a[0]) * (n - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** Whether a point lies in a surface; on the very edge either answer may come. */
export function holds(surface: Surface, point: EastNorth): boolean {
  return surface.coordinates.some(
    ([outer, ...holes]) =>
      outer !== undefined && isInRing(point, outer) && !holes.some((hole) => isInRing(point, hole)),
  );
}

/** The centre of gravity of the outer rings. */
export function centreOf(surface: Surface): EastNorth {
  const [origin] = verticesOf(surface);
  if (origin === undefined) return [0, 0];
  let [east, north, weight] = [0, 0, 0];
  for (const [outer] of surface.coordinates) {
    for (const [a, b] of pairs(outer ?? [])) {
      const [ae, an, be, bn] = [a[0] - origin[0], a[1] - origin[1], b[0] - origin[0], b[1] - origin[1]];
      const cross = (ae * bn - be * an);
      weight += cross;
      east += (ae + be) * cross;
      north += (an + bn) * cross;
    }
  }
  if (weight === 0) return origin;
  return [origin[0] + east / (3 * weight), origin[1] + north / (3 * weight)];
}

/** Change every vertex; rings stay closed because equal vertices change alike. */
export function mapped(surface: Surface, change: (vertex: EastNorth) => EastNorth): Surface {
  return surfaceOf(surface.coordinates.map((polygon) => polygon.map((ring) => ring.map(change))));
}

/** Take vertices that follow an equal one out of every ring; drop rings that no longer enclose ground. */
export function tidied(surface: Surface): Surface {
  const polygons: Ring[][] = [];
  for (const polygon of surface.coordinates) {
    const rings = polygon
      .map((ring) => ring.filter((vertex, i) => i === 0 || !isSame(vertex, ring[i - 1] ?? vertex)))
      .map((ring) => closed(ring));
    const [outer, ...holes] = rings;
    if (outer === undefined || outer.length < 4) continue;
    polygons.push([outer, ...holes.filter((hole) => hole.length >= 4)]);
  }
  return surfaceOf(polygons);
}

/** Whether two surfaces have the same vertices in the same order. */
export function isSameSurface(one: Surface, other: Surface): boolean {
  const [mine, theirs] = [ringsOf(one), ringsOf(other)];
  return (
    one.coordinates.length === other.coordinates.length &&
    mine.length === theirs.length &&
    mine.every((ring, i) => {
      const beside = theirs[i];
      return beside?.length === ring.length && ring.every((vertex, k) => isSame(vertex, beside[k] ?? [NaN, NaN]));
    })
  );
}
