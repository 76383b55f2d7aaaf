/** What the check against planning norms says. */

/** Met, not met, or not decided: then `reason` says why. */
export type NormState = "met" | "not_met" | "not_checked";

/** The row of the table of norms that a finding speaks of, in the table's own words. */
export interface Norm {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly unit: string;
  readonly source: string;
  readonly in_force: string;
  readonly confidence: string;
  readonly note: string;
  /** Source, days and confidence in one line of the page's language. */
  readonly basis: string;
}

/** One norm looked at for one zone. `text` is a sentence in the language of the page. */
export interface NormFinding {
  readonly uid: string;
  readonly indicator: "density" | "floor_area_ratio" | "scale";
  readonly state: NormState;
  readonly text: string;
  readonly reason: string;
  readonly norm: Norm;
}

/** Answer of …/norms; `on` is the day for which norms were looked up, that on which the plan takes effect. */
export interface NormAnswer {
  readonly on: string;
  readonly counts: Readonly<Record<NormState, number>>;
  readonly plan: readonly NormFinding[];
  readonly findings: readonly NormFinding[];
  /** Norms that no single zone can decide. */
  readonly undecided: readonly Norm[];
}
