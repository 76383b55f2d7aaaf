/** Right angles: while drawing, and of a zone that was drawn by eye. */
import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { bearing, distance, polar } from "./points";
import { surfaceOf, verticesOf } from "./surfaces";
import { SAME_M } from "./topology";

/** The place nearest to `point` that makes a right (or straight) angle with the edge `a`-`b`. */
export function squared(a: EastNorth, b: EastNorth, point: EastNorth): EastNorth {
  const along = bearing(a, b);
  const turn = ((bearing(b, point) - along) * Math.PI) / 180;
  const metres = distance(b, point);
  const quarter = Math.round((turn * 2) / Math.PI);
  const reach = metres * Math.cos(turn - (quarter * Math.PI) / 2);
  return polar(b, reach, along + quarter * 90);
}

/** Corners that are off by more than this were meant. */
const MEANT_DEGREES = 20;

/**
 * Turn the edges of a surface into the two directions of its longest edge where they nearly have them.
 *
 * Every edge within 20 degrees of one of the two is turned about its middle; the new corners are
 * where neighbouring edges then meet. Corners between edges that were not turned stay exactly.
 */
export function squareUp(surface: Surface): Surface {
  const main = longestBearing(surface);
  const polygons = surface.coordinates.map((polygon) => polygon.map((ring) => squareRing(ring, main)));
  return surfaceOf(polygons);
}

function longestBearing(surface: Surface): number {
  let [found, longest] = [0, 0];
  for (const polygon of surface.coordinates) {
    for (const ring of polygon) {
      ring.forEach((b, i) => {
        const a = ring[i - 1];
        if (a === undefined || distance(a, b) <= longest) return;
        [found, longest] = [bearing(a, b), distance(a, b)];
      });
    }
  }
  return found;
}

interface Line {
  readonly through: EastNorth;
  readonly degrees: number;
  readonly is_turned: boolean;
}

function squareRing(ring: Ring, main: number): Ring {
  const corners = ring.slice(0, -1);
  const lines: Line[] = corners.map((a, i) => {
    const b = corners[(i + 1) % corners.length] ?? a;
    const degrees = bearing(a, b);
    const off = ((((degrees - main) % 90) + 135) % 90) - 45;
    const is_turned = Math.abs(off) <= MEANT_DEGREES;
    return { through: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], degrees: is_turned ? degrees - off : degrees, is_turned };
  });
  const result = corners.map((corner, i) => {
    const [before, after] = [lines[(i + lines.length - 1) % lines.length], lines[i]];
    if (before === undefined || after === undefined || !(before.is_turned || after.is_turned)) return corner;
    const to = meeting(before, after) ?? corner;
    return to;
  });
  const [first] = result;
  return first === undefined ? ring : [...result, first];
}

/** Where two lines meet; null where they run (almost) the same way. */
function meeting(one: Line, other: Line): EastNorth | null {
  const [a, c] = [one.through, other.through];
  const [b, d] = [polar(a, 1, one.degrees), polar(c, 1, other.degrees)];
  const [re, rn, se, sn] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const across = re * sn - rn * se;
  if (Math.abs(across) < 0.05) return null;
  const t = ((c[0] - a[0]) * sn - (c[1] - a[1]) * se) / across;
  return [a[0] + t * re, a[1] + t * rn];
}

/** Where every vertex of a surface went; what rounding alone moved stayed. */
export function movesBetween(before: Surface, after: Surface): readonly (readonly [EastNorth, EastNorth])[] {
  const to = verticesOf(after);
  return verticesOf(before).flatMap((from, i) => {
    const now = to[i];
    return now === undefined || distance(from, now) <= SAME_M ? [] : [[from, now] as const];
  });
}
