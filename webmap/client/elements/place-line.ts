/** Where the pointer is, in degrees and in the city's VN-2000 zone. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { LonLat } from "../api/types";
import type { Vn2000 } from "../crs/vn2000";
import type { Format } from "../text/format";
import { gettext } from "../text/gettext";

/** One line with the coordinates of `place`. Public: `place`, `zone`, `format`. */
@customElement("place-line")
export class PlaceLine extends LitElement {
  @property({ attribute: false }) place: LonLat | null = null;
  @property({ attribute: false }) zone: Vn2000 | null = null;
  @property({ attribute: false }) format!: Format;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.place === null) return nothing;
    const letters = { north: gettext("N"), east: gettext("E") };
    return html`
      <span>${this.format.place(this.place, letters)}</span>
      ${this.zone === null
        ? nothing
        : html`<span>VN-2000 (EPSG:${this.zone.epsg}) ${this.format.grid(this.zone.fromLonLat(this.place))}</span>`}
    `;
  }
}
