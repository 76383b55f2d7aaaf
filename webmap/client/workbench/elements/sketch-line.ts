/** Area, perimeter, edge and neighbours of what is drawn or selected. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { gettext, interpolate, ngettext } from "../../text/gettext";

export interface Measures {
  readonly area_m2: number | null;
  /** Of a surface its perimeter, of a line its length. */
  readonly length_m: number | null;
  readonly edge_m: number | null;
  readonly bearing: number | null;
  readonly neighbours: readonly string[];
  /** Faults that the sketch would open; null: not known yet. */
  readonly faults: number | null;
}

export const NO_MEASURES: Measures = { area_m2: null, length_m: null, edge_m: null, bearing: null, neighbours: [], faults: null };

/** The line of measures. Owns nothing. Public: `measures`, `language`. */
@customElement("sketch-line")
export class SketchLine extends LitElement {
  @property({ attribute: false }) measures: Measures = NO_MEASURES;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { area_m2, length_m, edge_m, bearing, neighbours, faults } = this.measures;
    const number = (value: number, digits: number): string =>
      new Intl.NumberFormat(this.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    return html`${area_m2 === null
        ? nothing
        : html`<span class="measure" data-measure="area"><b>${number(area_m2, 1)}&nbsp;m²</b> (${number(area_m2 / 10_000, 4)}&nbsp;ha)</span>`}
      ${length_m === null
        ? nothing
        : html`<span class="measure" data-measure="length">${area_m2 === null ? gettext("length") : gettext("perimeter")} ${number(length_m, 2)}&nbsp;m</span>`}
      ${edge_m === null
        ? nothing
        : html`<span class="measure" data-measure="edge">${gettext("edge")} ${number(edge_m, 2)}&nbsp;m${bearing === null ? nothing : html` · ${number(bearing, 2)}°`}</span>`}
      ${neighbours.length === 0
        ? nothing
        : html`<span class="measure" data-measure="neighbours" title=${neighbours.join(", ")}>${gettext("beside")} ${neighbours.slice(0, 3).join(", ")}${neighbours.length > 3 ? "…" : ""}</span>`}
      ${faults === null || faults === 0
        ? nothing
        : html`<span class="measure measure-fault" data-measure="faults">${interpolate(ngettext("%(count)s fault", "%(count)s faults", faults), { count: faults })}</span>`}`;
  }
}
