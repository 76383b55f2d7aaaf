/** By what a plot was found, in words. */
import type { ParcelHit } from "../api/types";
import { gettext, interpolate } from "./gettext";

/** Say what of the question matched; an old number is named, for the plot has another today. */
export function matchedBy({ matched, matched_as: old }: Pick<ParcelHit, "matched" | "matched_as">): string {
  switch (matched) {
    case "sheet_and_number":
      return gettext("by sheet and plot number");
    case "old_sheet_and_number": {
      if (old === null) return gettext("by old number");
      const { sheet, number, unit_name: unit } = old;
      return unit === ""
        ? interpolate(gettext("by old number: plot %(number)s, sheet %(sheet)s"), { number, sheet })
        : interpolate(gettext("by old number: plot %(number)s, sheet %(sheet)s, %(unit)s"), { number, sheet, unit });
    }
    case "national_id":
      return gettext("by national plot code");
    case "address":
      return gettext("by address");
    case "coordinate":
      return gettext("the point lies in it");
  }
}
