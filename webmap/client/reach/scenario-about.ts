/** What a scenario is called, who sees it, and whether its draft is reviewed with it. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { ScenarioLine, ScenarioView } from "../api/scenario-types";
import { gettext } from "../text/gettext";

export type Description = Partial<Pick<ScenarioLine, "title" | "is_shared" | "is_part_of_draft">>;

/**
 * Owns whether somebody is asked twice before it is put away. Tells "scenario-described" (Description), "copy-wanted" and
 * "withdraw-wanted". Public: `scenario` (an own one), `isDraft`, `isSending`.
 */
@customElement("scenario-about")
export class ScenarioAbout extends LitElement {
  @property({ attribute: false }) scenario!: ScenarioView;
  @property({ attribute: false }) isDraft = false;
  @property({ attribute: false }) isSending = false;
  @state() private isSure = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("scenario") as ScenarioView | undefined;
    if (before !== undefined && before.key !== this.scenario.key) this.isSure = false;
  }

  protected override render(): TemplateResult {
    const { title, is_shared, is_part_of_draft } = this.scenario;
    return html`<details class="scenario-about"><summary>${gettext("Name, sharing, review")}</summary>
      <form @submit=${this.renamed}>
        <label class="field">${gettext("Name")}<input name="title" type="text" maxlength="200" required .value=${title}></label>
        <button type="submit" class="button small-button" ?disabled=${this.isSending}>${gettext("Rename")}</button>
      </form>
      ${this.check("shared", gettext("Shared: others who work on this plan or in the city see it and can copy it"), is_shared, is_part_of_draft, (is) => ({ is_shared: is }))}
      ${this.isDraft
        ? this.check("review", gettext("Part of the draft’s review: its changes count when the draft is checked and approved (it is then shared)"), is_part_of_draft, false, (is) => ({ is_part_of_draft: is }))
        : nothing}
      <p class="tools-row"><button type="button" class="button small-button" data-do="copy" ?disabled=${this.isSending} @click=${() => { this.tell("copy-wanted"); }}>${gettext("Copy")}</button>
        ${this.isSure
          ? html`<span class="scenario-sure" role="group" aria-label=${gettext("Put it away for good?")}>${gettext("Put it away for good?")}
              <button type="button" class="button small-button" data-do="withdraw" @click=${() => { this.tell("withdraw-wanted"); }}>${gettext("Yes, put away")}</button>
              <button type="button" class="button small-button" @click=${() => { this.isSure = false; }}>${gettext("No")}</button></span>`
          : html`<button type="button" class="button small-button" data-do="put-away" @click=${() => { this.isSure = true; }}>${gettext("Put away…")}</button>`}</p>
    </details>`;
  }

  private check(name: string, words: string, is: boolean, isFixed: boolean, said: (is: boolean) => Description): TemplateResult {
    return html`<label class="check"><input type="checkbox" name=${name} .checked=${is} ?disabled=${this.isSending || isFixed}
      @change=${(event: Event) => { this.tell("scenario-described", said((event.target as HTMLInputElement).checked)); }}>${words}</label>`;
  }

  private readonly renamed = (event: SubmitEvent): void => {
    event.preventDefault();
    const title = new FormData(event.target as HTMLFormElement).get("title");
    if (typeof title === "string" && title.trim() !== "") this.tell("scenario-described", { title: title.trim() });
  };

  private tell(name: string, detail: Description | null = null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
