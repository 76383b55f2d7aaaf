/** Which colour a zone has when the map shows a function or an indicator. */
import { largestOf, parseBounds } from "./bounds";
import type { PlanFunction, Zone } from "../api/draft-types";

export const STYLES = ["function", "density", "storeys", "floor_area_ratio", "population"] as const;
export type StyleBy = (typeof STYLES)[number];

/** From light to dark: the order is seen without telling hues apart. */
export const RAMP = ["#fdf0b8", "#f5c46a", "#e08b4c", "#b1504d", "#74295b", "#2d1146"] as const;
/** The zone says nothing. */
export const SILENT = "#dedede";
/** The zone says something that is no number. */
export const UNREADABLE = "#8f99a3";
/** The function is not in the list. */
export const UNKNOWN = "#ffffff";

export interface LegendLine {
  readonly colour: string;
  readonly name: LegendName;
  /** As many of the zones as are drawn so. */
  readonly count: number;
}
export type LegendName =
  | { readonly kind: "function"; readonly of: PlanFunction }
  | { readonly kind: "class"; readonly above: number | null; readonly to: number | null }
  | { readonly kind: "silent" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "unknown" };

/**
 * Upper ends of the classes, the last class being open.
 *
 * Fixed, so that the same colour means the same on every plan: density by fifths, storeys at the
 * heights where rules of fire and lifts change, floor-area ratio by doubling, people a hectare.
 */
const UPPER: Readonly<Record<Exclude<StyleBy, "function">, readonly number[]>> = {
  density: [10, 20, 40, 60, 80],
  storeys: [1, 3, 5, 9, 20],
  floor_area_ratio: [0.5, 1, 2, 4, 8],
  population: [50, 100, 200, 400, 800],
};

const M2_PER_HECTARE = 10_000;

/** Return the colour of `zone`. */
export function colourOf(zone: Zone, by: StyleBy, functions: readonly PlanFunction[]): string {
  if (by === "function") return codes(functions).get(zone.function)?.colour ?? UNKNOWN;
  const value = valueOf(zone, by);
  if (value === null) return SILENT;
  if (value === undefined) return UNREADABLE;
  return RAMP[classOf(value, by)] ?? UNREADABLE;
}

/** Return what the colours mean, with how many zones have each; what no zone has is left out. */
export function legendOf(
  by: StyleBy,
  functions: readonly PlanFunction[],
  among: readonly Zone[],
): readonly LegendLine[] {
  return (by === "function" ? functionLines(functions, among) : classLines(by, among)).filter(
    (line) => line.count > 0,
  );
}

/** Return people a hectare, or the largest value that the zone allows; undefined: not readable. */
export function valueOf(zone: Zone, by: Exclude<StyleBy, "function">): number | null | undefined {
  if (by === "population") {
    if (zone.population === null) return null;
    return zone.area_m2 > 0 ? (zone.population / zone.area_m2) * M2_PER_HECTARE : undefined;
  }
  if (zone[by].trim() === "") return null;
  return largestOf(parseBounds(zone[by])) ?? undefined;
}

const known = new WeakMap<readonly PlanFunction[], ReadonlyMap<string, PlanFunction>>();

/** Return functions by their code; looked up for every zone that is drawn. */
export function codes(functions: readonly PlanFunction[]): ReadonlyMap<string, PlanFunction> {
  const made = known.get(functions) ?? new Map(functions.map((one) => [one.code, one]));
  known.set(functions, made);
  return made;
}

function classOf(value: number, by: Exclude<StyleBy, "function">): number {
  const place = UPPER[by].findIndex((upper) => value <= upper);
  return place === -1 ? UPPER[by].length : place;
}

function functionLines(functions: readonly PlanFunction[], among: readonly Zone[]): LegendLine[] {
  const counts = new Map<string, number>();
  for (const zone of among) counts.set(zone.function, (counts.get(zone.function) ?? 0) + 1);
  const lines = functions.map((of): LegendLine => {
    const count = counts.get(of.code) ?? 0;
    counts.delete(of.code);
    return { colour: of.colour, name: { kind: "function", of }, count };
  });
  const others = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...lines, { colour: UNKNOWN, name: { kind: "unknown" }, count: others }];
}

function classLines(by: Exclude<StyleBy, "function">, among: readonly Zone[]): LegendLine[] {
  const counts = new Map<string, number>();
  for (const zone of among) {
    const colour = colourOf(zone, by, []);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const line = (colour: string, name: LegendName): LegendLine => ({
    colour,
    name,
    count: counts.get(colour) ?? 0,
  });
  return [
    ...RAMP.map((colour, place) =>
      line(colour, {
        kind: "class",
        above: UPPER[by][place - 1] ?? null,
        to: UPPER[by][place] ?? null,
      }),
    ),
    line(SILENT, { kind: "silent" }),
    line(UNREADABLE, { kind: "unreadable" }),
  ];
}
