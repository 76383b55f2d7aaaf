/** The parts around the list of conflicts: tabs, reports, steps from one to the next, the map's legend. */
import { html, nothing, type TemplateResult } from "lit";

import type { ConflictView, Severity } from "../api/conflict-types";
import { icon } from "../elements/icon";
import type { Tab } from "../state/conflict-view";
import { gettext } from "../text/gettext";

const ENDINGS = { pdf: "PDF", csv: "CSV", gpkg: "GeoPackage" } as const;
export type Ending = keyof typeof ENDINGS;

/** The ways to look at conflicts, `chosen` among them, and where reports of them lie. */
export function tabsLine(chosen: Tab | null, choose: (tab: Tab) => void, report: (ending: Ending) => string): TemplateResult {
  const names: readonly (readonly [Tab, string])[] = [
    ["list", gettext("List")], ["map", gettext("Map")], ["matrix", gettext("Rules × wards")], ["heat", gettext("Heat map")],
    ["difference", gettext("Differences")],
  ];
  return html`<div class="conflicts-tabs">
    <nav aria-label=${gettext("Ways to look at conflicts")}>
      ${names.map(([tab, name]) => html`<button type="button" data-tab=${tab} aria-pressed=${tab === chosen ? "true" : "false"}
        @click=${() => { choose(tab); }}>${name}</button>`)}
    </nav>
    <p class="conflicts-reports"><span>${gettext("Report:")}</span>
      ${(Object.keys(ENDINGS) as Ending[]).map((ending) => html`<a href=${report(ending)} download>${ENDINGS[ending]}</a>`)}</p>
  </div>`;
}

/** Where the way back from a detail leads. */
export function backTo(tab: Tab): string {
  return {
    list: gettext("Back to the list"), map: gettext("Back to the map"), matrix: gettext("Back to the table"), heat: gettext("Back to the heat map"),
    difference: gettext("Back to the differences"),
  }[tab];
}

/** From one conflict of a list to the one before and the next. */
export function steps(key: string, listed: readonly ConflictView[], total: number, open: (key: string) => void): TemplateResult | typeof nothing {
  const at = listed.findIndex((one) => one.key === key);
  if (at < 0) return nothing;
  const step = (to: number, name: string, sign: string): TemplateResult => {
    const other = listed[to];
    return html`<button type="button" class="button small-button" ?disabled=${other === undefined} aria-label=${name} title=${name}
      @click=${() => { if (other !== undefined) open(other.key); }}>${sign}</button>`;
  };
  return html`<div class="detail-steps"><span>${at + 1} / ${total}</span>
    ${step(at - 1, gettext("The one before"), "‹")}${step(at + 1, gettext("The next one"), "›")}</div>`;
}

/** What shapes and patterns on the map say; `isCut`: not everything is drawn. */
export function mapLegend(isHeat: boolean, isCut: boolean): TemplateResult {
  if (isHeat) return html`<p class="map-legend">${gettext("The darker, the more conflicts; a red rim: one of them blocks.")}</p>`;
  const entry = (severity: Severity, name: string): TemplateResult =>
    html`<span class="severity" data-severity=${severity}>${icon(`severity-${severity}`)}${name}</span>`;
  return html`<p class="map-legend">
    ${entry("blocks", gettext("blocks (hatched)"))} ${entry("warns", gettext("warns (dotted)"))} ${entry("notes", gettext("noted (outlined)"))}
    ${isCut ? html`<span class="map-cut">${icon("info")}${gettext("More than can be drawn: come nearer.")}</span>` : nothing}</p>`;
}
