/** Numbers, angles and coordinates as people write them on Vietnamese papers. */
import type { EastNorth } from "../../api/draft-types";

/**
 * Below this no northing of the mainland or its islands lies (8.4° north is 929 km), above it no
 * easting (500 km and 3.5 degrees): so a pair of numbers says itself which is which.
 */
const NORTH_LEAST_M = 880_000;
/** No easting of a VN-2000 zone is less: 3.5 degrees west of the meridian. */
const EAST_LEAST_M = 100_000;
const NORTH_MOST_M = 2_650_000;

/** Which number of a pair comes first: X is north and Y is east on Vietnamese papers. */
export type Order = "guessed" | "north_first" | "east_first";

/** Return the number in a text with decimal comma or point, groups of thousands or not; null for none. */
export function readNumber(text: string): number | null {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(/m²?$/i, "");
  if (!/^[-+]?[\d.,]*\d[\d.,]*$/.test(bare)) return null;
  const separators = bare.replace(/[^.,]/g, "");
  const last = separators.at(-1);
  let plain = bare;
  if (last !== undefined) {
    const is_grouped = separators.length > 1 && separators === last.repeat(separators.length);
    if (is_grouped) plain = bare.replaceAll(last, "");
    else {
      const cut = bare.lastIndexOf(last);
      plain = `${bare.slice(0, cut).replace(/[.,]/g, "")}.${bare.slice(cut + 1)}`;
    }
  }
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** Return degrees from "125.5", "125,5", "125°30'20\"" or "125 30 20"; null where it is no angle. */
export function readDegrees(text: string): number | null {
  const trimmed = text.trim().replace(/[NSEWBĐTnsewbđt]\s*$/u, "").trim();
  const parts = trimmed.split(/[°º'’′"”″\s]+/u).filter((part) => part !== "");
  if (parts.length === 0 || parts.length > 3) return null;
  const values = parts.map(readNumber);
  let degrees = 0;
  for (const [i, value] of values.entries()) {
    if (value === null || (i > 0 && (value < 0 || value >= 60))) return null;
    degrees += (i > 0 && (values[0] ?? 0) < 0 ? -value : value) / 60 ** i;
  }
  // South and west are less than zero; T is tây (west), N alone may be nam or north and stays.
  return /[SWT]\s*$/iu.test(text.trim()) ? -Math.abs(degrees) : degrees;
}

/** Whether a number can be a coordinate of the grid at all. */
export function isCoordinate(value: number): boolean {
  return value >= EAST_LEAST_M && value <= NORTH_MOST_M;
}

/** Put two numbers in the order east, north; null where `guessed` cannot tell. */
export function ordered(first: number, second: number, order: Order): EastNorth | null {
  if (order === "north_first") return [second, first];
  if (order === "east_first") return [first, second];
  if (first >= NORTH_LEAST_M && second < NORTH_LEAST_M) return [second, first];
  if (second >= NORTH_LEAST_M && first < NORTH_LEAST_M) return [first, second];
  return null;
}
