/** What one run found that another did not. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { timeText } from "./words";
import type { ConflictView, Difference, RunView } from "../api/conflict-types";
import { countsOf, differenceText } from "../state/difference";
import { gettext } from "../text/gettext";

export interface RunPair {
  readonly before: number;
  readonly after: number;
}

type Part = "new" | "solved" | "changed";

/**
 * Two runs and the difference between them.
 *
 * Owns which part is open. Tells "runs-chosen" (RunPair); conflicts are told by the list in it. Public:
 * `runs` (done ones, newest first), `pair`, `difference`, `trouble`, `selected`, `wards`, `language`.
 */
@customElement("run-difference")
export class RunDifference extends LitElement {
  @property({ attribute: false }) runs: readonly RunView[] = [];
  @property({ attribute: false }) pair: RunPair | null = null;
  @property({ attribute: false }) difference: Difference | null = null;
  @property({ attribute: false }) trouble = "";
  @property({ attribute: false }) wards: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) language = "vi";
  @state() private shownPart: Part = "new";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    if (this.runs.length < 2) {
      return html`<p class="panel-empty">${gettext("There are not two runs to compare yet.")}</p>`;
    }
    return html`<div class="difference-runs">
        ${this.select("before", gettext("From"))}${this.select("after", gettext("to"))}
      </div>
      ${this.trouble === "" ? nothing : html`<p class="form-refusal" role="alert">${this.trouble}</p>`}
      ${this.difference === null ? (this.trouble === "" ? html`<p class="panel-empty">${gettext("Loading…")}</p>` : nothing) : this.found(this.difference)}`;
  }

  private select(which: keyof RunPair, title: string): TemplateResult {
    const now = this.pair?.[which];
    return html`<label class="filter-field"><span>${title}</span>
      <select data-run=${which} @change=${(event: Event) => { this.chosen(which, event); }}>
        ${this.runs.map((run) => html`<option value=${run.id} ?selected=${run.id === now}>${this.nameOf(run)}</option>`)}
      </select></label>`;
  }

  private nameOf({ number, finished_at, kind, by }: RunView): string {
    const when = finished_at === null ? "" : timeText(finished_at, this.language);
    const what = kind === "full" ? gettext("in full") : gettext("after an edit");
    return `${gettext("Run")} ${number} · ${when} · ${what}${by === "" ? "" : ` · ${by}`}`;
  }

  private found(difference: Difference): TemplateResult {
    const parts: readonly (readonly [Part, string, readonly ConflictView[]])[] = [
      ["new", gettext("New"), difference.new], ["solved", gettext("Solved"), difference.solved], ["changed", gettext("Changed"), difference.changed],
    ];
    const shown = parts.find(([part]) => part === this.shownPart)?.[2] ?? [];
    return html`<p class="difference-sum" aria-live="polite">${differenceText(difference)}</p>
      <div class="difference-parts" role="group" aria-label=${gettext("Which to show")}>
        ${parts.map(([part, name]) => html`<button type="button" class="part-button" data-part=${part} aria-pressed=${part === this.shownPart ? "true" : "false"}
          @click=${() => { this.shownPart = part; }}><b>${countsOf(difference)[part]}</b> ${name}</button>`)}
        <span class="part-button part-unchanged"><b>${difference.unchanged}</b> ${gettext("Unchanged")}</span>
      </div>
      ${shown.length === 0
        ? html`<p class="panel-empty">${gettext("None between these two runs.")}</p>`
        : html`<conflict-list .conflicts=${shown} .selected=${this.selected} .wards=${this.wards} .language=${this.language}></conflict-list>`}
      ${difference.is_cut ? html`<p class="form-note">${gettext("Only the first of them are listed.")}</p>` : nothing}`;
  }

  private chosen(which: keyof RunPair, event: Event): void {
    if (this.pair === null) return;
    const value = Number((event.target as HTMLSelectElement).value);
    this.dispatchEvent(new CustomEvent("runs-chosen", { detail: { ...this.pair, [which]: value }, bubbles: true }));
  }
}
