/** Writing into one cell of the table. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { nameOfField, nameOfFunction, refusalText } from "./words";
import type { Content, PlanFunction } from "../api/draft-types";
import { type Field, LONGEST, only, type Refusal, take } from "../state/content";

/** What "cell-written" carries: the content, and by how many rows and columns to go on. */
export interface Written {
  readonly content: Partial<Content>;
  readonly rows: number;
  readonly columns: number;
}

/**
 * An input, or a list of functions, in a cell.
 *
 * Owns what is typed. Enter goes on downwards, Tab to the right, Esc leaves all as it was; leaving
 * the cell keeps what can be kept. Tells "cell-written" (Written) or "cell-left". Public: `field`,
 * `text`, `isReplaced` (typing replaces the text), `functions`, `language`, `keep`.
 */
@customElement("cell-editor")
export class CellEditor extends LitElement {
  @property({ attribute: false }) field: Field = "label";
  @property({ attribute: false }) text = "";
  @property({ attribute: false }) isReplaced = false;
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) language = "vi";
  @state() private refusal: Refusal | null = null;
  private isOver = false;

  /** Take what is written, or leave the cell where it cannot be taken. */
  keep(): void {
    if (!this.take(0, 0)) this.leave();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    const control = this.querySelector<HTMLInputElement | HTMLSelectElement>("input, select");
    control?.focus({ preventScroll: true });
    if (!(control instanceof HTMLInputElement)) return;
    const { length } = this.text;
    control.setSelectionRange(this.isReplaced ? 0 : length, length);
  }

  protected override render(): TemplateResult {
    const name = nameOfField(this.field);
    if (this.field === "function") {
      return html`<select aria-label=${name} @change=${this.wrote} @blur=${this.left} @keydown=${this.pressed}>
        ${this.functions.map(
          (one) => html`<option value=${one.code} ?selected=${one.code === this.text}>${nameOfFunction(one, this.language)}</option>`,
        )}
      </select>`;
    }
    return html`<input type="text" aria-label=${name} autocomplete="off" maxlength=${LONGEST[this.field] ?? nothing}
        aria-invalid=${this.refusal === null ? nothing : "true"}
        .value=${this.text} @input=${this.wrote} @blur=${this.left} @keydown=${this.pressed} />
      ${this.refusal === null ? nothing : html`<span class="cell-refusal" role="alert">${refusalText(this.refusal)}</span>`}`;
  }

  private readonly wrote = (event: Event): void => {
    this.text = (event.target as HTMLInputElement | HTMLSelectElement).value;
    this.refusal = null;
  };

  private readonly left = (): void => {
    this.keep();
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    // While a cell is written, keys mean neither the table nor the map.
    event.stopPropagation();
    const step = event.shiftKey ? -1 : 1;
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter") this.take(step, 0);
    else if (event.key === "Tab") this.take(0, step);
    else return;
    event.preventDefault();
  };

  private take(rows: number, columns: number): boolean {
    if (this.isOver) return true;
    const taken = take(this.field, this.text, this.functions);
    if (!taken.ok) {
      this.refusal = taken.why;
      return false;
    }
    this.isOver = true;
    const detail: Written = { content: only(this.field, taken.value), rows, columns };
    this.dispatchEvent(new CustomEvent("cell-written", { detail }));
    return true;
  }

  private leave(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.dispatchEvent(new CustomEvent("cell-left"));
  }
}
