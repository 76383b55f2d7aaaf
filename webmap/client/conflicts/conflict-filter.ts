/** By what a list of conflicts is narrowed and ordered. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { nameOfFamily, nameOfSeverity, nameOfState } from "./words";
import { FAMILIES, type RuleView, SEVERITIES, STATES } from "../api/conflict-types";
import { icon } from "../elements/icon";
import { ALL_OPEN, filterCount, type Filters, type Sort, SORTS } from "../state/conflict-view";
import { gettext } from "../text/gettext";

/** Letters that follow each other faster are one question. */
const REST_MS = 300;

type Choice = readonly [value: string, name: string];

/**
 * The filters.
 *
 * Owns whether they are open on a narrow screen. Tells "filters-changed" (Filters) and "sort-changed" (Sort).
 * Public: `filters`, `sort`, `rules`, `wards` (names by code).
 */
@customElement("conflict-filter")
export class ConflictFilter extends LitElement {
  @property({ attribute: false }) filters: Filters = ALL_OPEN;
  @property({ attribute: false }) sort: Sort = "severity";
  @property({ attribute: false }) rules: readonly RuleView[] = [];
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @state() private isOpen = false;
  private pause: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { filters } = this;
    const count = filterCount(filters);
    const rules = this.rules.filter(({ family }) => filters.family === "" || family === filters.family);
    const sorts: Readonly<Record<Sort, string>> = {
      severity: gettext("worst first"), area: gettext("largest first"), first_seen: gettext("newest first"),
    };
    return html`<form class="conflict-filter" role="search" aria-label=${gettext("Filter")} @submit=${(event: Event) => { event.preventDefault(); }}>
      <div class="filter-line">
        <label class="filter-text"><span class="unseen">${gettext("Search in conflicts")}</span>
          <input type="search" maxlength="100" .value=${filters.text} placeholder=${gettext("Zone, street, rule…")} @input=${this.typed}></label>
        <button type="button" class="button small-button filter-toggle" aria-expanded=${this.isOpen ? "true" : "false"} aria-controls="filter-more"
          @click=${() => (this.isOpen = !this.isOpen)}>${gettext("Filter")}${count > 0 ? html` <span class="filter-count">${count}</span>` : nothing} ${icon(this.isOpen ? "less" : "more")}</button>
      </div>
      <div id="filter-more" class="filter-more" ?data-open=${this.isOpen}>
        ${this.select("severity", gettext("Severity"), SEVERITIES.map((one) => [one, nameOfSeverity(one)]))}
        ${this.select("family", gettext("Group of rules"), FAMILIES.map((one) => [one, nameOfFamily(one)]))}
        ${this.select("rule", gettext("Rule"), rules.map(({ code, title }) => [code, `${code} ${title}`]))}
        ${this.select("ward", gettext("Ward"), [...this.wards])}
        ${this.select("state", gettext("State"), STATES.map((one) => [one, nameOfState(one)]))}
        <label class="filter-field"><span>${gettext("Order")}</span>
          <select @change=${(event: Event) => { this.ordered(event); }}>
            ${SORTS.map((one) => html`<option value=${one} ?selected=${one === this.sort}>${sorts[one]}</option>`)}
          </select></label>
        <label class="filter-check"><input type="checkbox" .checked=${filters.mine}
          @change=${(event: Event) => { this.change({ mine: (event.target as HTMLInputElement).checked }); }}>${gettext("assigned to me")}</label>
        ${count > 0
          ? html`<button type="button" class="button small-button" @click=${() => { this.change(ALL_OPEN); }}>${gettext("Clear the filter")}</button>`
          : nothing}
      </div>
    </form>`;
  }

  private select(name: "severity" | "family" | "rule" | "ward" | "state", title: string, choices: readonly Choice[]): TemplateResult {
    const now = this.filters[name];
    // What a link asks for is shown even where it is not among the choices.
    const unknown = now !== "" && !choices.some(([value]) => value === now) ? [[now, now] as const] : [];
    return html`<label class="filter-field"><span>${title}</span>
      <select name=${name} @change=${(event: Event) => { this.chosen(name, event); }}>
        <option value="" ?selected=${now === ""}>${gettext("all")}</option>
        ${[...choices, ...unknown].map(([value, words]) => html`<option value=${value} ?selected=${value === now}>${words}</option>`)}
      </select></label>`;
  }

  private chosen(name: keyof Filters, event: Event): void {
    const value = (event.target as HTMLSelectElement).value;
    // A rule of another group would let nothing through.
    this.change({ [name]: value, ...(name === "family" ? { rule: "" } : {}) });
  }

  private ordered(event: Event): void {
    const value = (event.target as HTMLSelectElement).value;
    this.dispatchEvent(new CustomEvent("sort-changed", { detail: value, bubbles: true }));
  }

  private readonly typed = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => { this.change({ text }); }, REST_MS);
  };

  private change(what: Partial<Filters>): void {
    this.dispatchEvent(new CustomEvent("filters-changed", { detail: { ...this.filters, ...what }, bubbles: true }));
  }
}
