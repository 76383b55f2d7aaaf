/** The scenarios of a scope, and the start of a new one. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ScenarioLine } from "../api/scenario-types";
import { timeText } from "../conflicts/words";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Owns nothing. Tells "scenario-begun" (title) and "scenario-opened" (key). Public: `scenarios` (null: not known yet), `isSending`, `language`. */
@customElement("scenario-list")
export class ScenarioList extends LitElement {
  @property({ attribute: false }) scenarios: readonly ScenarioLine[] | null = null;
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { scenarios } = this;
    return html`<h2 class="reach-title">${gettext("What if…?")}</h2>
      <p class="form-note">${gettext("Try out another place for a service, one more or one less, a new street, other numbers of people. Nothing of it changes the record or the draft.")}</p>
      <form class="scenario-new" @submit=${this.submitted}>
        <label class="field">${gettext("Name of a new scenario")}<input name="title" type="text" maxlength="200" required autocomplete="off"
          placeholder=${gettext("e.g. School north of the lake")}></label>
        <button type="submit" class="button main-button" ?disabled=${this.isSending}>${gettext("Begin")}</button>
      </form>
      ${this.isSending ? html`<p class="form-note" role="status">${gettext("Preparing what is reached without changes; the first time that takes a moment…")}</p>` : nothing}
      ${scenarios === null
        ? html`<p class="panel-empty" role="status">${gettext("Loading…")}</p>`
        : scenarios.length === 0
          ? html`<p class="panel-empty">${gettext("There is no scenario here yet.")}</p>`
          : html`${this.group(gettext("Mine"), scenarios.filter(({ is_mine }) => is_mine))}
            ${this.group(gettext("Shared by others"), scenarios.filter(({ is_mine }) => !is_mine))}`}`;
  }

  private group(title: string, scenarios: readonly ScenarioLine[]): TemplateResult | typeof nothing {
    if (scenarios.length === 0) return nothing;
    return html`<h3 class="reach-subtitle">${title}</h3>
      <ul class="scenario-list">${scenarios.map((one) => html`<li><button type="button" class="scenario-row" data-key=${one.key}
          @click=${() => { this.tell("scenario-opened", one.key); }}>
        <b>${one.title}</b>
        <span>${one.edits === 0 ? gettext("no change yet") : interpolate(ngettext("%(count)s step", "%(count)s steps", one.edits), { count: one.edits })}
          · ${timeText(one.at, this.language)}${one.is_mine ? "" : ` · ${one.by}`}</span>
        <span class="scenario-tags">${one.is_part_of_draft
          ? html`<span class="scenario-tag">${gettext("part of the draft’s review")}</span>`
          : one.is_shared && one.is_mine ? html`<span class="scenario-tag">${gettext("shared")}</span>` : nothing}</span>
      </button></li>`)}</ul>`;
  }

  private readonly submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const title = new FormData(form).get("title");
    if (typeof title === "string" && title.trim() !== "") this.tell("scenario-begun", title.trim());
  };

  private tell(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
