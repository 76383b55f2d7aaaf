/** One plot: where it meets the street, and how far each service is from there. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { metresText, minutesText, peopleText, stateMark } from "./words";
import type { PlotDetail, PlotService } from "../api/reach-types";
import { gettext, interpolate } from "../text/gettext";

/** Tells "plot-closed" and "way-chosen" (code of a kind). Public: `plot` (null: it is being read), `kind` (whose way is drawn), `page` (the plot's own page), `trouble`, `language`. */
@customElement("reach-plot")
export class ReachPlot extends LitElement {
  @property({ attribute: false }) plot: PlotDetail | null = null;
  @property({ attribute: false }) kind = "";
  @property({ attribute: false }) page = "";
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { plot } = this;
    return html`<button type="button" class="reach-back" @click=${() => this.dispatchEvent(new CustomEvent("plot-closed", { bubbles: true }))}>${gettext("‹ Back")}</button>
      <h2 class="reach-title" id="reach-plot-title" tabindex="-1">${gettext("Services from this plot")}</h2>
      ${this.trouble !== "" ? html`<p class="form-refusal" role="alert">${this.trouble}</p>` : plot === null ? html`<p class="panel-empty">${gettext("Loading…")}</p>` : this.told(plot)}`;
  }

  private told(plot: PlotDetail): TemplateResult {
    const { language } = this;
    const entrance = plot.entrances[0];
    const rows = [...plot.services].sort((one, other) => order(one) - order(other));
    return html`<p class="reach-small">${plot.people === null
        ? gettext("Nobody was counted here: how many people live here is not known.")
        : interpolate(gettext("%(people)s people live here by the estimate."), { people: peopleText(plot.people, language) })}
        ${entrance === undefined
          ? gettext("No entrance to a street is known.")
          : interpolate(gettext("The nearest of %(count)s entrances lies %(metres)s from the street's axis; the metres beside streets count and are drawn dashed."), {
              count: plot.entrances.length, metres: metresText(entrance.offset_m, language),
            })}
        <a href=${this.page}>${gettext("The plot's own page")}</a></p>
      <div class="table-frame" tabindex="0" role="region" aria-label=${gettext("Services from this plot")}><table class="plot-services">
        <thead><tr><th scope="col">${gettext("Service")}</th><th scope="col">${gettext("On foot")}</th><th scope="col">${gettext("Straight")}</th><th scope="col">${gettext("Norm")}</th></tr></thead>
        <tbody>${rows.map((one) => this.row(one))}</tbody></table></div>`;
  }

  private row(one: PlotService): TemplateResult {
    const { language } = this;
    const walk = one.metres === null
      ? one.reason === "" || one.reason === "unreached" ? gettext("no way at all") : gettext("not known")
      : html`${metresText(one.metres, language)}${one.minutes_walk === null ? nothing : html`<small>${minutesText(one.minutes_walk, language)}</small>`}`;
    return html`<tr data-kind=${one.kind} ?data-chosen=${one.kind === this.kind}>
      <th scope="row"><button type="button" class="link-button" aria-pressed=${one.kind === this.kind ? "true" : "false"}
        @click=${() => this.dispatchEvent(new CustomEvent("way-chosen", { detail: one.kind, bubbles: true }))}>${one.name}</button>
        ${one.facility_name === null || one.facility_name === "" ? nothing : html`<small>${one.facility_name}</small>`}</th>
      <td>${walk}</td>
      <td>${one.straight_m === null ? "–" : metresText(one.straight_m, language)}</td>
      <td>${one.state === "none" ? html`<span class="reach-small">${gettext("no distance")}</span>` : stateMark(one.state)}
        ${one.limit_m === null ? nothing : html`<small>${metresText(one.limit_m, language)}</small>`}</td></tr>`;
  }
}

function order({ state }: PlotService): number {
  return { not_met: 0, not_checked: 1, met: 2, none: 3 }[state];
}
