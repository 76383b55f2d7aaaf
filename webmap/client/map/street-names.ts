/** On which piece of a street its name is written: a street comes in pieces between junctions. */
import type { FeatureLike } from "ol/Feature";

import type { DrawLabel } from "../api/types";

/** Mean width of a letter, in its size. */
const LETTER = 0.56;

/** Length of a line whose coordinates follow each other, in units of the map. */
export function lengthOf(flat: readonly number[]): number {
  let length = 0;
  for (let at = 2; at + 1 < flat.length; at += 2) {
    length += Math.hypot(
      (flat[at] ?? 0) - (flat[at - 2] ?? 0),
      (flat[at + 1] ?? 0) - (flat[at - 1] ?? 0),
    );
  }
  return length;
}

/**
 * Gives each square of the map one piece for each name: the first that is long enough.
 *
 * Owns which piece has which square. Public: `has`.
 */
export class StreetNames {
  private readonly given = new Map<string, string>();

  /** Whether this piece is the one that bears the name here. */
  has(feature: FeatureLike, words: string, label: DrawLabel, resolution: number): boolean {
    const geometry = feature.getGeometry();
    if (geometry === undefined || !("getFlatCoordinates" in geometry)) return false;
    const flat = geometry.getFlatCoordinates();
    if (lengthOf(flat) / resolution < words.length * label.size_px * LETTER) return false;
    // Squares of whole zooms, so that names stay where they are while somebody zooms a little.
    const zoom = Math.round(Math.log2(resolution));
    const side = label.apart_px * 1.5 * 2 ** zoom;
    const [west = 0, south = 0, east = 0, north = 0] = geometry.getExtent();
    const square = [(west + east) / 2, (south + north) / 2].map((at) => Math.floor(at / side));
    const key = `${words} ${String(zoom)} ${square.join()}`;
    const piece = [west, south, east, north].map(Math.round).join();
    const bearer = this.given.get(key);
    if (bearer === undefined) this.given.set(key, piece);
    return bearer === undefined || bearer === piece;
  }
}
