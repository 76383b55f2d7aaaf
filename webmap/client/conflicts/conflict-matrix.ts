/** How often each rule is violated in each ward. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { areaText, countText } from "./words";
import type { Matrix, RuleView } from "../api/conflict-types";
import { icon } from "../elements/icon";
import { shadeOf } from "../state/shade";
import { gettext, interpolate, ngettext } from "../text/gettext";

export interface CellChoice {
  readonly rule: string;
  /** "" for all wards. */
  readonly ward: string;
}

/**
 * The table of rules and wards.
 *
 * Owns nothing. Tells "cell-chosen" (CellChoice). Public: `matrix`, `rules`, `language`.
 */
@customElement("conflict-matrix")
export class ConflictMatrix extends LitElement {
  @property({ attribute: false }) matrix: Matrix | null = null;
  @property({ attribute: false }) rules: readonly RuleView[] = [];
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { matrix } = this;
    if (matrix === null) return html`<p class="panel-empty">${gettext("Loading…")}</p>`;
    if (matrix.rows.length === 0) return html`<p class="panel-empty">${gettext("No open conflict in any ward.")}</p>`;
    const most = Math.max(0, ...matrix.rows.flatMap(({ counts }) => counts));
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
    return html`<p class="form-note">${gettext("Open conflicts by rule and ward. A number opens their list.")}</p>
      <div class="matrix-place" tabindex="0" role="region" aria-label=${gettext("Rules by wards")}>
      <table class="conflict-matrix">
        <thead><tr><th scope="col">${gettext("Rule")}</th>
          ${matrix.wards.map(({ name }) => html`<th scope="col" class="matrix-ward"><span>${name}</span></th>`)}
          <th scope="col" class="matrix-ward matrix-sum"><span>${gettext("Sum")}</span></th></tr></thead>
        <tbody>
          ${matrix.rows.map(({ rule, counts, m2 }) => html`<tr>
            <th scope="row">${this.nameOf(rule)}</th>
            ${matrix.wards.map(({ code, name }, at) => this.cell({ rule, ward: code }, counts[at] ?? 0, m2[at] ?? 0, most, name))}
            ${this.cell({ rule, ward: "" }, sum(counts), sum(m2), 0, gettext("all wards"))}
          </tr>`)}
        </tbody>
      </table></div>`;
  }

  private nameOf(code: string): TemplateResult {
    const rule = this.rules.find((one) => one.code === code);
    if (rule === undefined) return html`<b>${code}</b>`;
    return html`<span class="rule-name" data-severity=${rule.severity}>${icon(`severity-${rule.severity}`)}<span><b>${code}</b> ${rule.title}</span></span>`;
  }

  private cell(choice: CellChoice, count: number, m2: number, most: number, ward: string): TemplateResult {
    if (count === 0) return html`<td class="matrix-none"><span aria-hidden="true">·</span><span class="unseen">0</span></td>`;
    const said = interpolate(ngettext("%(count)s conflict of %(rule)s, %(ward)s", "%(count)s conflicts of %(rule)s, %(ward)s", count), {
      count, rule: choice.rule, ward,
    });
    const title = m2 > 0 ? `${said}, ${areaText(m2, this.language)}` : said;
    return html`<td data-shade=${most === 0 ? nothing : shadeOf(count, most)}>
      <button type="button" title=${title} aria-label=${title}
        @click=${() => this.dispatchEvent(new CustomEvent("cell-chosen", { detail: choice, bubbles: true }))}>${countText(count, this.language)}</button></td>`;
  }
}
