/** Zone, table, findings and history in tabs beside the map. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { icon } from "../../elements/icon";
import { gettext } from "../../text/gettext";

export type Panel = "zone" | "table" | "faults" | "conflicts" | "history";

/**
 * The tabs.
 *
 * Owns whether a phone shows them. Tells "panel-chosen" (Panel). Public: `panel`, `faults` and `blocking`
 * (how many), `content` (what is drawn in the open tab), `isOpen`, `show`.
 */
@customElement("side-panels")
export class SidePanels extends LitElement {
  @property({ attribute: false }) panel: Panel = "zone";
  @property({ attribute: false }) faults = 0;
  /** Conflicts that stop the approval. */
  @property({ attribute: false }) blocking = 0;
  @property({ attribute: false }) content: TemplateResult = html``;
  /** Only on a phone: there the panels lie over the map. */
  @property({ attribute: false }) isOpen = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const tabs: readonly (readonly [Panel, string])[] = [
      ["zone", gettext("Zone")],
      ["table", gettext("Table")],
      ["faults", gettext("Faults")],
      ["conflicts", gettext("Conflicts")],
      ["history", gettext("History")],
    ];
    return html`<div class="tabs"><div class="tab-list" role="tablist" aria-label=${gettext("Panels")} @keydown=${this.pressed}>
        ${tabs.map(
          ([panel, title]) => html`<button type="button" role="tab" id="tab-${panel}" aria-controls="panel" tabindex=${panel === this.panel ? "0" : "-1"}
            aria-selected=${panel === this.panel ? "true" : "false"} @click=${() => { this.choose(panel); }}>
            ${title}${this.count(panel)}
          </button>`,
        )}</div>
        <button type="button" class="panels-toggle" aria-expanded=${this.isOpen ? "true" : "false"} aria-controls="panel"
          @click=${() => (this.isOpen = !this.isOpen)}>${icon(this.isOpen ? "more" : "less")}<span class="unseen">${gettext("Panels")}</span></button>
      </div>
      <div id="panel" class="panel" role="tabpanel" aria-labelledby="tab-${this.panel}" data-panel=${this.panel} ?data-open=${this.isOpen} tabindex="-1">${this.content}</div>`;
  }

  private count(panel: Panel): TemplateResult | typeof nothing {
    const count = { faults: this.faults, conflicts: this.blocking, zone: 0, table: 0, history: 0 }[panel];
    return count > 0 ? html` <span class="tab-count">${count}</span>` : nothing;
  }

  /** Open a panel from outside. */
  show(panel: Panel): void {
    if (this.panel !== panel || !this.isOpen) this.choose(panel);
    this.isOpen = true;
  }

  private choose(panel: Panel): void {
    this.isOpen = this.panel !== panel || !this.isOpen;
    this.panel = panel;
    this.dispatchEvent(new CustomEvent("panel-chosen", { detail: panel, bubbles: true }));
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tabs = [...this.querySelectorAll<HTMLElement>("[role=tab]")];
    const at = tabs.findIndex((tab) => tab === event.target);
    tabs[(at + step + tabs.length) % tabs.length]?.focus();
  };
}
