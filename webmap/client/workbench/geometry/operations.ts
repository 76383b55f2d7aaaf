/** What the tools do to zones, as sums over surfaces. Each returns new surfaces and leaves the old. */
import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { buffer, type Corners, difference, faces, intersection, isSound, strip, union } from "./overlay";
import { CannotDo } from "./trouble";
import { bearing, distanceTo, footAt, isSame, keyOf, polar } from "./points";
import { area_m2, closed, enclosed, holds, pairs, ringsOf, segmentsOf, surfaceOf, verticesOf } from "./surfaces";
import { type Named, SAME_M, withVertex } from "./topology";

/** Less ground than this is what rounding leaves, not what somebody drew: 1 cm². */
export const NOTHING_M2 = 1e-4;

/** Both surfaces with the other's vertices on their edges, so that common edges are common exactly. */
export function matched(one: Surface, other: Surface): readonly [Surface, Surface] {
  const mine = verticesOf(other).reduce(withVertex, one);
  return [mine, verticesOf(mine).reduce(withVertex, other)];
}

/** Cut `gone` out of `whole`. */
export function without(whole: Surface, gone: Surface): Surface {
  const [mine, theirs] = matched(whole, gone);
  return substantial(difference(mine, theirs));
}

function substantial(surface: Surface): Surface {
  return surfaceOf(surface.coordinates.filter((polygon) => area_m2(surfaceOf([polygon])) > NOTHING_M2));
}

/** A new surface from drawn corners, kept to the ground that `taken` leaves free. */
export function drawn(corners: Ring, taken: readonly Surface[]): Surface {
  const whole = enclosed(corners);
  if (!isSound(whole)) throw new CannotDo("crosses_itself");
  return clipped(whole, taken);
}

/** A surface kept to the ground that `taken` leaves free. */
export function clipped(whole: Surface, taken: readonly Surface[]): Surface {
  const left = taken.reduce(without, whole);
  if (area_m2(left) <= NOTHING_M2) throw new CannotDo("nothing_left");
  return left;
}

/** A zone with a hole. */
export function holed(zone: Surface, corners: Ring): Surface {
  const hole = enclosed(corners);
  if (!isSound(hole)) throw new CannotDo("crosses_itself");
  const left = without(zone, hole);
  if (area_m2(left) <= NOTHING_M2) throw new CannotDo("nothing_left");
  if (area_m2(zone) - area_m2(left) <= NOTHING_M2) throw new CannotDo("not_touching");
  return left;
}

/** The zone's rings and the lines, each with the other's vertices on it. */
function prepared(zone: Surface, lines: readonly Ring[]): readonly [Surface, readonly Ring[]] {
  const whole = lines.flat().reduce(withVertex, zone);
  const corners = verticesOf(whole);
  return [whole, lines.map((line) => corners.reduce(lineWith, line))];
}

function lineWith(line: Ring, vertex: EastNorth): Ring {
  if (line.some((one) => isSame(one, vertex))) return line;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1], line[i]];
    if (a === undefined || b === undefined) continue;
    const along = footAt(vertex, a, b);
    if (along > 0 && along < 1 && distanceTo(vertex, a, b) <= SAME_M) return [...line.slice(0, i), vertex, ...line.slice(i)];
  }
  return line;
}

/** A point inside a face: of a thin one as well. */
function insideOf(face: Surface): EastNorth {
  const [outer] = ringsOf(face);
  const ring = outer ?? [];
  // Of any three corners in a row, the middle of the ear lies inside or the ring bends outwards there.
  for (const [i, b] of ring.entries()) {
    const [a, c] = [ring[i - 1], ring[i + 1]];
    if (a === undefined || c === undefined) continue;
    for (const share of [0.5, 0.1, 0.01, 0.001]) {
      const middle: EastNorth = [
        b[0] + (share * (a[0] + c[0] - 2 * b[0])) / 2,
        b[1] + (share * (a[1] + c[1] - 2 * b[1])) / 2,
      ];
      if (holds(face, middle)) return middle;
    }
  }
  return ring[0] ?? [NaN, NaN];
}

/**
 * Cut a zone along lines.
 *
 * The largest piece comes first and keeps the zone's further parts that no line meets.
 */
export function split(zone: Surface, lines: readonly Ring[]): Surface[] {
  const [whole, cuts] = prepared(zone, lines);
  const pieces: Surface[] = [];
  const uncut: Surface["coordinates"][number][] = [];
  for (const polygon of whole.coordinates) {
    const part = surfaceOf([polygon]);
    const found = faces([...polygon, ...cuts]).filter((face) => holds(part, insideOf(face)));
    if (found.length > 1) pieces.push(...found);
    else uncut.push(polygon);
  }
  if (pieces.length === 0) throw new CannotDo("not_across");
  pieces.sort((one, other) => area_m2(other) - area_m2(one));
  const [largest, ...others] = pieces;
  return [surfaceOf([...(largest?.coordinates ?? []), ...uncut]), ...others];
}

/** Put zones together; they must touch along an edge. */
export function merged(zones: readonly Surface[]): Surface {
  const shared = zones.map((zone) => zones.flatMap(verticesOf).reduce(withVertex, zone));
  return union(shared);
}

/** The length of what the edges of two surfaces have in common, in metres. */
export function commonEdge_m(one: Surface, other: Surface): number {
  const [mine, theirs] = matched(one, other);
  const there = new Set(segmentsOf(theirs).flatMap(([a, b]) => [`${keyOf(a)} ${keyOf(b)}`, `${keyOf(b)} ${keyOf(a)}`]));
  return segmentsOf(mine)
    .filter(([a, b]) => there.has(`${keyOf(a)} ${keyOf(b)}`))
    .reduce((sum, [a, b]) => sum + Math.hypot(b[0] - a[0], b[1] - a[1]), 0);
}

/** Give a zone the course of a line between the first and the last place where it meets the edge. */
export function reshaped(zone: Surface, line: Ring): Surface {
  const [whole, [cut = []]] = prepared(zone, [line]);
  const met: Surface["coordinates"][number][] = [];
  const polygons = whole.coordinates.flatMap((polygon) => {
    const part = surfaceOf([polygon]);
    const all = faces([...polygon, cut]);
    const inside = all.filter((face) => holds(part, insideOf(face)));
    // Ground that the line encloses with the edge from outside; a hole is outside too, but no line made it.
    const holes = polygon.slice(1).map((hole) => area_m2(enclosed(hole)));
    const outside = all.filter(
      (face) => !inside.includes(face) && !holes.some((m2) => Math.abs(m2 - area_m2(face)) <= NOTHING_M2),
    );
    if (inside.length + outside.length < 2) return [polygon];
    met.push(polygon);
    inside.sort((one, other) => area_m2(other) - area_m2(one));
    return union([...inside.slice(0, 1), ...outside]).coordinates;
  });
  if (met.length === 0) throw new CannotDo("not_across");
  return surfaceOf(polygons);
}

/**
 * Reshape a zone and let its neighbours follow.
 *
 * Ground that it gains leaves the neighbours; ground that it gives up goes to the neighbour that has
 * the longest edge with it. Returns what changed, the zone among it.
 */
export function reshapedWithNeighbours(uid: string, zones: Named, line: Ring): Map<string, Surface> {
  const before = zones.get(uid);
  if (before === undefined) throw new CannotDo("no_ground");
  const after = reshaped(before, line);
  const changed = new Map([[uid, after]]);
  const gained = without(after, before);
  const lost = without(before, after);
  const neighbours = new Map([...zones].filter(([name]) => name !== uid));
  for (const [name, surface] of neighbours) {
    const left = gained.coordinates.length > 0 ? without(surface, gained) : surface;
    if (area_m2(surface) - area_m2(left) > NOTHING_M2 && area_m2(left) > NOTHING_M2) changed.set(name, left);
  }
  for (const polygon of lost.coordinates) {
    const piece = surfaceOf([polygon]);
    let [taker, longest] = ["", SAME_M];
    for (const [name, surface] of neighbours) {
      const common = commonEdge_m(surface, piece);
      if (common > longest) [taker, longest] = [name, common];
    }
    const surface = changed.get(taker) ?? neighbours.get(taker);
    if (surface !== undefined) changed.set(taker, merged([surface, piece]));
  }
  return changed;
}

/** The ground within `metres` of zones. */
export function buffered(zones: readonly Surface[], metres: number, corners: Corners): Surface {
  const grown = buffer(zones.length === 1 && zones[0] ? zones[0] : merged(zones), metres, corners);
  if (area_m2(grown) <= NOTHING_M2) throw new CannotDo("nothing_left");
  return grown;
}

/** A strip along an axis, `left` and `right` metres wide as one walks along it (red lines of a street). */
export function offset(axis: Ring, left: number, right: number): Surface {
  if (axis.length < 2 || left + right <= 0) throw new CannotDo("no_ground");
  if (left === right) return strip(axis, left, "sharp");
  const ring = enclosed([...beside(axis, -left), ...beside(axis, right).reverse()]);
  if (isSound(ring)) return ring;
  // A bend sharper than the strip is wide: what lies within either side's reach, on that side.
  const narrow = strip(axis, Math.min(left, right), "sharp");
  const wide = strip(axis, Math.max(left, right), "sharp");
  const side = enclosed([...axis, ...beside(axis, left > right ? -left : right).reverse()]);
  return union([narrow, intersection(wide, union(ringsOf(side).map((one) => enclosed(one)).filter(isSound)))]);
}

/** The line `metres` to the right of another (less than zero: to the left), its corners mitred. */
export function beside(line: Ring, metres: number): EastNorth[] {
  const parallels = pairs(line).map(([a, b]) => {
    const across = bearing(a, b) + 90;
    return [polar(a, metres, across), polar(b, metres, across)] as const;
  });
  const found: EastNorth[] = [];
  parallels.forEach(([a, b], i) => {
    const next = parallels[i + 1];
    if (i === 0) found.push(a);
    found.push(next === undefined ? b : mitre([a, b], next));
  });
  return found;
}

function mitre([a, b]: readonly [EastNorth, EastNorth], [c, d]: readonly [EastNorth, EastNorth]): EastNorth {
  const [re, rn, se, sn] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const across = re * sn - rn * se;
  // In one line there is no crossing, and the ends meet.
  if (Math.abs(across) < 1e-9 * Math.hypot(re, rn) * Math.hypot(se, sn)) return b;
  const t = ((c[0] - a[0]) * sn - (c[1] - a[1]) * se) / across;
  return [a[0] + t * re, a[1] + t * rn];
}

/** Closed rings of a surface as lines to cut with. */
export function edgesOf(surface: Surface): readonly Ring[] {
  return ringsOf(surface).map(closed);
}
