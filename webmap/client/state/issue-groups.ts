/** What looks wrong in a network of streets, by its kind. */
import type { NetworkIssue, NetworkQuality } from "../api/reach-types";

export interface IssueGroup {
  readonly kind: string;
  /** How many there are, also of those that are not listed. */
  readonly count: number;
  readonly metres: number;
  readonly issues: readonly NetworkIssue[];
  /** There is nothing to mend: the data end here, or it is so by intention. */
  readonly isMild: boolean;
}

/** Ends of the data and bridges that stand alone are no faults. */
const MILD: readonly string[] = ["dead_ends", "dead_ends_at_rim", "comes_from_nowhere", "leads_nowhere", "access_unknown", "barriers_unknown"];

/** Return the kinds that were found at all; what wants mending first, then the most frequent. */
export function issueGroups({ counts, metres, issues }: NetworkQuality, kinds: readonly string[]): readonly IssueGroup[] {
  const listed = new Map<string, NetworkIssue[]>();
  for (const issue of issues) listed.set(issue.kind, [...(listed.get(issue.kind) ?? []), issue]);
  return kinds
    .map((kind) => ({ kind, count: counts[kind] ?? 0, metres: metres[kind] ?? 0, issues: listed.get(kind) ?? [], isMild: MILD.includes(kind) }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => Number(one.isMild) - Number(other.isMild) || other.count - one.count);
}
