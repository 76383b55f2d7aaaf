/** The line that says the next step, and what the tool in hand can be told. */
import { html, nothing, render } from "lit";

import type { PlanFunction } from "../api/draft-types";
import { gettext } from "../text/gettext";
import type { Bench } from "./bench";
import type { OverlapWay } from "./tools/tool";

/** Tools whose sketch is worth keeping over a reload. */
export const SKETCHING: ReadonlySet<string> = new Set(["draw", "hole", "reshape", "split", "offset"]);

/** Draw the prompt into `place`; `drop` drops the sketch. */
export function drawPrompt(
  place: HTMLElement,
  bench: Bench,
  functions: readonly PlanFunction[],
  language: string,
  drop: () => void,
): void {
  const makes = ["draw", "copy", "buffer", "offset"].includes(bench.tool.name);
  const ways: readonly (readonly [OverlapWay, string])[] = [
    ["avoid", gettext("keep to free ground")],
    ["take", gettext("take the ground from zones below")],
    ["allow", gettext("as drawn")],
  ];
  const sketches = SKETCHING.has(bench.tool.name);
  const goesOn = ["merge", "buffer", "copy"].includes(bench.tool.name);
  const isEmpty = bench.tool.points.length === 0;
  render(
    html`<span class="prompt-text" title=${bench.tool.prompt}>${bench.tool.prompt}</span>
      ${!(makes || sketches || goesOn) ? nothing : html`<div class="prompt-options">
        ${!makes ? nothing : html`<label class="prompt-field">${gettext("New zone")}
          <select name="function" @change=${(event: Event) => { bench.function = (event.target as HTMLSelectElement).value; }}>
            ${functions.map((one) => html`<option value=${one.code} ?selected=${one.code === bench.function}>${language === "en" ? one.name_en : one.name_vi}</option>`)}
          </select></label>
        <label class="prompt-field">${gettext("On others")}
          <select name="overlap" @change=${(event: Event) => { bench.options.overlap = (event.target as HTMLSelectElement).value as OverlapWay; }}>
            ${ways.map(([way, title]) => html`<option value=${way} ?selected=${way === bench.options.overlap}>${title}</option>`)}
          </select></label>`}
        ${goesOn ? html`<button type="button" class="button small-button" @click=${() => { bench.tool.finish(); }}>${gettext("Go on")}</button>` : nothing}
        ${sketches
          ? html`<button type="button" class="button small-button" ?disabled=${isEmpty} @click=${() => { bench.tool.finish(); }}>${gettext("Finish")}</button>
            <button type="button" class="button small-button" ?disabled=${isEmpty} @click=${drop}>${gettext("Drop")}</button>`
          : nothing}
      </div>`}`,
    place,
  );
}
