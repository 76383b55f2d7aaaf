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
}

/** One norm looked at for one zone. `text` is a sentence in the language of the page. */
export interface NormFinding {
  readonly uid: string;
  readonly indicator: "density" | "storeys" | "floor_area_ratio" | "population" | "area";
  readonly state: NormState;
  readonly text: string;
  readonly reason: string;
  readonly norm: Norm;
}

/** Answer of …/norms. `edit` is the number of the last edit that was looked at. */
export interface NormAnswer {
  readonly edit: number;
  readonly on: string;
  readonly findings: readonly NormFinding[];
}
