/** Who gains and who loses: one norm before and after, ward by ward, and against which scenario that is seen. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { atLeastOne, gainMark, loseMark, pointsText, shareOrDash, titlesOf, withinText } from "./scenario-words";
import { reasonText } from "./words";
import type { Comparison, KindEffect, ScenarioLine, Share, WardEffect } from "../api/scenario-types";
import { shareBar } from "../charts/share-bar";
import { byLoss } from "../state/effects";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** So many wards are named at first. */
const MOST_WARDS = 8;

/**
 * Owns whether all wards are named. Tells "other-chosen" (key, or "" for as it is). Public: `effect` (what the scenario
 * does at once), `comparison` (the same with its map; null while it is asked for), `others` (scenarios of the scope
 * to compare with), `other` (key of the chosen one or null), `isComparing`, `language`.
 */
@customElement("scenario-gains")
export class ScenarioGains extends LitElement {
  @property({ attribute: false }) effect: KindEffect | null = null;
  @property({ attribute: false }) comparison: Comparison | null = null;
  @property({ attribute: false }) others: readonly ScenarioLine[] = [];
  @property({ attribute: false }) other: string | null = null;
  @property({ attribute: false }) isComparing = false;
  @property({ attribute: false }) language = "vi";
  @state() private isWhole = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { effect } = this;
    if (effect === null) return nothing;
    const shown = this.comparison ?? (this.other === null ? effect : null);
    return html`<section class="scenario-gains" aria-labelledby="gains-title" aria-busy=${this.isComparing ? "true" : "false"}>
      <h3 class="reach-subtitle" id="gains-title">${effect.name} <span class="gains-within">${withinText(effect, this.language)}</span></h3>
      <label class="gains-other">${gettext("Compared with")}
        <select name="other" @change=${this.chosen}>
          <option value="" ?selected=${this.other === null}>${gettext("as it is, without changes")}</option>
          ${[...titlesOf(this.others, this.language)].map(([key, title]) => html`<option value=${key} ?selected=${key === this.other}>${title}</option>`)}
        </select></label>
      ${shown === null ? html`<p class="form-note" role="status">${gettext("Comparing…")}</p>` : this.figures(shown)}
    </section>`;
  }

  private figures(shown: KindEffect | Comparison): TemplateResult {
    const { before, after, gain, lose, wards } = shown;
    const title = this.comparison?.other?.title;
    return html`<table class="gains-shares">
        <caption class="unseen">${gettext("Share of people who have it near enough")}</caption>
        <tbody>
          ${this.shareRow(title ?? gettext("as it is"), before)}
          ${this.shareRow(gettext("this scenario"), after, pointsText(before, after, this.language))}
        </tbody>
      </table>
      ${gain <= 0 && lose <= 0
        ? html`<p class="gains-none">${gettext("Nobody gains and nobody loses by this norm.")}</p>`
        : html`<p class="gains-people">
            <span data-what="gain" ?data-none=${gain <= 0}><span aria-hidden="true">▲</span> <b>${atLeastOne(gain, this.language)}</b> ${ngettext("person gains", "people gain", Math.round(gain))}</span>
            <span data-what="lose" ?data-none=${lose <= 0}><span aria-hidden="true">▼</span> <b>${atLeastOne(lose, this.language)}</b> ${ngettext("person loses", "people lose", Math.round(lose))}</span>
          </p>
          ${isUnsure(before) || isUnsure(after)
            ? html`<p class="form-note">${gettext("Counted is who certainly has it near enough before or after. Of some others that is not known: the hatched part of the bars.")}</p>`
            : nothing}
          ${wards.length === 0 ? nothing : this.wards(byLoss(wards))}`}`;
  }

  private shareRow(name: string, share: Share, points = ""): TemplateResult {
    const { low, high } = share;
    const parts = low === null || high === null ? null : { covered: low, unknown: Math.max(0, high - low), beyond: Math.max(0, 1 - high) };
    const reason = share.value === null && share.low === null ? reasonText(share.reason) : "";
    return html`<tr><th scope="row">${name}</th><td class="gains-bar">${shareBar(parts)}</td>
      <td><b>${shareOrDash(share, this.language)}</b>${points === "" ? nothing : html` <span class="gains-points">${points}</span>`}
        ${reason === "" ? nothing : html`<span class="form-note">${reason}</span>`}</td></tr>`;
  }

  private wards(wards: readonly WardEffect[]): TemplateResult {
    const shown = this.isWhole ? wards : wards.slice(0, MOST_WARDS);
    const more = wards.length - shown.length;
    return html`<div class="wide-table" role="group" tabindex="0" aria-labelledby="wards-title"><table class="gains-wards">
      <caption id="wards-title">${gettext("Ward by ward, those that lose first")}</caption>
      <thead><tr><th scope="col">${gettext("Ward")}</th><th scope="col">${gettext("before")}</th><th scope="col">${gettext("after")}</th>
        <th scope="col">${gettext("people gain")}</th><th scope="col">${gettext("people lose")}</th></tr></thead>
      <tbody>${shown.map((ward) => html`<tr data-code=${ward.code}><th scope="row">${ward.name}</th>
        <td>${shareOrDash(ward.before, this.language)}</td><td>${shareOrDash(ward.after, this.language)}</td>
        <td>${gainMark(ward.gain, this.language)}</td><td>${loseMark(ward.lose, this.language)}</td></tr>`)}</tbody>
    </table></div>
    ${more > 0
      ? html`<button type="button" class="button small-button" @click=${() => { this.isWhole = true; }}>${interpolate(ngettext("%(count)s more ward", "%(count)s more wards", more), { count: more })}</button>`
      : nothing}`;
  }

  private readonly chosen = (event: Event): void => {
    this.dispatchEvent(new CustomEvent("other-chosen", { detail: (event.target as HTMLSelectElement).value, bubbles: true }));
  };
}

function isUnsure({ low, high }: Share): boolean {
  return low !== null && high !== null && high - low > 0.0005;
}
