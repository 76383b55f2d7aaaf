/** Measures of the sketch or, without one, of the selection. */
import type { Surface } from "../api/draft-types";
import type { Bench } from "./bench";
import { type Measures, NO_MEASURES } from "./elements/sketch-line";
import { neighboursOf } from "./geometry/neighbours";
import { bearing, distance } from "./geometry/points";
import { area_m2, boxOfSurface, length_m, perimeter_m } from "./geometry/surfaces";
import type { Sketch } from "./sketch";

/** Measure what is drawn; `faults` is what the last check said of it. */
export function measure(bench: Bench, sketch: Sketch, faults: number | null): Measures {
  const drawn = (sketch.surfaces ?? []).filter(({ look }) => look === "new" || look === "changed").map(({ surface }) => surface);
  const rubber = sketch.lines?.find(({ look }) => look === "rubber" || look === "guide")?.points;
  const [a, b] = [rubber?.at(-2), rubber?.at(-1)];
  const edge = a !== undefined && b !== undefined ? { edge_m: distance(a, b), bearing: bearing(a, b) } : { edge_m: null, bearing: null };
  if (drawn.length > 0) return { ...sumOf(drawn), ...edge, neighbours: namesBeside(bench, drawn), faults };
  const line = [...bench.tool.points, ...(rubber?.slice(1) ?? [])];
  if (line.length > 1) return { ...NO_MEASURES, length_m: length_m(line), ...edge };
  const selected = bench.selected().map(({ boundary }) => boundary);
  if (selected.length === 0) return NO_MEASURES;
  return { ...NO_MEASURES, ...sumOf(selected), neighbours: namesBeside(bench, selected) };
}

function sumOf(surfaces: readonly Surface[]): { area_m2: number; length_m: number } {
  return {
    area_m2: surfaces.reduce((sum, one) => sum + area_m2(one), 0),
    length_m: surfaces.reduce((sum, one) => sum + perimeter_m(one), 0),
  };
}

function namesBeside(bench: Bench, surfaces: readonly Surface[]): readonly string[] {
  const own = new Set(bench.selection);
  const names = new Set<string>();
  for (const surface of surfaces) {
    const zones = bench.zonesIn(boxOfSurface(surface)).filter(({ uid }) => !own.has(uid));
    const named = zones.map((zone) => [zone.label === "" ? "–" : zone.label, zone.boundary] as const);
    for (const name of neighboursOf(surface, named)) names.add(name);
  }
  return [...names].sort();
}
