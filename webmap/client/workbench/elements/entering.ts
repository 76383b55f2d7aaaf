/** Typing a corner, and pasting a table of corners from a decision. */
import { html, nothing, type TemplateResult } from "lit";

import type { EastNorth } from "../../api/draft-types";
import type { Vn2000 } from "../../crs/vn2000";
import { gettext, interpolate, ngettext } from "../../text/gettext";
import { type CornerTable, readCorners } from "../geometry/corners";
import { type Order, ordered, readDegrees, readNumber } from "../geometry/numbers";
import { polar } from "../geometry/points";
import { area_m2, enclosed } from "../geometry/surfaces";
import { ask, textOf } from "./dialogue";

/** What a typed corner depends on. */
export interface Entering {
  readonly zone: Vn2000;
  readonly language: string;
  /** The last corner of the sketch, from which a distance is measured; null: there is none. */
  readonly last: EastNorth | null;
  /** Show on the map what would be taken; null: nothing. */
  readonly preview: (points: readonly EastNorth[] | null) => void;
}

type Way = "grid" | "degrees" | "polar";

/** How the last corner was typed, and in which order: usually the next comes the same way. */
let lastWay: Way = "grid";
let lastOrder: Order = "guessed";

function orderChoice(chosen: Order, change: (order: Order) => void): TemplateResult {
  const orders: readonly (readonly [Order, string])[] = [
    ["guessed", gettext("Tell by the size of the numbers")],
    ["north_first", gettext("X (north) first, then Y (east)")],
    ["east_first", gettext("East first, then north")],
  ];
  return html`<label class="field">${gettext("Order")}
    <select name="order" @change=${(event: Event) => { change((event.target as HTMLSelectElement).value as Order); }}>
      ${orders.map(([order, title]) => html`<option value=${order} ?selected=${order === chosen}>${title}</option>`)}
    </select></label>`;
}

/** Ask for one corner; null: none. */
export async function askCorner({ zone, language, last, preview }: Entering): Promise<EastNorth | null> {
  let way: Way = last === null && lastWay === "polar" ? "grid" : lastWay;
  let [first, second, order] = ["", "", lastOrder];
  const read = (): EastNorth | null => {
    if (way === "degrees") {
      const [lon, lat] = [readDegrees(first), readDegrees(second)];
      return lon === null || lat === null ? null : zone.fromLonLat([lon, lat]);
    }
    const one = readNumber(first);
    if (way === "polar") {
      const degrees = readDegrees(second);
      return one === null || degrees === null || last === null ? null : polar(last, one, degrees);
    }
    const two = readNumber(second);
    return one === null || two === null ? null : ordered(one, two, order);
  };
  const metres = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const ways: readonly (readonly [Way, string])[] = [
    ["grid", interpolate(gettext("Coordinates in %(name)s"), { name: zone.name })],
    ["degrees", gettext("Longitude and latitude (WGS 84)")],
    ["polar", gettext("Distance and bearing from the last corner")],
  ];
  const labels: Readonly<Record<Way, readonly [string, string]>> = {
    grid: ["X (m)", "Y (m)"],
    degrees: [gettext("Longitude"), gettext("Latitude")],
    polar: [gettext("Distance (m)"), gettext("Bearing from north (°)")],
  };
  const answer = await ask(
    gettext("Type a corner"),
    (again) => {
      const changed = (): void => {
        const at = read();
        preview(at === null ? null : [at]);
        again();
      };
      const at = read();
      const is_filled = first !== "" && second !== "";
      return html`<div class="choices" role="radiogroup" aria-label=${gettext("Type a corner")}>
          ${ways.map(([value, title]) => html`<label class="choice"><input type="radio" name="way" value=${value} ?checked=${value === way}
            ?disabled=${value === "polar" && last === null} @change=${() => { way = value; changed(); }} /><span>${title}</span></label>`)}
        </div>
        <div class="field-pair">
          <label class="field">${labels[way][0]}<input type="text" name="first" inputmode="decimal" autocomplete="off" required autofocus
            @input=${(event: Event) => { first = (event.target as HTMLInputElement).value; changed(); }} /></label>
          <label class="field">${labels[way][1]}<input type="text" name="second" inputmode="decimal" autocomplete="off" required
            @input=${(event: Event) => { second = (event.target as HTMLInputElement).value; changed(); }} /></label>
        </div>
        ${way === "grid" ? orderChoice(order, (chosen) => { order = chosen; changed(); }) : nothing}
        <output class="dialogue-read">${at === null
          ? is_filled ? html`<span class="form-refusal">${gettext("This cannot be read as a place.")}</span>` : nothing
          : `X ${metres.format(at[1])} · Y ${metres.format(at[0])}`}</output>`;
    },
    [{ value: "take", title: gettext("Set the corner"), isMain: true }],
    { name: "numbers" },
  );
  preview(null);
  if (answer === null) return null;
  [lastWay, lastOrder] = [way, order];
  return read();
}

/** Ask for a table of corners; null: none. */
export async function askCorners({ language, preview }: Entering): Promise<readonly EastNorth[] | null> {
  let [text, order]: [string, Order] = ["", lastOrder];
  let table: CornerTable | null = null;
  const areas = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const answer = await ask(
    gettext("Paste a table of corners"),
    (again) => {
      const changed = (): void => {
        table = text.trim() === "" ? null : readCorners(text, order);
        preview(table === null || table.corners.length === 0 ? null : table.corners.map(({ at }) => at));
        again();
      };
      return html`<label class="field">${gettext("Number, X, Y and edge length, one corner a line, as the decision prints them")}
          <textarea name="table" rows="9" spellcheck="false" required autofocus placeholder=${"1\t2325123,45\t587654,32\t35,20"}
            @input=${(event: Event) => { text = (event.target as HTMLTextAreaElement).value; changed(); }}></textarea></label>
        ${orderChoice(order, (chosen) => { order = chosen; changed(); })}
        <div class="dialogue-read" role="status">${table === null ? nothing : told(table, areas)}</div>`;
    },
    [{ value: "take", title: gettext("Take the corners"), isMain: true }],
    { name: "corners", isWide: true },
  );
  preview(null);
  if (answer === null || textOf(answer.form, "table") === "") return null;
  const corners = readCorners(text, order).corners.map(({ at }) => at);
  return corners.length === 0 ? null : corners;
}

function told({ corners, differences, compared, unread }: CornerTable, areas: Intl.NumberFormat): TemplateResult {
  const count = corners.length;
  const metres = new Intl.NumberFormat(areas.resolvedOptions().locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return html`<p><b>${interpolate(ngettext("%(count)s corner", "%(count)s corners", count), { count })}</b>${count > 2
      ? ` · ${areas.format(area_m2(enclosed(corners.map(({ at }) => at))))} m²`
      : ""}${compared > 0 && differences.length === 0 ? ` · ${gettext("all edge lengths agree with the coordinates")}` : ""}</p>
    ${differences.length === 0
      ? nothing
      : html`<ul class="dialogue-list">${differences.map(
          ({ from, to, given_m, computed_m }) => html`<li class="form-refusal">${interpolate(
            gettext("Edge %(from)s–%(to)s: the table says %(given)s m, the coordinates %(computed)s m"),
            { from, to, given: metres.format(given_m), computed: metres.format(computed_m) },
          )}</li>`,
        )}</ul>`}
    ${unread.length === 0
      ? nothing
      : html`<ul class="dialogue-list">${unread.map(
          ({ line, text }) => html`<li class="form-refusal">${interpolate(gettext("Line %(line)s cannot be read: %(text)s"), { line, text })}</li>`,
        )}</ul>`}`;
}
