/** What tools ask: whose attributes stay, how wide a strip, by which angle. */
import { html, nothing } from "lit";

import type { Surface } from "../../api/draft-types";
import { gettext, interpolate } from "../../text/gettext";
import type { DrawnZone } from "../state/draft-store";
import { readDegrees, readNumber } from "../geometry/numbers";
import { area_m2 } from "../geometry/surfaces";
import type { Questions, SplitWay } from "../tools/tool";
import { ask, textOf } from "./dialogue";

/** The questions in the page's language. */
export function pageQuestions(language: string, functionName: (code: string) => string): Questions {
  const areas = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const size = (m2: number): string => `${areas.format(m2)} m²`;
  return {
    merged: async (zones, parts) => {
      const answer = await ask(
        gettext("Which zone's attributes stay?"),
        () => html`${parts > 1 ? html`<p class="form-refusal">${interpolate(gettext("The zones do not touch: the new zone will have %(count)s parts."), { count: parts })}</p>` : nothing}
          <div class="choices" role="radiogroup" aria-label=${gettext("Which zone's attributes stay?")}>
            ${[...zones].sort((one, other) => other.area_m2 - one.area_m2).map(
              (zone, i) => html`<label class="choice">
                <input type="radio" name="keeps" value=${zone.uid} ?checked=${i === 0} ?autofocus=${i === 0} />
                <span><b>${zone.label === "" ? gettext("without a symbol") : zone.label}</b> · ${functionName(zone.function)} · ${size(zone.area_m2)}${population(zone)}</span>
              </label>`,
            )}
          </div>
          ${zones.some((zone) => zone.population !== null)
            ? html`<label class="choice"><input type="checkbox" name="adds" checked /> <span>${gettext("Add up the population")}</span></label>`
            : nothing}`,
        [{ value: "merge", title: gettext("Merge"), isMain: true }],
        { name: "merge" },
      );
      return answer && { keeps: textOf(answer.form, "keeps"), adds_population: answer.form.has("adds") };
    },
    splitting: async (pieces: readonly Surface[]) => {
      const answer = await ask(
        gettext("What do the pieces say?"),
        () => html`<p>${interpolate(gettext("%(count)s pieces: %(sizes)s"), { count: pieces.length, sizes: pieces.map((one) => size(area_m2(one))).join(", ") })}</p>
          <div class="choices">
            <label class="choice"><input type="radio" name="way" value="all" checked autofocus />
              <span>${gettext("All pieces keep all attributes; the population is shared by area")}</span></label>
            <label class="choice"><input type="radio" name="way" value="largest" />
              <span>${gettext("The largest piece keeps them; the others keep the function only")}</span></label>
          </div>`,
        [{ value: "split", title: gettext("Split"), isMain: true }],
        { name: "split" },
      );
      return answer && (textOf(answer.form, "way") as SplitWay);
    },
    buffer: async () => {
      const answer = await ask(
        gettext("Buffer around the selected zones"),
        () => html`<label class="field">${gettext("Width in metres (less than zero shrinks)")}
            <input type="text" name="metres" inputmode="decimal" required autofocus value="10" /></label>
          <div class="choices">
            <label class="choice"><input type="radio" name="corners" value="sharp" checked /><span>${gettext("Sharp corners")}</span></label>
            <label class="choice"><input type="radio" name="corners" value="round" /><span>${gettext("Round corners")}</span></label>
          </div>
          <label class="choice"><input type="checkbox" name="replaces" /><span>${gettext("Change the zone itself instead of drawing a new one around it")}</span></label>`,
        [{ value: "go", title: gettext("Draw"), isMain: true }],
        { name: "buffer" },
      );
      const metres = answer && readNumber(textOf(answer.form, "metres"));
      if (answer === null || metres === null || metres === 0) return null;
      const corners = textOf(answer.form, "corners") === "round" ? "round" : "sharp";
      return { metres, corners, replaces: answer.form.has("replaces") };
    },
    offset: async () => {
      const answer = await ask(
        gettext("Red lines beside the axis"),
        () => html`<label class="field">${gettext("Metres to the left, as the axis was drawn")}
            <input type="text" name="left" inputmode="decimal" required autofocus value="10" /></label>
          <label class="field">${gettext("Metres to the right")}
            <input type="text" name="right" inputmode="decimal" required value="10" /></label>`,
        [{ value: "go", title: gettext("Draw"), isMain: true }],
        { name: "offset" },
      );
      const left = answer && readNumber(textOf(answer.form, "left"));
      const right = answer && readNumber(textOf(answer.form, "right"));
      return left === null || right === null || left < 0 || right < 0 ? null : { left, right };
    },
    angle: async () => {
      const answer = await ask(
        gettext("Turn by"),
        () => html`<label class="field">${gettext("Degrees clockwise")}
            <input type="text" name="degrees" inputmode="decimal" required autofocus /></label>`,
        [{ value: "go", title: gettext("Turn"), isMain: true }],
        { name: "angle" },
      );
      const text = answer && textOf(answer.form, "degrees");
      return text === null ? null : (readNumber(text) ?? readDegrees(text));
    },
  };

  function population(zone: DrawnZone): string {
    if (zone.population === null) return "";
    return ` · ${interpolate(gettext("%(count)s people"), { count: areas.format(zone.population) })}`;
  }
}
