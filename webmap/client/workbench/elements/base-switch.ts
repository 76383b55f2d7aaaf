/** What lies below the drawing. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon } from "../../elements/icon";
import { gettext } from "../../text/gettext";

export interface BaseLayer {
  readonly id: string;
  readonly title: string;
}

/**
 * A list of layers with a check box each, and one for the lines that one snaps to.
 *
 * Owns whether it is open. Tells "base-chosen" (ids) and "ground-chosen" (boolean). Public: `layers`,
 * `shown`, `showsGround`, `hasGround` (false: there is nothing to snap to).
 */
@customElement("base-switch")
export class BaseSwitch extends LitElement {
  @property({ attribute: false }) layers: readonly BaseLayer[] = [];
  @property({ attribute: false }) shown: readonly string[] = [];
  @property({ attribute: false }) showsGround = false;
  @property({ attribute: false }) hasGround = true;
  @state() private isOpen = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="legend-toggle" aria-expanded=${this.isOpen ? "true" : "false"} aria-controls="base-list"
        @click=${() => (this.isOpen = !this.isOpen)}>
        ${icon("layers")}<span>${gettext("Base map")}</span>${icon(this.isOpen ? "less" : "more")}
      </button>
      <div id="base-list" class="legend-list" ?hidden=${!this.isOpen} tabindex="0" role="region" aria-label=${gettext("Base map")}>
        <fieldset class="layer-group">
          <legend>${gettext("Below the drawing")}</legend>
          ${this.layers.map(
            ({ id, title }) => html`<label class="layer-choice">
              <input type="checkbox" name="base" value=${id} .checked=${this.shown.includes(id)} @change=${() => { this.toggle(id); }} />
              <span>${title}</span>
            </label>`,
          )}
        </fieldset>
        ${this.hasGround ? this.ground() : nothing}
      </div>`;
  }

  private ground(): TemplateResult {
    return html`<fieldset class="layer-group">
      <legend>${gettext("Above the drawing")}</legend>
      <label class="layer-choice">
        <input type="checkbox" name="ground" .checked=${this.showsGround}
          @change=${(event: Event) => { this.tell("ground-chosen", (event.target as HTMLInputElement).checked); }} />
        <span>${gettext("Edges one can snap to: plots, control lines, zones in force")}</span>
      </label>
    </fieldset>`;
  }

  private toggle(id: string): void {
    const shown = this.shown.includes(id) ? this.shown.filter((one) => one !== id) : [...this.shown, id];
    this.shown = shown;
    this.tell("base-chosen", shown);
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
