/** The list of all keys. */
import { html } from "lit";

import { gettext } from "../../text/gettext";
import { toolGroups } from "../tools/all";
import { ask } from "./dialogue";

/** Every key that is no tool's, with what it does. */
function otherKeys(): readonly (readonly [string, string])[] {
  return [
    ["Enter", gettext("Finish the sketch, or go on with what is selected")],
    ["Esc", gettext("Drop the sketch; again: leave the tool")],
    ["Backspace", gettext("Take the last corner back")],
    ["Ctrl+Z", gettext("Undo (while drawing: the last corner)")],
    ["Ctrl+Shift+Z / Ctrl+Y", gettext("Redo")],
    ["Delete", gettext("Delete the corner under the pointer, else the selected zones")],
    ["I", gettext("Type a corner: coordinates, or distance and bearing")],
    ["L", gettext("Paste a table of corners")],
    ["Q", gettext("Square the selected zones")],
    ["N", gettext("Snapping on or off (Alt held: not now)")],
    ["T", gettext("Trace along existing edges")],
    ["A", gettext("Right angles while drawing")],
    ["F", gettext("Show the whole plan")],
    ["Z", gettext("Show the selected zones")],
    ["← ↑ → ↓", gettext("Move the map (while it has the focus)")],
    ["+ −", gettext("Zoom")],
    [gettext("Space"), gettext("Click at the cross in the middle of the map")],
    ["?", gettext("This list")],
  ];
}

export async function showKeys(): Promise<void> {
  const line = (key: string, title: string): unknown => html`<div class="key-line"><dt><kbd>${key}</kbd></dt><dd>${title}</dd></div>`;
  await ask(
    gettext("All keys"),
    () => html`<div class="key-lists">
      <dl>${toolGroups().flat().map(({ key, title }) => line(key, title))}</dl>
      <dl>${otherKeys().map(([key, title]) => line(key, title))}</dl>
    </div>`,
    [],
    { name: "keys", isWide: true },
  );
}
