/** The question for the next site: which service, how near, how many, and among which sites. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { placeText } from "./scenario-words";
import { limitText } from "./words";
import { meaningOf, questionOf, sentenceOfFault } from "./siting-words";
import type { EastNorth } from "../api/draft-types";
import type { KindView } from "../api/reach-types";
import { type DrawnPoint, SITING_MODELS } from "../api/scenario-types";
import { icon } from "../elements/icon";
import { faultsOf, isBounded, limitOf, type SitingFault, type SitingForm as Form } from "../state/siting-form";
import { gettext, interpolate } from "../text/gettext";

export interface NamedFunction { readonly code: string; readonly name: string }

/**
 * The form.
 *
 * Owns whether what is missing is said already. Tells "form-changed" (Form), "drawing-wanted" and "siting-begun".
 * Public: `form`, `kinds`, `functions`, `isDrawing`, `isSending`, `language`.
 */
@customElement("siting-form")
export class SitingFormElement extends LitElement {
  @property({ attribute: false }) form!: Form;
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) functions: readonly NamedFunction[] = [];
  @property({ attribute: false }) isDrawing = false;
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";
  @state() private isTold = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { form } = this;
    const kind = this.kinds.find(({ code }) => code === form.kind);
    const norms = (kind?.norms ?? []).map((norm) => limitText(norm, this.language)).filter((words) => words !== "");
    return html`<form class="siting-form" novalidate @submit=${this.submitted}>
      <div class="field-pair">
        <label class="field">${gettext("Service")}
          <select name="kind" @change=${this.choseKind}>
            <option value="">–</option>
            ${this.kinds.map(({ code, name }) => html`<option value=${code} ?selected=${code === form.kind}>${name}</option>`)}
          </select></label>
        <label class="field">${gettext("Within (m on foot)")}${this.input("limit", "decimal")}</label>
      </div>
      ${this.fault("kind")}${this.fault("limit")}
      ${norms.length === 0 ? form.kind === "" ? nothing : html`<p class="form-note">${gettext("No norm of today gives a distance for this service: say which one shall count. Scenarios look at it by 500 m on foot.")}</p>`
        : html`<p class="form-note">${interpolate(gettext("Norms ask: %(limits)s."), { limits: [...new Set(norms)].join("; ") })}</p>`}
      <fieldset class="siting-models"><legend>${gettext("What is asked")}</legend>
        ${SITING_MODELS.map((model) => html`<label class="choice"><input type="radio" name="model" value=${model} .checked=${model === form.model}
          @change=${() => { this.put({ model }); }}><span><b>${questionOf(model)}</b> <span class="form-note">${meaningOf(model)}</span></span></label>`)}
      </fieldset>
      ${isBounded(form.model) ? this.bound() : nothing}
      ${form.model === "capacitated" ? html`<label class="field">${gettext("Capacity of each new one (places, beds, m²)")}${this.input("capacityEach", "decimal")}</label>${this.fault("capacity")}` : nothing}
      ${this.candidates()}
      <details class="siting-more"><summary>${gettext("Longest time of the search")}</summary>
        <label class="field">${gettext("Seconds (at most 300)")}${this.input("time", "numeric")}</label>${this.fault("time")}</details>
      <button type="submit" class="button main-button siting-start" ?disabled=${this.isSending}>${gettext("Search")}</button>
    </form>`;
  }

  private bound(): TemplateResult {
    const { form } = this;
    const choice = (bound: Form["bound"], words: string): TemplateResult => html`<label class="choice"><input type="radio" name="bound" value=${bound}
      .checked=${bound === form.bound} @change=${() => { this.put({ bound }); }}><span>${words}</span></label>`;
    return html`<fieldset class="siting-bound"><legend>${gettext("How much may be built")}</legend>
      <div class="choices">${choice("count", gettext("so many new ones"))}${choice("budget", gettext("for so much money"))}</div>
      ${form.bound === "count"
        ? html`<label class="field">${gettext("New ones")}${this.input("count", "numeric")}</label>${this.fault("count")}`
        : html`<div class="field-pair"><label class="field">${gettext("Budget (any unit)")}${this.input("budget", "decimal")}</label>
            <label class="field">${gettext("Each costs (same unit)")}${this.input("costEach", "decimal")}</label></div>${this.fault("budget")}${this.fault("cost")}`}
    </fieldset>`;
  }

  private candidates(): TemplateResult {
    const { form } = this;
    const check = (name: "hasSites" | "hasPlots" | "hasDrawn", words: string): TemplateResult => html`<label class="check"><input type="checkbox" name=${name}
      .checked=${form[name]} @change=${(event: Event) => { this.put({ [name]: (event.target as HTMLInputElement).checked }); }}>${words}</label>`;
    return html`<fieldset class="siting-candidates"><legend>${gettext("Sites to pick from")}</legend>
      ${check("hasSites", gettext("Available land of the city"))}
      ${check("hasPlots", gettext("Plots that a plan gives a function"))}
      ${form.hasPlots
        ? html`<div class="field-pair"><label class="field">${gettext("Function")}
              <select name="function" @change=${(event: Event) => { this.put({ function: (event.target as HTMLSelectElement).value }); }}>
                <option value="">–</option>
                ${this.functions.map(({ code, name }) => html`<option value=${code} ?selected=${code === form.function}>${name}</option>`)}
              </select></label>
            <label class="field">${gettext("At least (m²)")}${this.input("least", "decimal")}</label></div>${this.fault("function")}${this.fault("least")}`
        : nothing}
      ${check("hasDrawn", gettext("Sites of your own on the map"))}
      ${form.hasDrawn ? this.drawn() : nothing}
      ${this.fault("no_candidates")}
    </fieldset>`;
  }

  private drawn(): TemplateResult {
    const { points } = this.form;
    return html`<div class="siting-drawn">
      <button type="button" class="button small-button" data-do="draw" aria-pressed=${this.isDrawing ? "true" : "false"}
        @click=${() => this.dispatchEvent(new CustomEvent("drawing-wanted", { bubbles: true }))}>${icon("pin")}${this.isDrawing ? gettext("Enough") : gettext("Put sites on the map")}</button>
      ${this.isDrawing ? html`<p class="tool-prompt" role="status">${gettext("Click where a site could be, as often as you like. By keys: move the map and press Enter for its middle; Escape ends.")}</p>` : nothing}
      <details><summary>${gettext("By coordinates")}</summary>
        <label class="field">${gettext("One site a line: X (north) and Y (east)")}<textarea name="coordinates" rows="3" spellcheck="false" placeholder=${"2325123 587654\n2325190 587712"}></textarea></label>
        <button type="button" class="button small-button" @click=${this.typed}>${gettext("Take these sites")}</button></details>
      ${points.length === 0 ? nothing : html`<ol class="drawn-list">${points.map((point, at) => this.point(point, at))}</ol>`}
      ${this.fault("no_points")}</div>`;
  }

  private point({ place, name }: DrawnPoint, at: number): TemplateResult {
    const words = name ?? siteName(at + 1);
    return html`<li><label><span class="unseen">${gettext("Name")}</span><input type="text" maxlength="100" .value=${words} @change=${(event: Event) => {
        const said = (event.target as HTMLInputElement).value.trim();
        this.put({ points: this.form.points.map((one, other) => (other === at ? { ...one, name: said } : one)) });
      }}></label> <span class="form-note">${placeText(place, this.language)}</span>
      <button type="button" class="button small-button" aria-label=${interpolate(gettext("Take %(name)s off"), { name: words })}
        @click=${() => { this.put({ points: this.form.points.filter((_, other) => other !== at) }); }}>${icon("close")}</button></li>`;
  }

  private input(name: "limit" | "count" | "budget" | "costEach" | "capacityEach" | "time" | "least", mode: "decimal" | "numeric"): TemplateResult {
    return html`<input name=${name} type="text" inputmode=${mode} autocomplete="off" .value=${this.form[name]}
      @input=${(event: Event) => { this.put({ [name]: (event.target as HTMLInputElement).value }); }}>`;
  }

  private fault(fault: SitingFault): TemplateResult | typeof nothing {
    if (!this.isTold || !faultsOf(this.form).includes(fault)) return nothing;
    return html`<p class="form-refusal" data-fault=${fault}>${sentenceOfFault(fault)}</p>`;
  }

  private readonly choseKind = (event: Event): void => {
    const code = (event.target as HTMLSelectElement).value;
    const [old, kind] = [this.form.kind, code].map((one) => this.kinds.find((known) => known.code === one));
    // A distance that somebody wrote stays; that of the norms follows the service.
    const isOwn = this.form.limit !== "" && this.form.limit !== limitOf(old);
    this.put({ kind: code, ...(isOwn ? {} : { limit: limitOf(kind) }) });
  };

  private readonly typed = (): void => {
    const field = this.querySelector<HTMLTextAreaElement>("[name=coordinates]");
    if (field === null) return;
    this.dispatchEvent(new CustomEvent("sites-typed", { detail: field.value, bubbles: true }));
    field.value = "";
  };

  private readonly submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    if (faultsOf(this.form).length > 0) {
      this.isTold = true;
      void this.updateComplete.then(() => { this.querySelector<HTMLElement>(".form-refusal")?.scrollIntoView({ block: "center" }); });
      return;
    }
    this.isTold = false;
    this.dispatchEvent(new CustomEvent("siting-begun", { bubbles: true }));
  };

  private put(what: Partial<Form>): void {
    this.dispatchEvent(new CustomEvent<Form>("form-changed", { detail: { ...this.form, ...what }, bubbles: true }));
  }
}

/** Add sites to those that somebody drew, with a name each; the same place twice is one. */
export function withPoints(form: Form, places: readonly EastNorth[]): Form {
  const fresh = places.filter(([e, n]) => !form.points.some(({ place }) => place[0] === e && place[1] === n));
  const named = fresh.map((place, at) => ({ place, name: siteName(form.points.length + at + 1) }));
  return { ...form, hasDrawn: true, points: [...form.points, ...named] };
}

function siteName(number: number): string {
  return interpolate(gettext("Site %(number)s"), { number });
}
