/** Other drawings of a zone, kept to be decided on later. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { Variant } from "../api/draft-types";
import { gettext, interpolate } from "../text/gettext";

/**
 * The variants of the zone that is shown.
 *
 * Tells "variant-shown", "variant-taken" and "variant-dropped" (Variant). Public: `variants`,
 * `language`, `isReadOnly`.
 */
@customElement("variant-list")
export class VariantList extends LitElement {
  @property({ attribute: false }) variants: readonly Variant[] = [];
  @property({ attribute: false }) language = "vi";
  @property({ attribute: false }) isReadOnly = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.variants.length === 0) return nothing;
    return html`<section class="variants" aria-labelledby="variants-title">
      <h3 id="variants-title">${gettext("Variants of this zone")}</h3>
      <ul>
        ${this.variants.map((one) => html`<li class="variant">${this.line(one)}</li>`)}
      </ul>
    </section>`;
  }

  private line(variant: Variant): TemplateResult {
    const when = new Date(variant.at).toLocaleString(this.language, {
      dateStyle: "short",
      timeStyle: "short",
      timeZone: "Asia/Ho_Chi_Minh",
    });
    const title = interpolate(gettext("By %(name)s, %(when)s"), { name: variant.by, when });
    const button = (name: string, text: string): TemplateResult =>
      html`<button type="button" class="button" aria-label="${text}: ${title}" @click=${() => { this.tell(name, variant); }}>${text}</button>`;
    return html`<p><b>${title}</b></p>
      ${variant.why === "" ? nothing : html`<p class="form-note">${variant.why}</p>`}
      <p class="variant-ways">
        ${button("variant-shown", gettext("Show"))}
        ${this.isReadOnly
          ? nothing
          : html`${button("variant-taken", gettext("Put into the plan"))} ${button("variant-dropped", gettext("Drop"))}`}
      </p>`;
  }

  private tell(name: string, variant: Variant): void {
    this.dispatchEvent(new CustomEvent(name, { detail: variant, bubbles: true }));
  }
}
