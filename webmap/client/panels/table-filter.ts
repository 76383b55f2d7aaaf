/** Which rows of the table are shown. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { nameOfFunction } from "./words";
import type { PlanFunction, Zone } from "../api/draft-types";
import { codes } from "../state/zone-colours";
import { gettext } from "../text/gettext";

/** What the bar asks for; the words and the function are of state/zone-rows.ts. */
export interface Asked {
  readonly words: string;
  readonly function: string;
  readonly onlySelected: boolean;
}

/**
 * A box for words, a list of the functions present, and "only what is selected".
 *
 * Tells "filter-asked" (Asked). Public: `asked`, `zones`, `functions`, `language`.
 */
@customElement("table-filter")
export class TableFilter extends LitElement {
  @property({ attribute: false }) asked: Asked = { words: "", function: "", onlySelected: false };
  @property({ attribute: false }) zones: readonly Zone[] = [];
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { asked } = this;
    return html`<div class="table-filter" role="search" @keydown=${stay}>
      <input type="search" aria-label=${gettext("Filter by words")} placeholder=${gettext("Filter by words")} .value=${asked.words}
        @input=${(event: Event) => { this.ask({ words: (event.target as HTMLInputElement).value }); }} />
      <select aria-label=${gettext("Filter by function")}
        @change=${(event: Event) => { this.ask({ function: (event.target as HTMLSelectElement).value }); }}>
        <option value="" ?selected=${asked.function === ""}>${gettext("All functions")}</option>
        ${this.present().map(
          ({ code, name, count }) => html`<option value=${code} ?selected=${code === asked.function}>${name} (${count})</option>`,
        )}
      </select>
      <label class="table-check">
        <input type="checkbox" .checked=${asked.onlySelected}
          @change=${(event: Event) => { this.ask({ onlySelected: (event.target as HTMLInputElement).checked }); }} />
        ${gettext("Only what is selected")}
      </label>
    </div>`;
  }

  private present(): { code: string; name: string; count: number }[] {
    const counts = new Map<string, number>();
    for (const zone of this.zones) counts.set(zone.function, (counts.get(zone.function) ?? 0) + 1);
    const known = codes(this.functions);
    const nameOf = (code: string): string => {
      const of = known.get(code);
      return of === undefined ? code : nameOfFunction(of, this.language);
    };
    return [...counts]
      .map(([code, count]) => ({ code, count, name: nameOf(code) }))
      .sort((a, b) => a.name.localeCompare(b.name, this.language));
  }

  private ask(change: Partial<Asked>): void {
    this.asked = { ...this.asked, ...change };
    this.dispatchEvent(new CustomEvent("filter-asked", { detail: this.asked }));
  }
}

/** Keys pressed in the bar are none of the map's. */
function stay(event: KeyboardEvent): void {
  event.stopPropagation();
}
