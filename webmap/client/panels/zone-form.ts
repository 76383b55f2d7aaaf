/** What a zone says of itself, to read and to change. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import "./function-select";
import { normLines } from "./norm-lines";
import { boundsText, nameOfField, numbersOf, ratioText, refusalText, unitOf } from "./words";
import type { Content, PlanFunction, Zone } from "../api/draft-types";
import type { NormFinding } from "../api/norm-types";
import { asksPopulation, common, type Field, type Indicator, INDICATORS, isIndicator, LONGEST, only, type Refusal, take } from "../state/content";
import { codes } from "../state/zone-colours";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** What "content-changed" carries. */
export interface ContentChange {
  readonly uids: readonly string[];
  readonly content: Partial<Content>;
}

/**
 * The form of one zone, or of several at once: then only fields that are touched change.
 *
 * Owns what is typed and not yet saved. A field is saved on leaving it or by Ctrl+Enter; Esc takes
 * it back. Tells "content-changed" (ContentChange). Public: `zones`, `functions`, `language`,
 * `check`, `isReadOnly`.
 */
@customElement("zone-form")
export class ZoneForm extends LitElement {
  @property({ attribute: false }) zones: readonly Zone[] = [];
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) language = "vi";
  @property({ attribute: false }) check: readonly NormFinding[] = [];
  @property({ attribute: false }) isReadOnly = false;
  @state() private typed: Partial<Record<Field, string>> = {};
  @state() private refused: Partial<Record<Field, Refusal>> = {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("zones");
    if (before === undefined || sameZones(before, this.zones)) return;
    // What was typed belongs to the zones that were shown; leaving them saves it.
    for (const field of Object.keys(this.typed) as Field[]) this.save(field, before);
    this.typed = {};
    this.refused = {};
  }

  protected override render(): TemplateResult {
    if (this.zones.length === 0) {
      return html`<p class="panel-empty">${gettext("Choose a zone on the map or in the table.")}</p>`;
    }
    return html`<form class="zone-form" novalidate @submit=${stop} @keydown=${this.pressed}>
      ${this.head()} ${this.line("label")}
      <div class="form-field">
        <span class="form-label" aria-hidden="true">${nameOfField("function")}</span>
        ${this.isReadOnly
          ? html`<span>${common(this.zones, "function")}</span>`
          : html`<function-select
              .functions=${this.functions}
              .language=${this.language}
              .label=${nameOfField("function")}
              .value=${common(this.zones, "function")}
              @function-chosen=${(event: CustomEvent<string>) => { this.tell(only("function", event.detail), this.zones); }}
            ></function-select>`}
      </div>
      ${this.line("land_use_code")}
      <fieldset class="form-group">
        <legend>${gettext("Prescribed indicators")}</legend>
        ${INDICATORS.map((field) => this.line(field))}
        ${this.asksPopulation ? this.line("population") : nothing}
      </fieldset>
      ${this.line("note")} ${this.shortfall()}
      <p class="form-hint">${gettext("Saved on leaving a field or with Ctrl+Enter; Esc takes it back.")}</p>
    </form>`;
  }

  private head(): TemplateResult {
    const [zone] = this.zones;
    const area = this.zones.reduce((sum, one) => sum + one.area_m2, 0);
    const count = this.zones.length;
    const title =
      count === 1
        ? interpolate(gettext("Zone %(label)s"), { label: zone?.label === "" ? gettext("without a symbol") : (zone?.label ?? "") })
        : interpolate(ngettext("%(count)s zone", "%(count)s zones", count), { count });
    return html`<header class="form-head">
      <h2>${title}</h2>
      <p>${numbersOf(this.language, 1).format(area)}&nbsp;m²</p>
      ${count > 1 ? html`<p class="form-note">${gettext("A change goes to all of them; what you do not touch stays.")}</p>` : nothing}
    </header>`;
  }

  private line(field: Exclude<Field, "function">): TemplateResult {
    const id = `zone-${field}`;
    const shared = common(this.zones, field);
    const text = this.typed[field] ?? shared ?? "";
    const isMixed = shared === null && this.typed[field] === undefined;
    const refusal = this.refused[field];
    const read = isIndicator(field) ? boundsText(text, field, this.language) : "";
    const unit = unitOf(field);
    return html`<div class="form-field" data-field=${field}>
      <label class="form-label" for=${id}>${nameOfField(field)}${unit === "" ? nothing : html` <small>(${unit})</small>`}</label>
      ${field === "note"
        ? html`<textarea id=${id} rows="2" ?readonly=${this.isReadOnly} placeholder=${isMixed ? gettext("several values") : ""}
            .value=${text} @input=${this.wrote(field)} @blur=${this.leaving(field)}></textarea>`
        : html`<input id=${id} type="text" inputmode=${field === "population" ? "numeric" : nothing} autocomplete="off"
            maxlength=${LONGEST[field] ?? nothing} ?readonly=${this.isReadOnly}
            placeholder=${isMixed ? gettext("several values") : ""}
            aria-invalid=${refusal === undefined ? nothing : "true"} aria-describedby="${id}-read"
            .value=${text} @input=${this.wrote(field)} @blur=${this.leaving(field)} />`}
      <output class="form-read" id="${id}-read" data-read=${read === "" ? "none" : "some"}>
        ${refusal === undefined ? read : html`<span class="form-refusal">${refusalText(refusal)}</span>`}
      </output>
      ${field === "floor_area_ratio" ? html`<p class="form-read">${this.reachable()}</p>` : nothing}
      ${field === "note" ? nothing : normLines(this.findings(field))}
    </div>`;
  }

  /** What the indicators, as they are typed, allow together. */
  private reachable(): string {
    const read = (field: Indicator): string => this.typed[field] ?? common(this.zones, field) ?? "";
    const content = { density: read("density"), storeys: read("storeys"), floor_area_ratio: read("floor_area_ratio") };
    return ratioText(content, this.language);
  }

  private findings(of: string): readonly NormFinding[] {
    const [zone] = this.zones;
    if (zone === undefined || this.zones.length > 1) return [];
    return this.check.filter((one) => one.uid === zone.uid && one.indicator === of);
  }

  /** How many of several zones fall short. */
  private shortfall(): TemplateResult | typeof nothing {
    if (this.zones.length === 1) return nothing;
    const chosen = new Set(this.zones.map((one) => one.uid));
    const short = new Set(
      this.check.filter((one) => one.state === "not_met" && chosen.has(one.uid)).map((one) => one.uid),
    );
    if (short.size === 0) return nothing;
    const text = ngettext("%(count)s of them does not meet a norm.", "%(count)s of them do not meet a norm.", short.size);
    return html`<p class="form-refusal">${interpolate(text, { count: short.size })}</p>`;
  }

  private get asksPopulation(): boolean {
    const known = codes(this.functions);
    return (
      asksPopulation(this.zones.map((one) => known.get(one.function))) ||
      this.zones.some((one) => one.population !== null)
    );
  }

  private wrote(field: Field): (event: Event) => void {
    return (event) => {
      const { value } = event.target as HTMLInputElement | HTMLTextAreaElement;
      this.typed = { ...this.typed, [field]: value };
      this.refused = without(this.refused, field);
    };
  }

  private leaving(field: Field): () => void {
    return () => { this.save(field, this.zones); };
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const field = (event.target as HTMLElement).id.replace("zone-", "") as Field;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || field !== "note")) {
      event.preventDefault();
      event.stopPropagation();
      this.save(field, this.zones);
    } else if (event.key === "Escape" && this.typed[field] !== undefined) {
      event.preventDefault();
      // Elsewhere Esc ends a drawing; here it takes back what was typed.
      event.stopPropagation();
      this.typed = without(this.typed, field);
      this.refused = without(this.refused, field);
      // Lit saw no change where somebody typed back to the value that it had rendered.
      (event.target as HTMLInputElement).value = common(this.zones, field) ?? "";
    }
  };

  private save(field: Field, zones: readonly Zone[]): void {
    const text = this.typed[field];
    if (text === undefined || this.isReadOnly) return;
    const taken = take(field, text, this.functions);
    if (!taken.ok) {
      this.refused = { ...this.refused, [field]: taken.why };
      return;
    }
    this.typed = without(this.typed, field);
    const differing = zones.filter((zone) => zone[field] !== taken.value);
    if (differing.length > 0) this.tell(only(field, taken.value), differing);
  }

  private tell(content: Partial<Content>, zones: readonly Zone[]): void {
    const detail: ContentChange = { uids: zones.map((zone) => zone.uid), content };
    this.dispatchEvent(new CustomEvent("content-changed", { detail, bubbles: true }));
  }
}

function sameZones(a: readonly Zone[], b: readonly Zone[]): boolean {
  return a.length === b.length && a.every((zone, at) => zone.uid === b[at]?.uid);
}

function without<T>(all: Partial<Record<Field, T>>, field: Field): Partial<Record<Field, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== field));
}

function stop(event: Event): void {
  event.preventDefault();
}
