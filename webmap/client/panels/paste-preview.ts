/** What a pasted block would change, shown before it is taken. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { nameOfField, nameOfFunction, refusalText } from "./words";
import type { PlanFunction } from "../api/draft-types";
import type { Field } from "../state/content";
import { type Column, COLUMNS, type PastePlan } from "../state/pasted";
import { codes } from "../state/zone-colours";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** More rows than anybody reads one by one; the count stands above. */
const MOST_SHOWN = 200;

/**
 * A dialogue with rows to change, rows refused and why.
 *
 * Opens when `plan` is given. Tells "paste-taken" or "paste-left". Public: `plan`, `functions`,
 * `language`.
 */
@customElement("paste-preview")
export class PastePreview extends LitElement {
  @property({ attribute: false }) plan: PastePlan | null = null;
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("plan")) return;
    const dialog = this.querySelector("dialog");
    if (this.plan !== null) dialog?.showModal();
    else dialog?.close();
  }

  protected override render(): TemplateResult {
    const { plan } = this;
    return html`<dialog class="panel-dialog" aria-labelledby="paste-title" @cancel=${this.cancelled} @keydown=${stay}>
      ${plan === null ? nothing : this.body(plan)}
    </dialog>`;
  }

  private body(plan: PastePlan): TemplateResult {
    const count = plan.changes.length;
    return html`<h2 id="paste-title">${gettext("Paste from a table")}</h2>
      <ul class="paste-sums">
        <li data-sum="changes">${interpolate(ngettext("%(count)s zone changes", "%(count)s zones change", count), { count })}</li>
        <li data-sum="unchanged">${interpolate(gettext("%(count)s unchanged"), { count: plan.unchanged })}</li>
        <li data-sum="refused">
          ${interpolate(ngettext("%(count)s row refused", "%(count)s rows refused", plan.refused.length), { count: plan.refused.length })}
        </li>
      </ul>
      <p class="form-note">
        ${plan.isByLabel ? gettext("Zones were found by the symbols in the block.") : gettext("Rows were filled from the active cell on.")}
        ${plan.leftOut.length === 0
          ? nothing
          : interpolate(gettext("Columns not taken: %(names)s."), { names: plan.leftOut.map(nameOfColumn).join(", ") })}
      </p>
      <div class="paste-body" tabindex="0" role="region" aria-label=${gettext("What will change")}>
        ${this.refusals(plan)} ${count === 0 ? nothing : this.changes(plan)}
      </div>
      <div class="dialog-buttons">
        <button type="button" class="button" @click=${() => { this.tell("paste-left"); }}>${gettext("Cancel")}</button>
        <button type="button" class="button main-button" ?disabled=${count === 0} autofocus
          @click=${() => { this.tell("paste-taken"); }}>
          ${interpolate(ngettext("Change %(count)s zone", "Change %(count)s zones", count), { count })}
        </button>
      </div>`;
  }

  private refusals(plan: PastePlan): TemplateResult | typeof nothing {
    if (plan.refused.length === 0) return nothing;
    return html`<table class="paste-table paste-refused">
      <caption>${gettext("Refused: these rows change nothing")}</caption>
      <thead>
        <tr>
          <th scope="col">${gettext("Row")}</th><th scope="col">${gettext("Pasted")}</th><th scope="col">${gettext("Why")}</th>
        </tr>
      </thead>
      <tbody>
        ${plan.refused.slice(0, MOST_SHOWN).map(
          (one) => html`<tr>
            <th scope="row">${one.row}</th>
            <td>${one.column === null ? nothing : html`<small>${nameOfField(one.column)}:</small> `}${one.text}</td>
            <td>${refusalText(one.why)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${this.more(plan.refused.length)}`;
  }

  private changes(plan: PastePlan): TemplateResult {
    return html`<table class="paste-table">
      <caption>${gettext("What will change")}</caption>
      <thead>
        <tr>
          <th scope="col">${gettext("Row")}</th><th scope="col">${gettext("Zone")}</th>
          <th scope="col">${gettext("Field")}</th><th scope="col">${gettext("Before")}</th><th scope="col">${gettext("After")}</th>
        </tr>
      </thead>
      <tbody>
        ${plan.changes.slice(0, MOST_SHOWN).flatMap((change) =>
          change.cells.map(
            (cell, at) => html`<tr>
              ${at > 0
                ? nothing
                : html`<th scope="row" rowspan=${change.cells.length}>${change.row}</th>
                    <td rowspan=${change.cells.length}>${change.zone.label}</td>`}
              <td>${nameOfField(cell.field)}</td>
              <td><del>${this.shown(cell.field, cell.before)}</del></td>
              <td>
                <ins>${this.shown(cell.field, cell.after)}</ins>
                ${cell.isUnread ? html`<small class="form-note">${gettext("No number can be read here; it is kept as text.")}</small>` : nothing}
              </td>
            </tr>`,
          ),
        )}
      </tbody>
    </table>
    ${this.more(plan.changes.length)}`;
  }

  private more(count: number): TemplateResult | typeof nothing {
    if (count <= MOST_SHOWN) return nothing;
    return html`<p class="form-note">${interpolate(gettext("and %(count)s more"), { count: count - MOST_SHOWN })}</p>`;
  }

  private shown(field: Field, text: string): string {
    if (text === "") return "–";
    const of = field === "function" ? codes(this.functions).get(text) : undefined;
    return of === undefined ? text : nameOfFunction(of, this.language);
  }

  private readonly cancelled = (event: Event): void => {
    event.preventDefault();
    this.tell("paste-left");
  };

  private tell(name: "paste-taken" | "paste-left"): void {
    this.dispatchEvent(new CustomEvent(name));
  }
}

function nameOfColumn(name: string): string {
  return (COLUMNS as readonly string[]).includes(name) ? nameOfField(name as Column) : name;
}

/** Keys pressed in the dialogue are none of the map's. */
function stay(event: KeyboardEvent): void {
  event.stopPropagation();
}
