/** The parts around what a tab shows: tabs, reports, the map's legend. */
import { html, nothing, type TemplateResult } from "lit";

import type { Drawn } from "./coverage-map";
import { metresText } from "./words";
import type { Look, ReachTab } from "../state/reach-view";
import { gettext, interpolate } from "../text/gettext";

/** The ways to look at reach, `chosen` among them, and where reports lie. */
export function tabsLine(
  chosen: ReachTab, choose: (tab: ReachTab) => void, reports: readonly (readonly [name: string, address: string])[],
): TemplateResult {
  const names: readonly (readonly [ReachTab, string])[] = [
    ["coverage", gettext("Coverage")], ["scenarios", gettext("Scenarios")], ["siting", gettext("Where next")], ["network", gettext("Streets")],
    ["norms", gettext("Norms")],
  ];
  return html`<div class="reach-tabs">
    <nav aria-label=${gettext("Ways to look at reach")}>
      ${names.map(([tab, name]) => html`<button type="button" data-tab=${tab} aria-pressed=${tab === chosen ? "true" : "false"}
        @click=${() => { choose(tab); }}>${name}</button>`)}
    </nav>
    ${reports.length === 0 ? nothing : html`<p class="reach-reports"><span>${gettext("Report:")}</span>
      ${reports.map(([name, address]) => html`<a href=${address} download>${name}</a>`)}</p>`}
  </div>`;
}

/** A small drawing of what a sign on the map looks like. */
export function sign(look: string): TemplateResult {
  return html`<span class="legend-sign" data-look=${look} aria-hidden="true"></span>`;
}

/** Ground within reach, or who has it farthest. */
export function lookSwitch(chosen: Look, choose: (look: Look) => void): TemplateResult {
  const names: readonly (readonly [Look, string])[] = [["bands", gettext("Ground within reach")], ["tenths", gettext("Who has it farthest")]];
  return html`<div class="mode-switch look-switch" role="group" aria-label=${gettext("What the map shows")}>${names.map(([look, name]) =>
    html`<button type="button" data-look=${look} aria-pressed=${look === chosen ? "true" : "false"} @click=${() => { choose(look); }}>${name}</button>`)}</div>`;
}

function tenthsLegend(breaks: readonly number[], language: string): TemplateResult {
  const [first, last] = [breaks[0], breaks.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const steps = Array.from({ length: 10 }, (_, at) => html`<i class="tenth" data-tenth=${at + 1}></i>`);
  return html`<span>${interpolate(gettext("a tenth of the people up to %(distance)s"), { distance: metresText(first, language) })}
    <span class="tenths" aria-hidden="true">${steps}</span>${interpolate(gettext("a tenth beyond %(distance)s"), { distance: metresText(last, language) })}</span>
    <span>${sign("no-way")}${gettext("no way at all")}</span>`;
}

/** What the map of coverage shows, and what it would from nearer by. */
export function coverageLegend(kind: string, { areas, tenths, areasTrouble, isReading, hasPlots, states }: Drawn, language: string): TemplateResult {
  const bands = [...(areas?.features ?? [])].map(({ properties }) => properties).sort((one, other) => one.to_m - other.to_m);
  return html`<div class="reach-legend" role="note" aria-label=${gettext("Legend")}>
    ${bands.map(({ to_m }, at) => html`<span>${sign(`band-${String(Math.min(at, 2))}`)}${interpolate(gettext("up to %(distance)s on foot"), { distance: metresText(to_m, language) })}</span>`)}
    ${tenths === null ? nothing : tenthsLegend(tenths.breaks, language)}
    ${kind === "" ? nothing : html`<span>${sign("facility")}${gettext("a service of this kind")}</span>`}
    ${states.has("met") ? html`<span>${sign("plot-met")}${gettext("plot: norm met")}</span>` : nothing}
    ${states.has("not_met") ? html`<span>${sign("plot-not-met")}${gettext("plot: not met")}</span>` : nothing}
    ${states.has("not_checked") ? html`<span>${sign("plot-not-checked")}${gettext("plot: cannot be checked")}</span>` : nothing}
    ${states.has("none") ? html`<span>${sign("plot-none")}${gettext("plot: no norm")}</span>` : nothing}
    ${isReading ? html`<span class="reach-small">${gettext("Working it out…")}</span>` : nothing}
    ${areasTrouble === "" ? nothing : html`<span class="reach-small">${areasTrouble}</span>`}
    ${hasPlots && states.size === 0 && tenths === null ? html`<span class="reach-small">${gettext("Come nearer to see plots.")}</span>` : nothing}
  </div>`;
}
