/** Conflicts as a list that keys walk through. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { namesOf, nameOfState, severityMark, sizesOf, timeText } from "./words";
import type { ConflictView } from "../api/conflict-types";
import { gettext, interpolate } from "../text/gettext";

/**
 * A list of conflicts.
 *
 * Owns nothing but what is drawn. Tells "conflict-chosen" (key) and "more-wanted". Public: `conflicts`,
 * `selected` (key), `wards` (names by code; empty: wards are not told), `hasMore`, `label`, `language`.
 */
@customElement("conflict-list")
export class ConflictList extends LitElement {
  @property({ attribute: false }) conflicts: readonly ConflictView[] = [];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) hasMore = false;
  @property({ attribute: false }) label = "";
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<ul class="conflict-list" aria-label=${this.label === "" ? gettext("Conflicts") : this.label} @keydown=${this.pressed}>
        ${this.conflicts.map((one) => this.entry(one))}
      </ul>
      ${this.hasMore
        ? html`<button type="button" class="button conflict-more" @click=${() => { this.tell("more-wanted", null); }}>${gettext("Show more")}</button>`
        : nothing}`;
  }

  private entry(one: ConflictView): TemplateResult {
    const wards = namesOf(one.wards, this.wards);
    const more = wards.length > 2 ? ` +${wards.length - 2}` : "";
    const facts = [...sizesOf(one, this.language), ...(wards.length > 0 ? [wards.slice(0, 2).join(", ") + more] : [])];
    return html`<li>
      <button type="button" class="conflict-row" data-key=${one.key} data-severity=${one.severity} data-state=${one.state}
        aria-current=${one.key === this.selected ? "true" : nothing} @click=${() => { this.tell("conflict-chosen", one.key); }}>
        ${severityMark(one.severity, false)}
        <span class="conflict-words">
          <span class="conflict-title"><b>${one.title}</b> <span class="conflict-rule">${one.rule}</span></span>
          <span class="conflict-said">${one.text}</span>
          <span class="conflict-facts">${facts.join(" · ")}</span>
          <span class="conflict-facts">${this.since(one)}${one.assigned_to === null
            ? nothing
            : html` · ${interpolate(gettext("assigned to %(name)s"), { name: one.assigned_to })}`}${one.state === "open"
            ? nothing
            : html` <span class="conflict-state" data-state=${one.state}>${nameOfState(one.state)}</span>`}${one.changed
            ? html` <span class="conflict-state">${gettext("changed since")}</span>`
            : nothing}</span>
        </span>
      </button>
    </li>`;
  }

  private since({ first_seen, by }: ConflictView): string {
    const when = timeText(first_seen, this.language);
    return by === null
      ? interpolate(gettext("since %(when)s"), { when })
      : interpolate(gettext("since %(when)s, by an edit of %(name)s"), { when, name: by });
  }

  /** Arrows go from one to the next, as in any list. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const rows = [...this.querySelectorAll<HTMLElement>(".conflict-row")];
    const at = rows.findIndex((row) => row === event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
  };

  private tell(name: string, detail: string | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
