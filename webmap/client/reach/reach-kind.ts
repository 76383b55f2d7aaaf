/** One kind of service: who has it near enough, where it is worst, how far people go. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { decisive, figureOf, normOf, numberIn, partsOf } from "./figures";
import { wardChart } from "./kind-charts";
import { limitText, metresText, peopleText, reasonText, shareText, stateMark } from "./words";
import type { Figure, KindView, NormView } from "../api/reach-types";
import { shareBar } from "../charts/share-bar";
import { icon } from "../elements/icon";
import { gettext, interpolate } from "../text/gettext";

/**
 * The figures of a kind; its charts are `reach-kind-charts`.
 *
 * Tells "kind-chosen" ("" for the way back), and "norm-chosen" (id).
 * Public: `kind`, `norm` (the chosen one, ""), `figures`, `wards`, `language`.
 */
@customElement("reach-kind")
export class ReachKind extends LitElement {
  @property({ attribute: false }) kind: KindView | null = null;
  @property({ attribute: false }) norm = "";
  @property({ attribute: false }) figures: readonly Figure[] = [];
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { kind, figures } = this;
    if (kind === null) return nothing;
    const norm = normOf(figures, kind, this.norm);
    const share = norm === null ? undefined : decisive(figures, kind.code, norm);
    return html`<button type="button" class="reach-back" @click=${() => { this.tell("kind-chosen", ""); }}>${gettext("‹ All services")}</button>
      <div class="reach-kind-head"><h2 class="reach-title" id="reach-kind-title" tabindex="-1">${kind.name}</h2>
        ${share?.state == null ? nothing : stateMark(share.state)}</div>
      ${norm === null || share === undefined ? this.unnormed() : this.normed(kind, norm, share)}
      ${this.far(kind)}`;
  }

  private unnormed(): TemplateResult {
    return html`<p class="reach-note">${icon("info")}${gettext("No norm that holds here gives a distance for this service. How far people go is shown all the same.")}</p>`;
  }

  private normed(kind: KindView, norm: NormView, share: Figure): TemplateResult {
    return html`${this.chosenNorm(kind, norm)}
      ${this.headline(norm, share)}
      ${this.bothWays(kind, norm)}
      ${wardChart({ figures: this.figures, kind: kind.code, norm, wards: this.wards, language: this.language })}`;
  }

  private chosenNorm({ norms }: KindView, norm: NormView): TemplateResult {
    const name = (one: NormView): string => [one.id, limitText(one, this.language)].filter((part) => part !== "").join(" · ");
    return html`<div class="reach-norm">
      ${norms.length > 1
        ? html`<label><span>${gettext("Norm")}</span><select name="norm" @change=${(event: Event) => { this.tell("norm-chosen", (event.target as HTMLSelectElement).value); }}>
            ${norms.map((one) => html`<option value=${one.id} ?selected=${one.id === norm.id}>${name(one)}</option>`)}</select></label>`
        : html`<p><span>${gettext("Norm")}</span> <b>${name(norm)}</b></p>`}
      <p class="reach-source">${norm.source}${norm.confidence === "high" ? nothing : html` · ${gettext("from a second-hand source")}`}</p>
    </div>`;
  }

  private headline(norm: NormView, share: Figure): TemplateResult {
    const { language } = this;
    const words = shareText(share, language);
    if (words === null) return html`<p class="reach-note">${icon("no_data")}${reasonText(share.reason)}</p>`;
    const people = (name: string): string => peopleText(numberIn(share, name), language);
    const [beyond, unknown, uncounted] = [numberIn(share, "not_covered"), numberIn(share, "unknown_people"), numberIn(share, "uncounted_places")];
    return html`<p class="reach-share"><b>${words}</b> <span>${interpolate(gettext("of %(people)s people are within %(limit)s"), {
        people: peopleText(share.people ?? 0, language), limit: limitText(norm, language),
      })}</span></p>
      ${shareBar(partsOf(share))}
      <ul class="share-legend">
        <li><span class="legend-sign" data-look="covered" aria-hidden="true"></span>${gettext("within")} <b>${people("covered")}</b></li>
        ${unknown > 0 ? html`<li><span class="legend-sign" data-look="unknown" aria-hidden="true"></span>${gettext("cannot be checked")} <b>${people("unknown_people")}</b></li>` : nothing}
        <li><span class="legend-sign" data-look="beyond" aria-hidden="true"></span>${gettext("beyond")} <b>${beyond > 0 ? peopleText(Math.ceil(beyond), language) : "0"}</b></li>
      </ul>
      ${unknown > 0 && norm.laxest_m !== norm.limit_m ? html`<p class="reach-small">${gettext("Which distance holds depends on whether the area is new or existing and on its terrain; where nobody said so, it cannot be checked.")}</p>` : nothing}
      ${uncounted > 0 ? html`<p class="reach-small">${interpolate(gettext("On %(count)s plots nobody was counted; they are in none of these figures."), { count: peopleText(uncounted, language) })}</p>` : nothing}`;
  }

  /** The straight line beside the street, and whom the difference concerns. */
  private bothWays({ code }: KindView, norm: NormView): TemplateResult | typeof nothing {
    const [line, street] = [figureOf(this.figures, code, "straight", { norm: norm.id }), figureOf(this.figures, code, "share_within", { norm: norm.id })];
    const shares = [line, street].map((one) => (one === undefined ? null : shareText(one, this.language)));
    if (shares[0] === null || shares[1] === null) return nothing;
    const [people, plots] = [numberIn(line, "only_straight_people"), numberIn(line, "only_straight_places")];
    const row = (name: string, figure: Figure | undefined, share: string | null | undefined, decides: boolean): TemplateResult =>
      html`<tr ?data-decides=${decides}><th scope="row">${name}${decides ? html` <em>${gettext("decides")}</em>` : nothing}${shareBar(partsOf(figure))}</th><td>${share}</td></tr>`;
    return html`<figure class="chart both-ways"><table>
        <caption>${gettext("Straight line and street")}</caption>
        <thead class="unseen"><tr><th scope="col">${gettext("Measured")}</th><th scope="col">${gettext("People within")}</th></tr></thead>
        <tbody>${row(gettext("In a straight line"), line, shares[0], norm.measured === "straight")}${row(gettext("On foot, by the street"), street, shares[1], norm.measured === "walk")}</tbody>
      </table>
      <p class="chart-note">${people > 0 || plots > 0
        ? interpolate(gettext("%(people)s people on %(plots)s plots are within the limit as the crow flies, but not by the street."), {
            people: peopleText(Math.ceil(people), this.language), plots: peopleText(plots, this.language),
          })
        : gettext("Nobody is known to be within by the straight line and beyond by the street.")}</p></figure>`;
  }

  private far({ code }: KindView): TemplateResult | typeof nothing {
    const [median, worst] = [figureOf(this.figures, code, "metres"), figureOf(this.figures, code, "worst_decile")];
    if (median === undefined) return nothing;
    const fact = (name: string, figure: Figure | undefined): TemplateResult => html`<div><dt>${name}</dt>
      <dd>${figure?.value == null ? html`<span title=${reasonText(figure?.reason ?? "")}>${gettext("none")}</span>` : metresText(figure.value, this.language)}</dd></div>`;
    const unreached = numberIn(median, "unreached_people");
    return html`<dl class="reach-facts">${fact(gettext("half of the people walk at most"), median)}${fact(gettext("the farthest tenth walks on average"), worst)}
        <div><dt>${gettext("without any way there")}</dt><dd>${interpolate(gettext("%(people)s people"), { people: peopleText(Math.ceil(unreached), this.language) })}</dd></div></dl>`;
  }

  private tell(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
