/** The difference between two runs in numbers. */
import type { Difference } from "../api/conflict-types";
import { gettext, interpolate, ngettext } from "../text/gettext";

export interface Counts {
  readonly new: number;
  readonly solved: number;
  readonly changed: number;
}

export function countsOf(difference: Difference): Counts {
  return difference.counts ?? { new: difference.new.length, solved: difference.solved.length, changed: difference.changed.length };
}

/** "2 new · 1 solved · 37 unchanged"; what changed only where something did. */
export function differenceText(difference: Difference): string {
  const counts = countsOf(difference);
  return [
    interpolate(ngettext("%(count)s new", "%(count)s new", counts.new), { count: counts.new }),
    interpolate(ngettext("%(count)s solved", "%(count)s solved", counts.solved), { count: counts.solved }),
    ...(counts.changed > 0 ? [interpolate(ngettext("%(count)s changed", "%(count)s changed", counts.changed), { count: counts.changed })] : []),
    interpolate(gettext("%(count)s unchanged"), { count: difference.unchanged }),
  ].join(" · ");
}
