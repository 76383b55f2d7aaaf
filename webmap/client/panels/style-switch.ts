/** By what zones are coloured, and what the colours mean. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { swatch } from "./function-select";
import { nameOfLegend, nameOfStyle, unitOfStyle } from "./words";
import type { PlanFunction, Zone } from "../api/draft-types";
import { icon } from "../elements/icon";
import { legendOf, type StyleBy, STYLES } from "../state/zone-colours";
import { gettext } from "../text/gettext";

export { colourOf, legendOf, type StyleBy } from "../state/zone-colours";

/**
 * A list of ways to colour, with the legend of the one chosen.
 *
 * Owns whether the legend is open. Tells "style-chosen" (StyleBy). Public: `by`, `functions`,
 * `zones` (those counted in the legend), `language`.
 */
@customElement("style-switch")
export class StyleSwitch extends LitElement {
  @property({ attribute: false }) by: StyleBy = "function";
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) zones: readonly Zone[] = [];
  @property({ attribute: false }) language = "vi";
  @state() private isOpen = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<div class="style-switch">
      <label class="style-by">
        <span>${gettext("Colours show")}</span>
        <select @change=${this.chose}>
          ${STYLES.map((by) => html`<option value=${by} ?selected=${by === this.by}>${nameOfStyle(by)}</option>`)}
        </select>
      </label>
      <button type="button" class="legend-toggle" aria-expanded=${this.isOpen ? "true" : "false"} aria-controls="style-legend"
        @click=${() => (this.isOpen = !this.isOpen)}>
        ${icon("legend")}<span>${gettext("Legend")}</span>${icon(this.isOpen ? "less" : "more")}
      </button>
      <div id="style-legend" class="style-legend" ?hidden=${!this.isOpen} tabindex="0" role="region" aria-label=${gettext("Legend")}>
        ${this.isOpen ? this.legend() : nothing}
      </div>
    </div>`;
  }

  private legend(): TemplateResult {
    const unit = unitOfStyle(this.by);
    return html`${unit === "" ? nothing : html`<p class="form-note">${unit}</p>`}
      <ul>
        ${legendOf(this.by, this.functions, this.zones).map(
          (line) => html`<li>${swatch(line.colour)}<span>${nameOfLegend(line.name, this.language)}</span><small>${line.count}</small></li>`,
        )}
      </ul>`;
  }

  private readonly chose = (event: Event): void => {
    this.by = (event.target as HTMLSelectElement).value as StyleBy;
    this.dispatchEvent(new CustomEvent("style-chosen", { detail: this.by, bubbles: true }));
  };
}
