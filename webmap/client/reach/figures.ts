/** Picking what a part of the page shows out of the figures of a run. */
import type { Figure, KindView, Measure, NormView } from "../api/reach-types";

/** The share that decides whether a norm is met: that of the street, or of the straight line. */
export function decisive(figures: readonly Figure[], kind: string, norm: NormView, unit = ""): Figure | undefined {
  const measure: Measure = norm.measured === "straight" ? "straight" : "share_within";
  return figures.find((one) => one.kind === kind && one.norm === norm.id && one.measure === measure && one.unit === unit);
}

/** The norm of a kind that is shown if nobody chose one: the first that says something of people. */
export function firstNorm(figures: readonly Figure[], kind: KindView): NormView | null {
  const [with_, without] = [(norm: NormView) => (decisive(figures, kind.code, norm)?.people ?? 0) > 0, kind.norms];
  return without.find(with_) ?? without.find(({ limit_m }) => limit_m !== null) ?? null;
}

/** The chosen norm of a kind, or the one that is shown at first. */
export function normOf(figures: readonly Figure[], kind: KindView, chosen: string): NormView | null {
  return kind.norms.find(({ id }) => id === chosen) ?? firstNorm(figures, kind);
}

export function figureOf(
  figures: readonly Figure[], kind: string, measure: Measure, { unit = "", mode = "walk", norm }: { unit?: string; mode?: string; norm?: string } = {},
): Figure | undefined {
  return figures.find((one) => one.kind === kind && one.measure === measure && one.unit === unit && one.mode === mode && (norm === undefined || one.norm === norm));
}

/** A number among what a figure rests on; 0 if it is not there. */
export function numberIn(figure: Figure | undefined, name: string): number {
  const value = figure?.values[name];
  return typeof value === "number" ? value : 0;
}

export function textIn(figure: Figure | undefined, name: string): string {
  const value = figure?.values[name];
  return typeof value === "string" ? value : "";
}

/** People within, not known, and beyond, as shares of all; null where nobody is counted. */
export interface Parts { readonly covered: number; readonly unknown: number; readonly beyond: number }

export function partsOf(figure: Figure | undefined): Parts | null {
  if (figure === undefined || figure.low === null || figure.high === null) return null;
  return { covered: figure.low, unknown: Math.max(0, figure.high - figure.low), beyond: Math.max(0, 1 - figure.high) };
}
