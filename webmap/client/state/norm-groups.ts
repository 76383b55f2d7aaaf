/** Rows of the table of services, parted by what they came to. */
import type { NormCheck, NormRow, ReachState } from "../api/reach-types";

export interface NormGroups {
  readonly counts: Readonly<Record<ReachState, number>>;
  /** Those that hold on the day, the worst first. */
  readonly held: readonly NormRow[];
  /** Those that do not: they ended, or do not hold yet. */
  readonly others: readonly NormRow[];
}

const NOT_NOW: readonly string[] = ["ended", "not_yet"];
const ORDER: Readonly<Record<ReachState, number>> = { not_met: 0, not_checked: 1, met: 2 };

/** Part the rows; none of them is lost. */
export function normGroups({ rows }: NormCheck): NormGroups {
  const isNow = ({ parts }: NormRow): boolean => parts.length === 0 || parts.some(({ reason }) => !NOT_NOW.includes(reason));
  const held = rows.filter(isNow).sort((one, other) => ORDER[one.state] - ORDER[other.state]);
  const count = (state: ReachState): number => held.filter((row) => row.state === state).length;
  return {
    counts: { met: count("met"), not_met: count("not_met"), not_checked: count("not_checked") },
    held, others: rows.filter((row) => !isNow(row)),
  };
}
