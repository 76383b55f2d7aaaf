/** The answer first: how many conflicts there are, when that was found out, whether it still holds. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { countText, meaningOf, timeText } from "./words";
import { type RunView, SEVERITIES, type Severity } from "../api/conflict-types";
import { icon } from "../elements/icon";
import { sentenceFor } from "../elements/trouble";
import { type RunProgress, shareOf } from "../state/run-watch";
import { gettext, interpolate } from "../text/gettext";

/**
 * The headline with the button that runs the check.
 *
 * Tells "run-asked", "cancel-asked" and "severity-chosen" (Severity). Public: `run` (the last one that is
 * done; null: there was none; undefined: not known yet), `progress`, `last` (how the run before ended),
 * `language`.
 */
@customElement("run-line")
export class RunLine extends LitElement {
  @property({ attribute: false }) run: RunView | null | undefined = undefined;
  @property({ attribute: false }) progress: RunProgress = { kind: "idle" };
  @property({ attribute: false }) last: RunView["state"] = "done";
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { run } = this;
    return html`<section class="run-line" aria-label=${gettext("Result of the check")}>
      <div class="run-answer" aria-live="polite">
        ${run === undefined
          ? html`<p class="run-counts">${gettext("Loading…")}</p>`
          : run === null
            ? html`<p class="run-never">${icon("no_data")}${gettext("Never checked: whether there are conflicts is not known.")}</p>`
            : html`<p class="run-counts">${this.counts(run)}</p>${this.when(run)}`}
      </div>
      <div class="run-do">${this.work()}</div>
      ${this.last === "failed" && this.progress.kind === "idle"
        ? html`<p class="run-trouble" role="alert">${gettext("The last check broke off with a fault on our side. What is shown is from before; try again.")}</p>`
        : nothing}
      ${this.progress.kind === "failed" ? html`<p class="run-trouble" role="alert">${sentenceFor(this.progress.error)}</p>` : nothing}
    </section>`;
  }

  private counts({ counts }: RunView): TemplateResult | string {
    if (SEVERITIES.every((severity) => counts[severity] === 0)) {
      return html`<span class="run-none">${icon("clear")}${gettext("No open conflict was found.")}</span>`;
    }
    const tell = (severity: Severity): void => {
      this.dispatchEvent(new CustomEvent("severity-chosen", { detail: severity, bubbles: true }));
    };
    return html`${SEVERITIES.map((severity) => html`<button type="button" class="run-count" data-severity=${severity} ?disabled=${counts[severity] === 0}
      @click=${() => { tell(severity); }}>${icon(`severity-${severity}`)}<b>${countText(counts[severity], this.language)}</b> ${meaningOf(severity, counts[severity])}</button>`)}`;
  }

  private when(run: RunView): TemplateResult {
    const at = run.finished_at ?? run.started_at;
    const words = interpolate(run.kind === "full" ? gettext("Checked in full %(when)s by %(name)s (run %(number)s).") : gettext("Brought up to date %(when)s after an edit of %(name)s (run %(number)s)."), {
      when: at === null ? "" : timeText(at, this.language), name: run.by === "" ? gettext("the city's computer") : run.by, number: run.number,
    });
    return html`<p class="run-when">${words}
      ${run.is_current
        ? html`<span class="run-current">${icon("clear")}${gettext("Up to date")}</span>`
        : html`<span class="run-old">${icon("not_checked")}${gettext("Out of date: plans or land data changed since.")}</span>`}</p>`;
  }

  private work(): TemplateResult | typeof nothing {
    const { progress } = this;
    if (progress.kind === "running") {
      const { run, isCancelling } = progress;
      const share = shareOf(run);
      const step = run.state === "queued" ? gettext("waiting for its turn") : run.step;
      return html`<div class="run-progress">
        <label>${isCancelling ? gettext("Stopping…") : gettext("Checking…")} <span class="run-step">${step}</span>
          ${share === null ? html`<progress></progress>` : html`<progress max="1" value=${share}></progress>`}</label>
        <button type="button" class="button small-button" ?disabled=${isCancelling} @click=${() => { this.tell("cancel-asked"); }}>${gettext("Cancel")}</button>
      </div>`;
    }
    if (this.run === undefined) return nothing;
    const isNeeded = this.run === null || !this.run.is_current;
    return html`<button type="button" class="button run-button ${isNeeded ? "main-button" : ""}" @click=${() => { this.tell("run-asked"); }}>
      ${this.run === null ? gettext("Check now") : gettext("Check again")}</button>`;
  }

  private tell(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}
