/** The answer first: who has every service near enough, where it is worst, and whether that still holds. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { figureOf, numberIn, partsOf, textIn } from "./figures";
import { peopleText, shareText } from "./words";
import type { CoverageRun, Figure, KindView } from "../api/reach-types";
import { shareBar } from "../charts/share-bar";
import { timeText } from "../conflicts/words";
import { icon } from "../elements/icon";
import { sentenceFor } from "../elements/trouble";
import { type RunProgress, shareOf } from "../state/run-watch";
import { gettext, interpolate } from "../text/gettext";

/**
 * The headline with the button that works everything out anew.
 *
 * Tells "run-asked", "cancel-asked" and "worst-chosen" (code of a ward). Public: `run` (the last one that is done; null:
 * there was none; undefined: not known yet), `figures` of it, `kinds`, `wards`, `progress`, `last` (how the
 * run before ended), `language`.
 */
@customElement("reach-run")
export class ReachRun extends LitElement {
  @property({ attribute: false }) run: CoverageRun | null | undefined = undefined;
  @property({ attribute: false }) figures: readonly Figure[] = [];
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) progress: RunProgress<CoverageRun> = { kind: "idle" };
  @property({ attribute: false }) last: CoverageRun["state"] = "done";
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { run } = this;
    return html`<section class="run-line reach-run" aria-label=${gettext("Result")}>
      <div class="run-answer" aria-live="polite">
        ${run === undefined
          ? html`<p class="run-counts">${gettext("Loading…")}</p>`
          : run === null
            ? html`<p class="run-never">${icon("no_data")}${gettext("Never worked out: who reaches which service is not known.")}</p>`
            : html`${this.answer()}${this.when(run)}`}
      </div>
      <div class="run-do">${this.work()}</div>
      ${this.last === "failed" && this.progress.kind === "idle"
        ? html`<p class="run-trouble" role="alert">${gettext("The last run broke off with a fault on our side. What is shown is from before; try again.")}</p>`
        : nothing}
      ${this.progress.kind === "failed" ? html`<p class="run-trouble" role="alert">${sentenceFor(this.progress.error)}</p>` : nothing}
    </section>`;
  }

  private answer(): TemplateResult {
    const whole = figureOf(this.figures, "", "all_services");
    if (whole === undefined) {
      return html`<p class="run-never">${icon("no_data")}${gettext("No norm with a distance could be checked for anybody.")}</p>`;
    }
    const share = shareText(whole, this.language);
    if (share === null) return html`<p class="run-never">${icon("no_data")}${gettext("No share can be given: nobody was counted here.")}</p>`;
    const kinds = Array.isArray(whole.values["kinds"]) ? whole.values["kinds"].length : 0;
    const beyond = numberIn(whole, "not_covered");
    return html`<div class="reach-answer">
      <p class="reach-share"><b>${share}</b> <span>${interpolate(gettext("of the people have every service with a norm near enough (%(count)s kinds)"), { count: kinds })}</span></p>
      ${shareBar(partsOf(whole))}
      <p class="reach-worst">${beyond > 0
        ? interpolate(gettext("%(people)s people are known to lack at least one."), { people: peopleText(Math.ceil(beyond), this.language) })
        : gettext("Nobody is known to lack one.")}
        ${this.worst(whole)}</p>
    </div>`;
  }

  private worst(whole: Figure): TemplateResult | typeof nothing {
    const code = textIn(whole, "worst");
    const of = figureOf(this.figures, "", "all_services", { unit: code });
    const share = of === undefined ? null : shareText(of, this.language);
    if (code === "" || share === null || (of?.low ?? 1) >= 1) return nothing;
    return html`<span>${gettext("Lowest certain share:")} <b>${this.wards.get(code) ?? code}</b>, ${share}.</span>`;
  }

  private when(run: CoverageRun): TemplateResult {
    const at = run.finished_at ?? run.started_at;
    return html`<p class="run-when">${interpolate(gettext("Worked out %(when)s by %(name)s (run %(number)s)."), {
      when: at === null ? "" : timeText(at, this.language), name: run.by === "" ? gettext("the city's computer") : run.by, number: run.number ?? "",
    })}
      ${run.is_current
        ? html`<span class="run-current">${icon("clear")}${gettext("Up to date")}</span>`
        : html`<span class="run-old">${icon("not_checked")}${gettext("Out of date: plans or land data changed since.")}</span>`}</p>`;
  }

  private work(): TemplateResult | typeof nothing {
    const { progress } = this;
    if (progress.kind === "running") {
      const { run, isCancelling } = progress;
      const share = shareOf(run);
      const kind = this.kinds.find(({ code }) => code === run.step)?.name;
      const step = run.state === "queued" ? gettext("waiting for its turn") : (kind ?? stepName(run.step));
      return html`<div class="run-progress">
        <label>${isCancelling ? gettext("Stopping…") : gettext("Working it out…")} <span class="run-step">${step}</span>
          ${share === null ? html`<progress></progress>` : html`<progress max="1" value=${share}></progress>`}</label>
        <button type="button" class="button small-button" ?disabled=${isCancelling} @click=${() => { this.tell("cancel-asked"); }}>${gettext("Cancel")}</button>
      </div>`;
    }
    if (this.run === undefined) return nothing;
    const isNeeded = this.run === null || !this.run.is_current;
    return html`<button type="button" class="button run-button ${isNeeded ? "main-button" : ""}" @click=${() => { this.tell("run-asked"); }}>
      ${this.run === null ? gettext("Work it out now") : gettext("Work it out again")}</button>`;
  }

  private tell(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

/** What goes on in a run, besides the kinds of services. */
function stepName(step: string): string {
  const names: Readonly<Record<string, string>> = {
    read: gettext("reading the record"), network: gettext("putting streets together"), entrances: gettext("finding entrances"),
  };
  return names[step] ?? "";
}
