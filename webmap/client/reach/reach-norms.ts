/** Every row of the table of services with what it came to for a plan. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { nameIn, percentText, stateMark } from "./words";
import type { NormCheck, NormPart, NormRow } from "../api/reach-types";
import { dayText } from "../conflicts/words";
import { normGroups } from "../state/norm-groups";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Public: `check` (null: it is being read), `isCity` (norms are held against plans, not against the city), `trouble`, `language`. */
@customElement("reach-norms")
export class ReachNorms extends LitElement {
  @property({ attribute: false }) check: NormCheck | null = null;
  @property({ attribute: false }) isCity = false;
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    if (this.isCity) return html`<p class="reach-empty">${gettext("Norms of services are held against what a plan foresees. Choose a plan on top of the page.")}</p>`;
    if (this.trouble !== "") return html`<p class="form-refusal" role="alert">${this.trouble}</p>`;
    if (this.check === null) return html`<p class="panel-empty">${gettext("Holding the plan against the norms…")}</p>`;
    const { counts, held, others } = normGroups(this.check);
    return html`<h2 class="reach-title">${gettext("Norms of services")}</h2>
      <p class="norm-counts">
        <span>${stateMark("not_met", false)}<b>${counts.not_met}</b> ${ngettext("norm not met", "norms not met", counts.not_met)}</span>
        <span>${stateMark("not_checked", false)}<b>${counts.not_checked}</b> ${gettext("cannot be checked")}</span>
        <span>${stateMark("met", false)}<b>${counts.met}</b> ${ngettext("norm met", "norms met", counts.met)}</span></p>
      <p class="reach-small">${interpolate(gettext("The plan takes effect on %(day)s: that day decides which norms hold. People are those that its zones foresee."), { day: dayText(this.check.on, this.language) })}</p>
      ${this.table(held, gettext("Norms that hold on that day"))}
      ${others.length === 0 ? nothing : html`<details class="norm-others"><summary>${interpolate(
          ngettext("%(count)s row of the table does not hold on that day", "%(count)s rows of the table do not hold on that day", others.length), { count: others.length },
        )}</summary>${this.table(others, gettext("Rows that do not hold on that day"))}</details>`}`;
  }

  private table(rows: readonly NormRow[], name: string): TemplateResult {
    return html`<div class="table-frame" tabindex="0" role="region" aria-label=${name}><table class="norm-table">
      <thead><tr><th scope="col">${gettext("Norm")}</th><th scope="col">${gettext("State")}</th><th scope="col">${gettext("What it came to")}</th>
        <th scope="col">${gettext("Worst zone")}</th><th scope="col">${gettext("Source")}</th></tr></thead>
      <tbody>${rows.map((row) => this.row(row))}</tbody></table></div>`;
  }

  private row({ norm, facility, state, parts, source, confidence, in_force }: NormRow): TemplateResult {
    const worst = parts.find(({ worst_label }) => worst_label !== "");
    return html`<tr data-norm=${norm} data-state=${state}>
      <th scope="row">${nameIn(facility, this.language)}<small>${norm}</small></th>
      <td>${stateMark(state)}</td>
      <td>${parts.map((part) => this.partLine(part, parts.length > 1))}</td>
      <td class="norm-worst" data-name=${gettext("Worst zone")} ?data-none=${worst === undefined}>${worst?.worst_label ?? "–"}</td>
      <td class="norm-source">${source}<small>${inForceText(in_force, this.language)}${confidence === "high" ? nothing : html` · ${gettext("from a second-hand source")}`}</small></td>
    </tr>`;
  }

  private partLine({ state, text, share, measure }: NormPart, isOneOfMany: boolean): TemplateResult {
    return html`<p class="norm-part" data-measure=${measure}>${isOneOfMany ? stateMark(state, false) : nothing}
      <span>${text === "" && share !== null ? percentText(share, this.language) : text}</span></p>`;
  }
}

/** "until 2026-12-31" and "from 2027-01-01" in the page's language. */
function inForceText(said: string, language: string): string {
  const [, word, day] = /^(until|from) (\d{4}-\d\d-\d\d)$/.exec(said) ?? [];
  if (word === undefined || day === undefined) return gettext("holds before and after 2027");
  return interpolate(word === "until" ? gettext("until %(day)s") : gettext("from %(day)s"), { day: dayText(day, language) });
}
