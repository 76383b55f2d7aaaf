/** Which layers lie on the map besides plans and plots. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon } from "./icon";
import type { MapLayer } from "../api/types";
import { gettext } from "../text/gettext";

/** Groups in the order in which they are offered; the server names the group of each layer. */
const GROUPS = ["plans", "transport", "water", "supply", "limits", "town", "units"] as const;

/**
 * A collapsible list of layers with a check box each.
 *
 * Owns whether it is open. Tells "layers-chosen" (ids of what is shown). Public: `layers`, `shown`,
 * `language`.
 */
@customElement("layer-switch")
export class LayerSwitch extends LitElement {
  @property({ attribute: false }) layers: readonly MapLayer[] = [];
  @property({ attribute: false }) shown: readonly string[] = [];
  @property({ attribute: false }) language = "vi";
  @state() private isOpen = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.layers.length === 0) return nothing;
    return html`
      <button
        type="button"
        class="legend-toggle"
        aria-expanded=${this.isOpen ? "true" : "false"}
        aria-controls="layer-list"
        @click=${() => (this.isOpen = !this.isOpen)}
      >
        ${icon("layers")}<span>${gettext("Layers")}</span>${icon(this.isOpen ? "less" : "more")}
      </button>
      <div id="layer-list" class="legend-list" ?hidden=${!this.isOpen} tabindex="0" role="region"
        aria-label=${gettext("Layers")}>
        ${GROUPS.map((group) => this.group(group))}
      </div>
    `;
  }

  private group(group: (typeof GROUPS)[number]): TemplateResult | typeof nothing {
    const members = this.layers.filter((layer) => layer.group === group);
    if (members.length === 0) return nothing;
    return html`<fieldset class="layer-group">
      <legend>${this.titleOf(group)}</legend>
      ${members.map(
        (layer) => html`<label class="layer-choice">
          <input
            type="checkbox"
            name="layer"
            value=${layer.id}
            .checked=${this.shown.includes(layer.id)}
            @change=${() => { this.toggle(layer.id); }}
          />
          ${this.swatch(layer)}
          <span>${this.language === "en" ? layer.title_en : layer.title_vi}</span>
        </label>`,
      )}
    </fieldset>`;
  }

  private titleOf(group: (typeof GROUPS)[number]): string {
    const titles = {
      plans: gettext("Plans and projects"),
      transport: gettext("Transport"),
      water: gettext("Water and dykes"),
      supply: gettext("Power and pipes"),
      limits: gettext("Lines and distances"),
      town: gettext("Buildings and services"),
      units: gettext("Administrative units"),
    };
    return titles[group];
  }

  private swatch(layer: MapLayer): TemplateResult {
    const shapes = {
      polygon: html`<svg class="swatch" viewBox="0 0 20 14" aria-hidden="true">
        <rect x="1" y="1" width="18" height="12" rx="2" fill=${layer.colour}></rect>
      </svg>`,
      line: html`<svg class="swatch" viewBox="0 0 20 14" aria-hidden="true">
        <path d="M1 11 19 3" stroke=${layer.colour} stroke-width="3"></path>
      </svg>`,
      point: html`<svg class="swatch" viewBox="0 0 20 14" aria-hidden="true">
        <circle cx="10" cy="7" r="5" fill=${layer.colour}></circle>
      </svg>`,
    };
    return shapes[layer.shape];
  }

  private toggle(id: string): void {
    const shown = new Set(this.shown);
    if (!shown.delete(id)) shown.add(id);
    this.shown = [...shown];
    this.dispatchEvent(new CustomEvent("layers-chosen", { detail: this.shown, bubbles: true }));
  }
}
