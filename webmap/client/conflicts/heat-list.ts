/** The squares of the heat map with the most conflicts, for those who read rather than look. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { areaText, countText, severityMark } from "./words";
import type { Heat, HeatCell } from "../api/conflict-types";
import { gettext, interpolate, ngettext } from "../text/gettext";

const MOST_SHOWN = 20;

/** Legend and list. Owns nothing. Tells "square-chosen" (HeatCell). Public: `heat`, `language`. */
@customElement("heat-list")
export class HeatList extends LitElement {
  @property({ attribute: false }) heat: Heat | null = null;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { heat } = this;
    if (heat === null) return html`<p class="panel-empty">${gettext("Loading…")}</p>`;
    if (heat.cells.length === 0) return html`<p class="panel-empty">${gettext("No open conflict to show.")}</p>`;
    const cells = [...heat.cells].sort((one, other) => other[2] - one[2]).slice(0, MOST_SHOWN);
    const metres = countText(Math.round(heat.cell_m), this.language);
    return html`<div class="heat-legend">
        <p>${interpolate(gettext("Open conflicts in squares of %(metres)s m; the number stands in the square."), { metres })}</p>
        <p class="heat-scale"><span>${gettext("few")}</span>${[1, 2, 3, 4, 5].map((shade) => html`<i data-shade=${shade}></i>`)}<span>${gettext("many")}</span>
          <i class="heat-blocks"></i><span>${gettext("one of them blocks")}</span></p>
      </div>
      <h2>${gettext("Squares with the most conflicts")}</h2>
      <ol class="heat-list">
        ${cells.map((cell) => html`<li><button type="button" class="conflict-row" @click=${() => this.dispatchEvent(new CustomEvent("square-chosen", { detail: cell, bubbles: true }))}>
          ${severityMark(cell[4], false)}
          <span class="conflict-words"><b>${interpolate(ngettext("%(count)s conflict", "%(count)s conflicts", cell[2]), { count: countText(cell[2], this.language) })}</b>
          <span class="conflict-facts">${this.factsOf(cell, heat.cell_m)}</span></span></button></li>`)}
      </ol>`;
  }

  private factsOf([east, north, , m2]: HeatCell, cell_m: number): string {
    const metres = (value: number): string => countText(Math.round(value), this.language);
    const at = `X ${metres(north + cell_m / 2)} · Y ${metres(east + cell_m / 2)}`;
    return m2 > 0 ? `${areaText(m2, this.language)} · ${at}` : at;
  }
}
