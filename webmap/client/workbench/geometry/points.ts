/** Points and segments in the plane, in metres: east, north. */
import type { EastNorth } from "../../api/draft-types";

export function distance([e1, n1]: EastNorth, [e2, n2]: EastNorth): number {
  return Math.hypot(e2 - e1, n2 - n1);
}

export function isSame([e1, n1]: EastNorth, [e2, n2]: EastNorth): boolean {
  return e1 === e2 && n1 === n2;
}

/** The bearing from one point to another: degrees from grid north, clockwise, 0 up to 360. */
export function bearing([e1, n1]: EastNorth, [e2, n2]: EastNorth): number {
  const degrees = (Math.atan2(e2 - e1, n2 - n1) * 180) / Math.PI;
  return degrees < 0 ? degrees + 360 : degrees;
}

/** The point that lies `metres` from another in a bearing. */
export function polar([east, north]: EastNorth, metres: number, degrees: number): EastNorth {
  const turn = (degrees * Math.PI) / 180;
  return [east + metres * Math.sin(turn), north + metres * Math.cos(turn)];
}

/** Where on a segment a point's foot lies: 0 at `a`, 1 at `b`, kept between. */
export function footAt([e, n]: EastNorth, [e1, n1]: EastNorth, [e2, n2]: EastNorth): number {
  const [de, dn] = [e2 - e1, n2 - n1];
  const square = de * de + dn * dn;
  if (square === 0) return 0;
  return Math.min(1, Math.max(0, ((e - e1) * de + (n - n1) * dn) / square));
}

/** The point of a segment that is nearest to `point`: an end exactly where that is an end. */
export function nearestOn(point: EastNorth, a: EastNorth, b: EastNorth): EastNorth {
  const along = footAt(point, a, b);
  if (along === 0) return a;
  if (along === 1) return b;
  return [a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])];
}

export function distanceTo(point: EastNorth, a: EastNorth, b: EastNorth): number {
  return distance(point, nearestOn(point, a, b));
}

/** Where two segments cross between their ends; null where they do not, or lie on one line. */
export function crossing(a: EastNorth, b: EastNorth, c: EastNorth, d: EastNorth): EastNorth | null {
  const [re, rn] = [b[0] - a[0], b[1] - a[1]];
  const [se, sn] = [d[0] - c[0], d[1] - c[1]];
  const across = re * sn - rn * se;
  if (across === 0) return null;
  const t = ((c[0] - a[0]) * sn - (c[1] - a[1]) * se) / across;
  const u = ((c[0] - a[0]) * rn - (c[1] - a[1]) * re) / across;
  if (t <= 0 || t >= 1 || u <= 0 || u >= 1) return null;
  return [a[0] + t * re, a[1] + t * rn];
}

/** Turn a point about another, degrees clockwise as bearings go. */
export function turned([e, n]: EastNorth, [ce, cn]: EastNorth, degrees: number): EastNorth {
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [de, dn] = [e - ce, n - cn];
  return [ce + de * cos + dn * sin, cn - de * sin + dn * cos];
}

/** A key under which equal coordinates are found: to the last bit. */
export function keyOf([east, north]: EastNorth): string {
  return `${east} ${north}`;
}
