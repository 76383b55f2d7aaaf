/** Ways out of a conflict, each with what it does to areas and to other conflicts. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { areaText, countText, severityMark } from "./words";
import type { ConflictView, ConflictWay, Effect } from "../api/conflict-types";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Balances that change by less, in m², are rounding. */
const NOISE_M2 = 0.05;
/** Of the rules by which a way opens or solves conflicts so many are named. */
const MOST_NAMED = 5;

/**
 * The ways.
 *
 * Owns nothing. Tells "way-shown" and "way-taken" (place of the way in `ways`). Public: `ways` (null: being
 * looked for), `shown` (place of the one that is on the map), `trouble`, `nameOf` (names of functions),
 * `language`.
 */
@customElement("way-list")
export class WayList extends LitElement {
  @property({ attribute: false }) ways: readonly ConflictWay[] | null = null;
  @property({ attribute: false }) shown: number | null = null;
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) nameOf: (code: string) => string = (code) => code;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<section class="way-list" aria-labelledby="ways-title">
      <h3 id="ways-title">${gettext("Ways out")}</h3>
      ${this.trouble !== ""
        ? html`<p class="form-refusal" role="alert">${this.trouble}</p>`
        : this.ways === null
          ? html`<p class="form-note" role="status">${gettext("Looking for ways out…")}</p>`
          : this.ways.length === 0
            ? html`<p class="form-note">${gettext("No way out can be proposed here. Redraw by hand, accept with a reason, or record a decision.")}</p>`
            : html`<ol class="way-choices">${this.ways.map((way, at) => this.way(way, at))}</ol>`}
    </section>`;
  }

  private way({ text, effect, boundary_after }: ConflictWay, at: number): TemplateResult {
    const isShown = at === this.shown;
    return html`<li class="way" data-way=${at} ?data-shown=${isShown}>
      <p class="way-text">${text}</p>
      <p class="way-effect">${this.effect(effect)}</p>
      ${isShown ? this.whole(effect) : nothing}
      <div class="action-buttons">
        ${boundary_after.length === 0 && isShown
          ? nothing
          : html`<button type="button" class="button small-button" aria-pressed=${isShown ? "true" : "false"} @click=${() => { this.tell("way-shown", at); }}>${gettext("Preview")}</button>`}
        <button type="button" class="button small-button main-button" @click=${() => { this.tell("way-taken", at); }}>${gettext("Apply")}</button>
      </div>
    </li>`;
  }

  private effect({ new: fresh, solved, unchanged }: Effect): TemplateResult {
    return html`<b data-good>${interpolate(ngettext("solves %(count)s conflict", "solves %(count)s conflicts", solved.length), { count: solved.length })}</b> ·
      ${fresh.length === 0
        ? html`${gettext("opens none")}`
        : html`<b data-bad>${interpolate(ngettext("opens %(count)s new one", "opens %(count)s new ones", fresh.length), { count: fresh.length })}</b>`} ·
      ${interpolate(gettext("%(count)s unchanged"), { count: countText(unchanged, this.language) })}`;
  }

  private whole({ new: fresh, solved, balance }: Effect): TemplateResult {
    const moved = balance.filter(({ before_m2, after_m2 }) => Math.abs(after_m2 - before_m2) > NOISE_M2);
    return html`${this.named(gettext("Solved:"), solved)}${this.named(gettext("New:"), fresh)}
      ${moved.length === 0
        ? html`<p class="form-note">${gettext("The balance of areas stays as it is.")}</p>`
        : html`<table class="way-balance">
            <caption>${gettext("Balance of areas")}</caption>
            <thead><tr><th scope="col">${gettext("Function")}</th><th scope="col">${gettext("before")}</th><th scope="col">${gettext("after")}</th>
              <th scope="col">±</th></tr></thead>
            <tbody>${moved.map((row) => html`<tr><th scope="row">${this.nameOf(row.function)}</th>
              <td>${areaText(row.before_m2, this.language)}</td><td>${areaText(row.after_m2, this.language)}</td>
              <td>${row.after_m2 > row.before_m2 ? "+" : "−"}${areaText(Math.abs(row.after_m2 - row.before_m2), this.language)}</td></tr>`)}</tbody>
          </table>`}`;
  }

  private named(title: string, conflicts: readonly ConflictView[]): TemplateResult | typeof nothing {
    if (conflicts.length === 0) return nothing;
    const groups = new Map<string, { readonly one: ConflictView; count: number }>();
    for (const one of conflicts) {
      const key = `${one.severity} ${one.rule}`;
      const group = groups.get(key) ?? { one, count: 0 };
      group.count += 1;
      groups.set(key, group);
    }
    const more = groups.size - MOST_NAMED;
    return html`<p class="way-named"><b>${title}</b></p><ul class="way-conflicts">
      ${[...groups.values()].slice(0, MOST_NAMED).map(({ one, count }) => html`<li>${severityMark(one.severity, false)}
        ${one.title} <span class="conflict-rule">${one.rule}</span>${count > 1 ? html` <b>×&nbsp;${count}</b>` : nothing}</li>`)}
      ${more > 0 ? html`<li>${interpolate(gettext("and %(count)s more"), { count: more })}</li>` : nothing}
    </ul>`;
  }

  private tell(name: string, detail: number): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
