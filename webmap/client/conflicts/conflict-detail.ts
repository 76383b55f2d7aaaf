/** One conflict: what contradicts what, by which rule, since when, and what was done about it. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import {
  dayText, nameOfEvent, nameOfFamily, nameOfParty, namesOf, nameOfState, severityMark, sizesOf, timeText,
} from "./words";
import type { ConflictDetail as Detail } from "../api/conflict-types";
import { icon } from "../elements/icon";
import { gettext, interpolate } from "../text/gettext";

/**
 * The detail of a conflict.
 *
 * Tells what its actions tell, and "detail-closed" and "place-shown". Public: `conflict`, `wards` (names by
 * code), `plans` (codes), `workbench` (address of the plan's workbench or ""), `trouble` (a refusal of the
 * last action), `isSending`, `back` (words of the way back), `ways` (ways out, where there are any to show),
 * `language`.
 */
@customElement("conflict-detail")
export class ConflictDetail extends LitElement {
  @property({ attribute: false }) conflict: Detail | null = null;
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) plans: readonly string[] = [];
  @property({ attribute: false }) workbench = "";
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) back = "";
  @property({ attribute: false }) ways: TemplateResult | typeof nothing = nothing;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { conflict } = this;
    return html`<div class="detail-top">
        <button type="button" class="button small-button detail-back" @click=${() => { this.tell("detail-closed"); }}>‹ ${this.back}</button>
        ${conflict === null
          ? nothing
          : html`<button type="button" class="button small-button" @click=${() => { this.tell("place-shown"); }}>${icon("pin")}${gettext("Show on the map")}</button>
            ${this.workbench === ""
              ? nothing
              : html`<a class="button small-button" href="${this.workbench}#conflict=${conflict.key}">${gettext("Open in the workbench")}</a>`}`}
      </div>
      ${conflict === null ? html`<p class="panel-empty">${gettext("Loading…")}</p>` : this.whole(conflict)}`;
  }

  private whole(conflict: Detail): TemplateResult {
    const { language } = this;
    const sizes = sizesOf(conflict, language);
    return html`<article class="conflict-detail" data-key=${conflict.key} data-severity=${conflict.severity}>
      <header>
        <p class="detail-kind">${severityMark(conflict.severity)} <span class="conflict-rule">${conflict.rule}</span>
          <span class="conflict-state" data-state=${conflict.state}>${nameOfState(conflict.state)}</span></p>
        <h2 id="conflict-title" tabindex="-1">${conflict.title}</h2>
        <p class="detail-said">${conflict.text}</p>
      </header>
      ${sizes.length > 0 ? html`<p class="detail-sizes">${sizes.map((size) => html`<span>${size}</span>`)}</p>` : nothing}
      ${this.parties(conflict)}
      ${this.ways}
      <dl class="detail-facts">
        ${fact(gettext("Wards"), namesOf(conflict.wards, this.wards).join(", "))}
        ${fact(gettext("Place"), this.place(conflict))}
        ${fact(gettext("First seen"), this.firstSeen(conflict))}
        ${fact(gettext("Assigned to"), conflict.assigned_to ?? "")}
      </dl>
      ${this.rule(conflict)}
      ${this.decided(conflict)}
      <section aria-labelledby="detail-history">
        <h3 id="detail-history">${gettext("What was done about it")}</h3>
        ${this.events(conflict)}
      </section>
      ${conflict.may_write
        ? html`<conflict-actions .conflict=${conflict} .plans=${this.plans} .trouble=${this.trouble} .isSending=${this.isSending}></conflict-actions>`
        : nothing}
    </article>`;
  }

  private rule({ rule_view: rule }: Detail): TemplateResult | typeof nothing {
    // A rule that was taken out of the catalogue: what it found stays in the history.
    if (rule === null) return nothing;
    return html`<section class="detail-rule" aria-label=${gettext("Rule")}>
      <h3>${gettext("By which rule")}</h3>
      <p><b>${rule.code}</b> ${rule.title} <small>(${nameOfFamily(rule.family)})</small></p>
      <dl class="detail-facts">${fact(gettext("Rests on"), rule.source)}${fact(gettext("How it is measured"), rule.measured)}</dl>
    </section>`;
  }

  /** The two that contradict each other, marked as they are drawn on the map. */
  private parties({ parties }: Detail): TemplateResult | typeof nothing {
    if (parties.length === 0) return nothing;
    let drawn = 0;
    return html`<ul class="detail-parties" aria-label=${gettext("What contradicts what")}>
      ${parties.map((party) => {
        const place = party.boundary === null ? "none" : drawn++ === 0 ? "first" : "second";
        return html`<li><span class="party-line" data-place=${place} aria-hidden="true"></span>
          <span><small>${nameOfParty(party.kind)}</small> ${party.name}</span></li>`;
      })}
      <li><span class="party-line" data-place="ground" aria-hidden="true"></span><span><small>${gettext("Where they contradict each other")}</small></span></li>
    </ul>`;
  }

  private place({ place: [east, north] }: Detail): string {
    const metres = new Intl.NumberFormat(this.language, { maximumFractionDigits: 0 });
    return `X ${metres.format(north)} · Y ${metres.format(east)}`;
  }

  private firstSeen({ first_seen, first_run, by, by_edit }: Detail): string {
    const when = interpolate(gettext("%(when)s, run %(number)s"), { when: timeText(first_seen, this.language), number: first_run });
    if (by_edit === null) return when;
    return `${when} · ${interpolate(gettext("by edit %(number)s of %(name)s"), { number: by_edit, name: by ?? "?" })}`;
  }

  private decided({ decision }: Detail): TemplateResult | typeof nothing {
    if (decision === null) return nothing;
    return html`<section class="detail-decision" aria-label=${gettext("Precedence decision")}>
      <h3>${gettext("Precedence decision")}</h3>
      <p>${interpolate(gettext("Decision %(number)s of %(date)s, %(authority)s: %(plan)s prevails."), {
        number: decision.number, date: dayText(decision.date, this.language), authority: decision.authority, plan: decision.prevails,
      })}</p>
      ${decision.text === "" ? nothing : html`<p>“${decision.text}”</p>`}
    </section>`;
  }

  private events({ events }: Detail): TemplateResult {
    if (events.length === 0) return html`<p class="form-note">${gettext("Nothing yet.")}</p>`;
    return html`<ol class="detail-events">
      ${events.map((event) => html`<li data-kind=${event.kind}>
        <p><b>${nameOfEvent(event.kind)}</b>${event.assigned_to === null ? nothing : html` → ${event.assigned_to}`}
          <span class="form-note">${event.by}, <time datetime=${event.at}>${timeText(event.at, this.language)}</time></span></p>
        ${event.text === "" ? nothing : html`<p class="event-text">${event.text}</p>`}
        ${event.document === "" ? nothing : html`<p class="form-note">${interpolate(gettext("Document: %(name)s"), { name: event.document })}</p>`}
      </li>`)}
    </ol>`;
  }

  private tell(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

function fact(name: string, value: string): TemplateResult | typeof nothing {
  return value === "" ? nothing : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
