/** What one can do about a conflict. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { ConflictDetail, EventKind, NewDecision, NewEvent } from "../api/conflict-types";
import { gettext } from "../text/gettext";

type Deed = EventKind | "decide";

/** Of which state which deeds make sense. */
const DEEDS: Readonly<Record<ConflictDetail["state"], readonly Deed[]>> = {
  open: ["comment", "assign", "accept", "false_alarm", "decide"],
  accepted: ["comment", "reopen"],
  false_alarm: ["comment", "reopen"],
  solved: ["comment"],
};

/**
 * Buttons, each with its short form.
 *
 * Owns which form is open. Tells "event-told" (NewEvent) and "decision-made" (NewDecision). Public:
 * `conflict`, `plans` (codes that may prevail), `trouble`, `isSending`.
 */
@customElement("conflict-actions")
export class ConflictActions extends LitElement {
  @property({ attribute: false }) conflict: ConflictDetail | null = null;
  @property({ attribute: false }) plans: readonly string[] = [];
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) isSending = false;
  @state() private deed: Deed | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** What was done is in the history now: the form has served. */
  protected override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("conflict") as ConflictDetail | null | undefined;
    if (before && before.key === this.conflict?.key && before.events.length === this.conflict.events.length
      && before.decision === this.conflict.decision) return;
    if (changed.has("conflict")) this.deed = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { conflict } = this;
    if (conflict === null) return nothing;
    const names: Readonly<Record<Deed, string>> = {
      comment: gettext("Comment…"), assign: gettext("Assign…"), accept: gettext("Accept…"), false_alarm: gettext("False alarm…"),
      reopen: gettext("Open again…"), decide: gettext("Record a precedence decision…"),
    };
    const deeds = DEEDS[conflict.state].filter((deed) => deed !== "decide" || conflict.family === "plans");
    return html`<section class="conflict-actions" aria-label=${gettext("What to do about it")}>
      <div class="action-buttons">
        ${deeds.map((deed) => html`<button type="button" class="button small-button" data-deed=${deed} aria-expanded=${deed === this.deed ? "true" : "false"}
          @click=${() => { this.deed = deed === this.deed ? null : deed; }}>${names[deed]}</button>`)}
      </div>
      ${this.deed === null ? nothing : this.form(this.deed, conflict)}
    </section>`;
  }

  private form(deed: Deed, conflict: ConflictDetail): TemplateResult {
    return html`<form class="action-form" data-form=${deed} @submit=${(event: SubmitEvent) => { this.submitted(event, deed, conflict); }}>
      ${deed === "decide" ? this.decision(conflict) : this.event(deed, conflict)}
      ${this.trouble === "" ? nothing : html`<p class="form-refusal" role="alert">${this.trouble}</p>`}
      <button type="submit" class="button small-button main-button" ?disabled=${this.isSending}>${gettext("Save")}</button>
    </form>`;
  }

  private event(deed: EventKind, { people_to_assign }: ConflictDetail): TemplateResult {
    const whys: Readonly<Record<EventKind, string>> = {
      comment: gettext("Comment"), assign: gettext("Note for whoever takes it (may stay empty)"),
      accept: gettext("Why this may stay as it is"), false_alarm: gettext("Why this is no conflict"), reopen: gettext("Why it is opened again"),
    };
    return html`${deed === "assign"
        ? html`<label class="action-field">${gettext("To whom")}
            <select name="assigned_to" required>
              <option value="">–</option>
              ${people_to_assign.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
            </select></label>`
        : nothing}
      <label class="action-field">${whys[deed]}
        <textarea name="text" rows="3" maxlength="2000" ?required=${deed !== "assign"}></textarea></label>
      ${deed === "accept"
        ? html`<label class="action-field">${gettext("Document on which this rests")}
            <input name="document" type="text" maxlength="200" required></label>`
        : nothing}`;
  }

  private decision({ parties }: ConflictDetail): TemplateResult {
    const own = parties.filter(({ kind }) => kind === "plan").map(({ key }) => key);
    const codes = [...new Set([...own, ...this.plans])];
    return html`<p class="form-note">${gettext("An authority has decided which of the two plans prevails. The conflict then no longer stops the approval.")}</p>
      <label class="action-field">${gettext("Number of the decision")}<input name="number" type="text" maxlength="60" required></label>
      <label class="action-field">${gettext("Day of the decision")}<input name="date" type="date" required></label>
      <label class="action-field">${gettext("Who decided")}<input name="authority" type="text" maxlength="200" required></label>
      <label class="action-field">${gettext("Plan that prevails")}
        <select name="prevails" required><option value="">–</option>${codes.map((code) => html`<option value=${code}>${code}</option>`)}</select></label>
      <label class="action-field">${gettext("What was decided")}<textarea name="text" rows="3" maxlength="2000" required></textarea></label>`;
  }

  private submitted(event: SubmitEvent, deed: Deed, { key }: ConflictDetail): void {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => {
      const value = said.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    if (deed === "decide") {
      const detail: NewDecision = {
        conflicts: [key], number: text("number"), date: text("date"), authority: text("authority"), text: text("text"), prevails: text("prevails"),
      };
      this.dispatchEvent(new CustomEvent("decision-made", { detail, bubbles: true }));
      return;
    }
    const to = text("assigned_to");
    const detail: NewEvent = { kind: deed, text: text("text"), document: text("document"), assigned_to: to === "" ? null : Number(to) };
    this.dispatchEvent(new CustomEvent("event-told", { detail, bubbles: true }));
  }
}
