/** All kinds of services at one look: what is asked of each, and how many people have it. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { decisive, figureOf, normOf, partsOf } from "./figures";
import { wardChart } from "./kind-charts";
import { limitText, metresText, shareText, stateMark } from "./words";
import type { Figure, KindView } from "../api/reach-types";
import { shareBar } from "../charts/share-bar";
import { gettext, interpolate } from "../text/gettext";

/** One row a kind, the worse off the higher. Tells "kind-chosen" (code). Public: `kinds`, `figures`, `wards`, `language`. */
@customElement("reach-overview")
export class ReachOverview extends LitElement {
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) figures: readonly Figure[] = [];
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const rows = this.kinds.map((kind) => {
      const norm = normOf(this.figures, kind, "");
      return { kind, norm, share: norm === null ? undefined : decisive(this.figures, kind.code, norm) };
    });
    const normed = rows.filter(({ share }) => share !== undefined && share.low !== null);
    const others = rows.filter((row) => !normed.includes(row));
    normed.sort((one, other) => (one.share?.low ?? 1) - (other.share?.low ?? 1));
    return html`<h2 class="reach-title">${gettext("Service by service")}</h2>
      <ul class="kind-list" aria-label=${gettext("Kinds of services with a distance in the norms")}>${normed.map(({ kind, norm, share }) =>
        this.row(kind, norm === null ? "" : limitText(norm, this.language), share))}</ul>
      ${others.length === 0 ? nothing : html`<h3 class="reach-subtitle">${gettext("Without a distance in the norms")}</h3>
        <ul class="kind-list" aria-label=${gettext("Kinds of services without a distance in the norms")}>${others.map(({ kind }) => this.row(kind, "", undefined))}</ul>`}
      <section class="reach-section" aria-label=${gettext("Every service, ward by ward")}>
        <div class="reach-section-head"><h3>${gettext("Every service, ward by ward")}</h3></div>
        ${wardChart({ figures: this.figures, kind: "", norm: null, wards: this.wards, language: this.language })}</section>`;
  }

  private row({ code, name }: KindView, limit: string, share: Figure | undefined): TemplateResult {
    const median = figureOf(this.figures, code, "metres");
    const words = share === undefined ? null : shareText(share, this.language);
    return html`<li><button type="button" class="kind-row" data-kind=${code}
      @click=${() => this.dispatchEvent(new CustomEvent("kind-chosen", { detail: code, bubbles: true }))}>
      <span class="kind-name">${name}</span>
      <span class="kind-share">${words === null
        ? median?.value == null ? gettext("not known") : interpolate(gettext("half within %(distance)s on foot"), { distance: metresText(median.value, this.language) })
        : html`<b>${words}</b>`}</span>
      ${share === undefined ? nothing : shareBar(partsOf(share))}
      <span class="kind-norm">${limit}</span>
      ${share?.state == null ? nothing : stateMark(share.state)}
    </button></li>`;
  }
}
