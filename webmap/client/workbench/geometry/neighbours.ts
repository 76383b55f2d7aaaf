/** Which zones lie along an edge of a drawing. */
import type { Surface } from "../../api/draft-types";
import { keyOf } from "./points";
import { segmentsOf } from "./surfaces";

/** The names of the zones that have a whole edge in common with a surface. */
export function neighboursOf(surface: Surface, zones: Iterable<readonly [string, Surface]>): string[] {
  const mine = new Set(segmentsOf(surface).flatMap(([a, b]) => [`${keyOf(a)} ${keyOf(b)}`, `${keyOf(b)} ${keyOf(a)}`]));
  const found: string[] = [];
  for (const [name, other] of zones) {
    if (segmentsOf(other).some(([a, b]) => mine.has(`${keyOf(a)} ${keyOf(b)}`))) found.push(name);
  }
  return found;
}
