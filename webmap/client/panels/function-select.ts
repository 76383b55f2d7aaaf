/** Choosing a function of land among many: by group, by colour, by typing. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { PlanFunction } from "../api/draft-types";
import { folded } from "../state/content";
import { gettext } from "../text/gettext";
import { nameOfFunction } from "./words";

let made = 0;

/**
 * A combobox (ARIA 1.2) over the functions of a plan.
 *
 * Owns the text typed and whether the list is open. Tells "function-chosen" (code). Public:
 * `functions`, `value` (code; null: several), `language`, `label`.
 */
@customElement("function-select")
export class FunctionSelect extends LitElement {
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) value: string | null = "";
  @property({ attribute: false }) language = "vi";
  @property({ attribute: false }) label = "";
  /** null: nothing typed, the chosen function is shown. */
  @state() private typed: string | null = null;
  @state() private isOpen = false;
  @state() private active = 0;

  private readonly number = ++made;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const hits = this.hits;
    const list = `functions-${this.number}`;
    const isOpen = this.isOpen;
    return html`<div class="function-select" @focusout=${this.left}>
      ${swatch(this.chosen?.colour ?? "none")}
      <input
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls=${list}
        aria-expanded=${isOpen ? "true" : "false"}
        aria-activedescendant=${isOpen && hits[this.active] ? `${list}-${this.active}` : nothing}
        placeholder=${this.value === null ? gettext("several values") : ""}
        .value=${this.typed ?? this.shownName}
        @focus=${(event: Event) => { (event.target as HTMLInputElement).select(); }}
        @click=${() => { if (!this.isOpen) this.open(); }}
        @input=${this.wrote}
        @keydown=${this.pressed}
      />
      <ul id=${list} role="listbox" aria-label=${this.label} ?hidden=${!isOpen} @mousedown=${keepFocus}>
        ${isOpen ? this.options(hits, list) : nothing}
        ${isOpen && hits.length === 0
          ? html`<li class="function-none" role="option" aria-selected="false" aria-disabled="true">
              ${gettext("No function has these words.")}
            </li>`
          : nothing}
      </ul>
    </div>`;
  }

  private options(hits: readonly PlanFunction[], list: string): TemplateResult[] {
    return hits.map((one, at) => {
      const isFirst = one.group !== hits[at - 1]?.group;
      return html`${isFirst && one.group !== ""
          ? html`<li class="function-group" role="presentation">${gettext(one.group)}</li>`
          : nothing}
        <li
          id="${list}-${at}"
          role="option"
          class="function-option ${at === this.active ? "is-active" : ""}"
          aria-selected=${one.code === this.value ? "true" : "false"}
          @click=${() => { this.choose(one); }}
        >
          ${swatch(one.colour)}<span>${nameOfFunction(one, this.language)}<small>${one.code}</small></span>
        </li>`;
    });
  }

  private get chosen(): PlanFunction | undefined {
    return this.functions.find((one) => one.code === this.value);
  }

  private get shownName(): string {
    return this.chosen === undefined ? (this.value ?? "") : nameOfFunction(this.chosen, this.language);
  }

  /** Functions with all words typed, those of a group together. */
  private get hits(): readonly PlanFunction[] {
    const words = folded(this.typed ?? "").split(/\s+/).filter((word) => word !== "");
    const groups = [...new Set(this.functions.map((one) => one.group))];
    return this.functions
      .filter((one) => {
        const text = folded(`${one.name_vi} ${one.name_en} ${one.code}`);
        return words.every((word) => text.includes(word));
      })
      .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
  }

  private readonly wrote = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.isOpen = true;
    this.active = 0;
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const count = this.hits.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) this.open();
      else if (count > 0) {
        this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
        this.showActive();
      }
    } else if (event.key === "Enter" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      const hit = this.hits[this.active];
      if (hit !== undefined) this.choose(hit);
    } else if (event.key === "Escape" && (this.isOpen || this.typed !== null)) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  };

  private open(): void {
    this.isOpen = true;
    this.active = Math.max(0, this.hits.findIndex((one) => one.code === this.value));
    this.showActive();
  }

  private showActive(): void {
    void this.updateComplete.then(() => {
      this.querySelector(".function-option.is-active")?.scrollIntoView({ block: "nearest" });
    });
  }

  private readonly left = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.close();
  };

  private close(): void {
    this.isOpen = false;
    this.typed = null;
  }

  private choose(one: PlanFunction): void {
    this.close();
    if (one.code === this.value) return;
    this.value = one.code;
    this.dispatchEvent(new CustomEvent("function-chosen", { detail: one.code, bubbles: true }));
  }
}

/** A field of colour; the name stands beside it. */
export function swatch(colour: string): TemplateResult {
  return html`<svg class="panel-swatch" viewBox="0 0 20 14" aria-hidden="true">
    <rect x="0.5" y="0.5" width="19" height="13" rx="2" fill=${colour}></rect>
  </svg>`;
}

/** The list is chosen from with the mouse while the box keeps the keyboard's focus. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
