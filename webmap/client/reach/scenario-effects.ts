/** All norms at one look: what the scenario does to each. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { gainMark, loseMark, pointsText, shareOrDash, withinText } from "./scenario-words";
import type { KindEffect, ScenarioView } from "../api/scenario-types";
import { byWeight, effectId } from "../state/effects";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Owns nothing. Tells "effect-chosen" (KindEffect). Public: `effects`, `all` (every service together), `chosen` (id), `language`. */
@customElement("scenario-effects")
export class ScenarioEffects extends LitElement {
  @property({ attribute: false }) effects: readonly KindEffect[] = [];
  @property({ attribute: false }) all: ScenarioView["all_services"] = null;
  @property({ attribute: false }) chosen = "";
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.effects.length === 0) return nothing;
    const sorted = byWeight(this.effects);
    const changed = sorted.filter(({ is_changed }) => is_changed);
    const still = sorted.filter(({ is_changed }) => !is_changed);
    return html`<h3 class="reach-subtitle">${gettext("What it does to each service")}</h3>
      ${changed.length === 0 ? nothing : this.table(changed, gettext("Services that change"))}
      ${still.length === 0
        ? nothing
        : html`<details class="effects-still" ?open=${changed.length === 0}>
            <summary>${interpolate(ngettext("%(count)s norm stays as it is", "%(count)s norms stay as they are", still.length), { count: still.length })}</summary>
            ${this.table(still, gettext("Services that stay as they are"))}</details>`}`;
  }

  private table(effects: readonly KindEffect[], title: string): TemplateResult {
    return html`<div class="wide-table" role="group" tabindex="0" aria-label=${title}><table class="effects-table">
      <caption class="unseen">${title}</caption>
      <thead><tr><th scope="col">${gettext("Service")}</th><th scope="col">${gettext("before")}</th><th scope="col">${gettext("after")}</th>
        <th scope="col">${gettext("people")}</th></tr></thead>
      <tbody>${effects.map((one) => this.row(one))}</tbody></table></div>`;
  }

  private row(one: KindEffect): TemplateResult {
    const isChosen = effectId(one) === this.chosen;
    return html`<tr data-effect=${effectId(one)} ?data-chosen=${isChosen}>
      <th scope="row"><button type="button" class="effect-name" aria-pressed=${isChosen ? "true" : "false"}
        @click=${() => this.dispatchEvent(new CustomEvent("effect-chosen", { detail: one, bubbles: true }))}>${one.name}</button>
        <span class="form-note">${withinText(one, this.language)}</span></th>
      <td>${shareOrDash(one.before, this.language)}</td>
      <td>${shareOrDash(one.after, this.language)} <span class="gains-points">${one.is_changed ? pointsText(one.before, one.after, this.language) : ""}</span></td>
      <td>${gainMark(one.gain, this.language)} ${loseMark(one.lose, this.language)}</td></tr>`;
  }
}
