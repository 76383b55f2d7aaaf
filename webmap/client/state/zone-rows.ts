/** Which zones a table shows, in which order, and which of them are on screen. */
import { largestOf, parseBounds } from "./bounds";
import { type Field, folded, isIndicator } from "./content";
import type { PlanFunction, Zone } from "../api/draft-types";

export type SortKey = Field | "area_m2";

export interface Order {
  readonly by: SortKey;
  readonly isDescending: boolean;
}

export interface Filter {
  /** Words that must all be found. */
  readonly words: string;
  /** Code of a function; empty: all. */
  readonly function: string;
  /** Only these zones; null: all. */
  readonly among: ReadonlySet<string> | null;
}

export const NO_FILTER: Filter = { words: "", function: "", among: null };

/** Return the zones that `filter` lets through, in `order`. */
export function rowsOf(
  zones: readonly Zone[],
  filter: Filter,
  order: Order,
  functions: ReadonlyMap<string, PlanFunction>,
): readonly Zone[] {
  const words = folded(filter.words).split(/\s+/).filter((word) => word !== "");
  const shown = zones.filter(
    (zone) =>
      (filter.function === "" || zone.function === filter.function) &&
      (filter.among === null || filter.among.has(zone.uid)) &&
      hasWords(zone, words, functions),
  );
  return sorted(shown, order, functions);
}

function hasWords(zone: Zone, words: readonly string[], functions: ReadonlyMap<string, PlanFunction>): boolean {
  if (words.length === 0) return true;
  const of = functions.get(zone.function);
  const text = folded(
    [
      zone.label,
      zone.function,
      of?.name_vi ?? "",
      of?.name_en ?? "",
      zone.land_use_code,
      zone.density,
      zone.storeys,
      zone.floor_area_ratio,
      zone.note,
    ].join(" "),
  );
  return words.every((word) => text.includes(word));
}

// "LK-2" comes before "LK-10", as people number their blocks.
const letters = new Intl.Collator("vi", { numeric: true, sensitivity: "base" });

function sorted(
  zones: readonly Zone[],
  { by, isDescending }: Order,
  functions: ReadonlyMap<string, PlanFunction>,
): readonly Zone[] {
  const keyed = zones.map((zone) => ({ zone, key: keyOf(zone, by, functions) }));
  const sign = isDescending ? -1 : 1;
  keyed.sort((a, b) => {
    // What says nothing stands at the end in either order.
    if (a.key === "" || b.key === "") return Number(a.key === "") - Number(b.key === "") || tie(a.zone, b.zone);
    const apart =
      typeof a.key === "number" && typeof b.key === "number"
        ? a.key - b.key
        : letters.compare(String(a.key), String(b.key));
    return sign * apart || tie(a.zone, b.zone);
  });
  return keyed.map(({ zone }) => zone);
}

function tie(a: Zone, b: Zone): number {
  return letters.compare(a.label, b.label) || (a.uid < b.uid ? -1 : 1);
}

function keyOf(zone: Zone, by: SortKey, functions: ReadonlyMap<string, PlanFunction>): string | number {
  if (by === "function") return functions.get(zone.function)?.name_vi ?? zone.function;
  if (isIndicator(by)) return largestOf(parseBounds(zone[by])) ?? zone[by].trim();
  return zone[by] ?? "";
}

export interface Window {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** Rows drawn above and below what is seen, so that scrolling shows no blank. */
const SPARE = 12;

/** Return which rows of `count` are drawn when the list is scrolled to `top`; all in pixels. */
export function windowOf(count: number, { top, height, row }: { top: number; height: number; row: number }): Window {
  const first = Math.max(0, Math.min(Math.floor(top / row), count) - SPARE);
  return { first, end: Math.min(count, Math.ceil((top + height) / row) + SPARE) };
}

/** Say whether a list holds other zones than the one before it, or in another order. */
export function isOtherList(list: readonly Zone[], before: readonly Zone[] | undefined): boolean {
  return before?.length !== list.length || list.some((zone, at) => zone !== before[at]);
}

export function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string> | null): boolean {
  return b !== null && a.size === b.size && [...a].every((one) => b.has(one));
}
