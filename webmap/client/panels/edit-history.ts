/** Who changed what, when and why. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { picture } from "./drawn-surface";
import { nameOfAction, nameOfField } from "./words";
import type { EditBrief, Surface, ZoneChange } from "../api/draft-types";
import { icon } from "../elements/icon";
import { common, FIELDS } from "../state/content";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Days and hours are the city's, wherever somebody reads them: the pages of the server say the same. */
const TIME_ZONE = "Asia/Ho_Chi_Minh";

/** Zones of one edit of which pictures are drawn; a paste may name thousands. */
const MOST_PICTURES = 12;

/**
 * The history of a draft, or of one zone of it, newest first.
 *
 * Owns which edit is open. Tells "edit-shown" (number) when one is opened, "undo-asked" (number) and
 * "more-wanted". Public: `edits`, `zone` (uid or null), `zoneLabel`, `detail` (changes of the opened
 * edit, once known), `hasMore`, `isReadOnly`, `language`.
 */
@customElement("edit-history")
export class EditHistory extends LitElement {
  @property({ attribute: false }) edits: readonly EditBrief[] = [];
  @property({ attribute: false }) zone: string | null = null;
  @property({ attribute: false }) zoneLabel = "";
  @property({ attribute: false }) detail: { readonly number: number; readonly changes: readonly ZoneChange[] } | null = null;
  @property({ attribute: false }) hasMore = true;
  @property({ attribute: false }) isReadOnly = false;
  @property({ attribute: false }) language = "vi";
  @state() private open: number | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { zone } = this;
    const shown = zone === null ? this.edits : this.edits.filter((edit) => edit.zones.includes(zone));
    return html`<section class="edit-history" aria-label=${gettext("History")}>
      <p class="panel-sum">${zone === null
        ? gettext("Every change of this draft, newest first.")
        : interpolate(gettext("Changes of zone %(label)s, newest first."), { label: this.zoneLabel })}</p>
      ${shown.length === 0 ? html`<p class="panel-empty">${gettext("Nothing was changed yet.")}</p>` : nothing}
      <ol class="edits">${this.byDay(shown)}</ol>
      ${this.hasMore && this.edits.length > 0
        ? html`<button type="button" class="button" @click=${() => { this.tell("more-wanted", null); }}>${gettext("Show more")}</button>`
        : nothing}
    </section>`;
  }

  private byDay(edits: readonly EditBrief[]): TemplateResult[] {
    const days = new Intl.DateTimeFormat(this.language, { dateStyle: "full", timeZone: TIME_ZONE });
    return edits.map((edit, at) => {
      const day = days.format(new Date(edit.at));
      const previous = edits[at - 1];
      const isNewDay = previous === undefined || days.format(new Date(previous.at)) !== day;
      return html`${isNewDay ? html`<li class="edit-day">${day}</li>` : nothing}${this.entry(edit)}`;
    });
  }

  private entry(edit: EditBrief): TemplateResult {
    const isOpen = this.open === edit.number;
    const isUndone = edit.undone_by !== null;
    const time = new Intl.DateTimeFormat(this.language, { timeStyle: "short", timeZone: TIME_ZONE }).format(new Date(edit.at));
    return html`<li class="edit" data-edit=${edit.number} ?data-undone=${isUndone}>
      <button type="button" class="edit-head" aria-expanded=${isOpen ? "true" : "false"} @click=${() => { this.toggle(edit.number); }}>
        <time datetime=${edit.at}>${time}</time>
        <span class="edit-what"><b>${nameOfAction(edit.action)}</b> ${namesOf(edit)}</span>
        <span class="edit-who">${edit.by_me ? gettext("you") : edit.by} · №&nbsp;${edit.number}</span>
        ${icon(isOpen ? "less" : "more")}
      </button>
      <div class="edit-more">
        ${edit.why === "" ? nothing : html`<p class="edit-why">“${edit.why}”</p>`}
        ${edit.accepted === "" ? nothing : html`<p class="fault-reason">${interpolate(gettext("Faults left on purpose: %(reason)s"), { reason: edit.accepted })}</p>`}
        ${edit.undoes === null ? nothing : html`<p>${interpolate(gettext("Takes back change %(number)s."), { number: edit.undoes })}</p>`}
        ${edit.undone_by === null ? nothing : html`<p class="edit-undone">${interpolate(gettext("Taken back by change %(number)s."), { number: edit.undone_by })}</p>`}
        ${isOpen ? this.opened(edit) : nothing}
      </div>
    </li>`;
  }

  private opened(edit: EditBrief): TemplateResult {
    const changes = this.detail?.number === edit.number ? this.detail.changes : null;
    const canUndo = !this.isReadOnly && edit.undone_by === null && edit.action !== "begin";
    return html`${changes === null
        ? html`<p class="form-note">${gettext("Loading…")}</p>`
        : html`<ul class="edit-changes">${changes.slice(0, MOST_PICTURES).map((change) => this.change(change))}</ul>
            ${changes.length > MOST_PICTURES
              ? html`<p class="form-note">${interpolate(gettext("and %(count)s more"), { count: changes.length - MOST_PICTURES })}</p>`
              : nothing}`}
      ${canUndo
        ? html`<button type="button" class="button small-button" @click=${() => { this.tell("undo-asked", edit.number); }}>
            ${edit.action === "undo" ? gettext("Do it again") : gettext("Take it back")}</button>`
        : nothing}`;
  }

  private change({ before, after }: ZoneChange): TemplateResult {
    const [was, is] = [before, after].map((one): Surface[] => (one === null ? [] : [one.boundary]));
    const label = after?.label ?? before?.label ?? "";
    const isSame = before !== null && after !== null && JSON.stringify(before.boundary) === JSON.stringify(after.boundary);
    const both = [...(was ?? []), ...(is ?? [])];
    const figure = (shown: readonly Surface[], name: string): TemplateResult =>
      html`<figure>${picture(shown, both, `${name} ${label}`)}<figcaption>${shown.length === 0 ? gettext("not there") : name}</figcaption></figure>`;
    return html`<li>
      <b>${label === "" ? gettext("without a symbol") : label}</b>
      ${isSame ? nothing : html`<div class="edit-pictures">${figure(was ?? [], gettext("Before"))}${figure(is ?? [], gettext("After"))}</div>`}
      ${before === null || after === null
        ? nothing
        : html`<dl class="edit-fields">
            ${FIELDS.filter((field) => common([before, after], field) === null).map(
              (field) => html`<div><dt>${nameOfField(field)}</dt>
                <dd><del>${String(before[field] ?? "") || "–"}</del> → <ins>${String(after[field] ?? "") || "–"}</ins></dd></div>`,
            )}
          </dl>`}
    </li>`;
  }

  private toggle(number: number): void {
    this.open = this.open === number ? null : number;
    if (this.open !== null) this.tell("edit-shown", number);
  }

  private tell(name: string, detail: number | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

function namesOf(edit: EditBrief): string {
  const named = edit.labels.filter((label) => label !== "").slice(0, 3);
  const others = edit.zones.length - named.length;
  if (edit.zones.length === 0) return "";
  if (named.length === 0) {
    return interpolate(ngettext("%(count)s zone", "%(count)s zones", edit.zones.length), { count: edit.zones.length });
  }
  return others > 0 ? `${named.join(", ")} ${interpolate(gettext("and %(count)s more"), { count: others })}` : named.join(", ");
}
