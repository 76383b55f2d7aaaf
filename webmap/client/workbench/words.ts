/** What the workbench calls things. */
import { gettext } from "../text/gettext";
import type { Trouble } from "./geometry/trouble";
import type { SnapTarget } from "./sketch";

/** What the pointer was drawn to: "corner · zone A-01". */
export function snapText({ kind, names }: SnapTarget): string {
  const kinds = { vertex: gettext("corner"), intersection: gettext("crossing"), edge: gettext("on the edge") };
  const shown = names.slice(0, 2).join(", ");
  return `${kinds[kind]} · ${shown}${names.length > 2 ? "…" : ""}`;
}

export function troubleText(trouble: Trouble): string {
  const texts: Readonly<Record<Trouble, string>> = {
    crosses_itself: gettext("The edges of the sketch cross each other. Take corners back with Backspace."),
    nothing_left: gettext("Nothing is left: the ground belongs to other zones. Choose “take the ground” or draw elsewhere."),
    not_across: gettext("The line does not go right across a zone. It must begin and end outside it or on its edge."),
    not_touching: gettext("The hole does not lie in the zone."),
    no_ground: gettext("There is nothing at this place to work with."),
    no_selection: gettext("Select a zone first (key V)."),
    two_needed: gettext("Select at least two zones."),
  };
  return texts[trouble];
}
