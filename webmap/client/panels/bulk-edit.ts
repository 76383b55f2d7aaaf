/** One value for all selected rows. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import "./function-select";
import { boundsText, nameOfField, refusalText } from "./words";
import type { PlanFunction } from "../api/draft-types";
import { type Field, FIELDS, isIndicator, LONGEST, only, type Refusal, take } from "../state/content";
import { gettext, interpolate } from "../text/gettext";

/**
 * Chooses a field and a value.
 *
 * Owns both. Tells "bulk-asked" (Partial<Content>). Public: `count`, `functions`, `language`.
 */
@customElement("bulk-edit")
export class BulkEdit extends LitElement {
  @property({ attribute: false }) count = 0;
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) language = "vi";
  @state() private field: Field = "function";
  @state() private text = "";
  @state() private refusal: Refusal | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const read = isIndicator(this.field) ? boundsText(this.text, this.field, this.language) : "";
    return html`<form class="bulk-edit" novalidate @submit=${this.asked} @keydown=${stay}>
      <span>${interpolate(gettext("For %(count)s selected:"), { count: this.count })}</span>
      <select aria-label=${gettext("Field")} @change=${this.chose}>
        ${FIELDS.map((field) => html`<option value=${field} ?selected=${field === this.field}>${nameOfField(field)}</option>`)}
      </select>
      ${this.field === "function"
        ? html`<function-select .functions=${this.functions} .language=${this.language} .label=${gettext("New value")}
            .value=${this.text} @function-chosen=${(event: CustomEvent<string>) => { this.become(event.detail); }}></function-select>`
        : html`<input type="text" aria-label=${gettext("New value")} autocomplete="off" maxlength=${LONGEST[this.field] ?? nothing}
            .value=${this.text} @input=${(event: Event) => { this.become((event.target as HTMLInputElement).value); }} />`}
      <button class="button small-button main-button">${gettext("Set for all")}</button>
      <output class="form-read">
        ${this.refusal === null ? read : html`<span class="form-refusal">${refusalText(this.refusal)}</span>`}
      </output>
    </form>`;
  }

  private become(text: string): void {
    this.text = text;
    this.refusal = null;
  }

  private readonly chose = (event: Event): void => {
    this.field = (event.target as HTMLSelectElement).value as Field;
    this.become("");
  };

  private readonly asked = (event: Event): void => {
    event.preventDefault();
    const taken = take(this.field, this.text, this.functions);
    if (!taken.ok) {
      this.refusal = taken.why;
      return;
    }
    this.dispatchEvent(new CustomEvent("bulk-asked", { detail: only(this.field, taken.value) }));
  };
}

/** Keys pressed in the form are none of the map's. */
function stay(event: KeyboardEvent): void {
  event.stopPropagation();
}
