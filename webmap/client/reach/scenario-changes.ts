/** The changes of a scenario, one after the other; each can be taken back, and brought back. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { sentenceOf } from "./scenario-words";
import type { KindView } from "../api/reach-types";
import type { ChangeView, ScenarioView } from "../api/scenario-types";
import { timeText } from "../conflicts/words";
import { icon } from "../elements/icon";
import { gettext, interpolate } from "../text/gettext";

/**
 * Owns nothing. Tells "change-taken-back" (number of the change or the undo) and "change-shown" (ChangeView).
 * Public: `changes`, `leftOut`, `kinds`, `zoneName`, `isMine`, `isSending`, `language`.
 */
@customElement("scenario-changes")
export class ScenarioChanges extends LitElement {
  @property({ attribute: false }) changes: readonly ChangeView[] = [];
  @property({ attribute: false }) leftOut: ScenarioView["left_out"] = [];
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) zoneName: (uid: string) => string = () => "";
  @property({ attribute: false }) isMine = false;
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const shown = this.changes.filter(({ action }) => action !== "undo");
    return html`<h3 class="reach-subtitle">${gettext("Changes")}</h3>
      ${shown.length === 0
        ? html`<p class="form-note">${gettext("Nothing is changed yet: the figures are those of today.")}</p>`
        : html`<ol class="change-list">${[...shown].reverse().map((change) => this.row(change))}</ol>`}`;
  }

  private row(change: ChangeView): TemplateResult {
    const words = sentenceOf(change, this.kinds, this.language, this.zoneName);
    const isGone = change.undone_by !== null;
    const reason = this.leftOut.find(({ number }) => number === change.number);
    const isOnMap = change.place !== null || change.from !== null || change.axis !== null;
    return html`<li class="change-row" ?data-gone=${isGone} data-number=${change.number}>
      <p class="change-words">${isGone ? html`<s>${words}</s> <span class="unseen">${gettext("taken back")}</span>` : words}</p>
      ${change.why === "" ? nothing : html`<p class="change-why">${change.why}</p>`}
      ${reason === undefined || isGone ? nothing : html`<p class="change-left-out">${icon("not_checked")}${interpolate(gettext("Nothing comes of this: %(reason)s"), { reason: reason.text })}</p>`}
      <p class="change-when">${timeText(change.at, this.language)} · ${change.by}</p>
      <p class="change-do">
        ${isOnMap ? html`<button type="button" class="button small-button" aria-label=${interpolate(gettext("Show on the map: %(change)s"), { change: words })}
          @click=${() => { this.tell("change-shown", change); }}>${icon("pin")}</button>` : nothing}
        ${this.isMine
          ? html`<button type="button" class="button small-button" ?disabled=${this.isSending} data-take=${isGone ? "forward" : "back"}
              aria-label=${interpolate(isGone ? gettext("Bring back: %(change)s") : gettext("Take back: %(change)s"), { change: words })}
              @click=${() => { this.tell("change-taken-back", change.undone_by ?? change.number); }}>
              ${icon(isGone ? "tool-redo" : "tool-undo")}${isGone ? gettext("Bring back") : gettext("Take back")}</button>`
          : nothing}
      </p>
    </li>`;
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
