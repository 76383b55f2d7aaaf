/** What one can change: a facility that is chosen, or something new. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { aboutFacility, byName, nameOfAction, withUnit } from "./scenario-words";
import type { PeopledZone } from "./zone-people";
import type { EastNorth } from "../api/draft-types";
import type { FacilityView, KindView } from "../api/reach-types";
import type { ChangeAction, NewChange } from "../api/scenario-types";
import { icon } from "../elements/icon";
import type { ReachMap } from "../map/reach-map";
import { readAmount } from "../state/amounts";
import { folded } from "../state/content";
import { gettext, interpolate } from "../text/gettext";

/** So many facilities are listed at once. */
const MOST = 8;

/**
 * Tools of a scenario.
 *
 * Owns which tool is in hand and what is drawn with it on the map. Tells "change-wanted" (NewChange), "kind-looked-at"
 * (code), "facility-chosen" (key or ""),
 * "zones-wanted" and "zones-picked" (EastNorth). Public: `map`, `kinds`, `kind`, `facilities`, `selected`
 * (key or null), `zones` (null: not read), `isDraft` (zones are
 * those of a draft, else those in force where somebody clicks), `nameOf` (names of functions), `isSending`, `language`; `drop`.
 */
@customElement("scenario-tools")
export class ScenarioTools extends LitElement {
  @property({ attribute: false }) map: ReachMap | null = null;
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) kind = "";
  @property({ attribute: false }) facilities: readonly FacilityView[] = [];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) zones: readonly PeopledZone[] | null = null;
  @property({ attribute: false }) isDraft = false;
  @property({ attribute: false }) nameOf: (code: string) => string = (code) => code;
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";
  @state() private tool: ChangeAction | null = null;
  @state() private capacity = "";
  @state() private why = "";
  @state() private filter = "";
  @state() private isPicking = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.map?.stopDrawing();
  }

  /** Lay the tool down; false where none was in hand. */
  drop(): boolean {
    const had = this.tool !== null;
    this.tool = null;
    this.map?.stopDrawing();
    return had;
  }

  /** Another kind or another facility: what was begun was meant for the one before. */
  protected override willUpdate(changed: Map<string, unknown>): void {
    const isOther = (changed.has("kind") && this.tool !== "road") || (changed.has("selected") && (this.tool === "move" || this.tool === "enlarge"));
    if (isOther && this.hasUpdated) this.drop();
  }

  protected override render(): TemplateResult {
    return html`<section class="scenario-tools" aria-label=${gettext("Change something")}>
      <label class="field tools-kind">${gettext("Service")}
        <select name="kind" @change=${(event: Event) => { this.tell("kind-looked-at", (event.target as HTMLSelectElement).value); }}>
          ${this.kinds.map(({ code, name }) => html`<option value=${code} ?selected=${code === this.kind}>${name}</option>`)}
        </select></label>
      <div class="tools-row" role="group" aria-label=${gettext("Something new")}>
        ${this.button("add", "pin", gettext("Add one…"))}
        ${this.button("road", "tool-draw", gettext("Draw a street…"))}
        ${this.button("people", "ward", gettext("People of a zone…"))}
      </div>
      ${this.tool === "add" || this.tool === "road" || this.tool === "people" ? this.form(this.tool, null) : nothing}
      ${this.list()}
    </section>`;
  }

  private button(tool: ChangeAction, sign: string, words: string): TemplateResult {
    const isOn = this.tool === tool;
    return html`<button type="button" class="button small-button" data-tool=${tool} aria-expanded=${isOn ? "true" : "false"} ?disabled=${this.isSending}
      @click=${() => { this.take(isOn ? null : tool); }}>${icon(sign)}${words}</button>`;
  }

  // --- facilities that are there ---

  private list(): TemplateResult {
    const words = folded(this.filter.trim());
    const found = byName(this.facilities.filter(({ name }) => folded(name).includes(words)), this.language);
    const chosen = this.facilities.find(({ key }) => key === this.selected);
    const shown = found.filter((one) => one !== chosen).slice(0, MOST);
    const more = found.length - shown.length - (chosen !== undefined && found.includes(chosen) ? 1 : 0);
    return html`<div class="tools-facilities">
      <p class="tools-there">${this.facilities.length === 0
        ? gettext("No facility of this kind is in the record.")
        : gettext("Or change one that is there: choose it here or on the map, or drag it.")}</p>
      ${chosen === undefined ? nothing : this.card(chosen)}
      ${this.facilities.length <= MOST ? nothing : html`<label class="field">${gettext("Find by name")}
        <input type="search" name="facility" autocomplete="off" @input=${(event: Event) => { this.filter = (event.target as HTMLInputElement).value; }}></label>`}
      <ul class="facility-list" aria-label=${gettext("Facilities")}>${shown.map((one) => html`<li><button type="button" class="facility-row" data-key=${one.key} data-state=${one.state}
        @click=${() => { this.tell("facility-chosen", one.key); }}><b>${one.name}</b> <span>${aboutFacility(one, this.language)}</span></button></li>`)}</ul>
      ${more > 0 ? html`<p class="form-note">${interpolate(gettext("and %(count)s more"), { count: more })}</p>` : nothing}
    </div>`;
  }

  private card(facility: FacilityView): TemplateResult {
    const isOpen = facility.state !== "closed";
    return html`<section class="facility-card" aria-label=${facility.name}>
      <p class="facility-head"><b>${facility.name}</b> <span>${aboutFacility(facility, this.language)}</span>
        <button type="button" class="button small-button card-close" aria-label=${gettext("Leave this facility")} @click=${() => { this.tell("facility-chosen", ""); }}>${icon("close")}</button></p>
      ${isOpen
        ? html`<div class="tools-row" role="group" aria-label=${interpolate(gettext("Change %(name)s"), { name: facility.name })}>
            ${this.button("move", "tool-move", nameOfAction("move"))}
            <button type="button" class="button small-button" data-tool="close" ?disabled=${this.isSending}
              @click=${() => { this.send({ action: "close", target: facility.key }); }}>${icon("tool-delete")}${nameOfAction("close")}</button>
            ${this.button("enlarge", "more", nameOfAction("enlarge"))}
          </div>`
        : html`<p class="form-note">${gettext("It is closed in this scenario. Take that back in the list of changes to open it again.")}</p>`}
      ${isOpen && (this.tool === "move" || this.tool === "enlarge") ? this.form(this.tool, facility) : nothing}
    </section>`;
  }

  // --- forms ---

  private form(tool: ChangeAction, facility: FacilityView | null): TemplateResult {
    return html`<div class="tool-form" data-form=${tool}>
      ${tool === "people"
        ? this.isPicking
          ? html`<p class="tool-prompt" role="status">${gettext("Click on the map in the zone whose people shall be other ones. By keys: move the map and press Enter for its middle.")}</p>`
          : html`<zone-people .zones=${this.zones} .isPicked=${!this.isDraft} .nameOf=${this.nameOf} .isSending=${this.isSending} .language=${this.language}></zone-people>`
        : tool === "enlarge" ? this.enlarging(facility) : this.drawing(tool, facility)}
      <button type="button" class="button small-button tool-cancel" @click=${() => { this.drop(); }}>${gettext("Cancel")}</button>
    </div>`;
  }

  private drawing(tool: ChangeAction, facility: FacilityView | null): TemplateResult {
    const isRoad = tool === "road";
    return html`<p class="tool-prompt" role="status">${isRoad
        ? gettext("Click on the map corner by corner; a double click ends the street. By keys: move the map, Enter sets a corner in its middle, Ctrl+Enter ends.")
        : gettext("Click on the map where it shall stand. By keys: move the map and press Enter for its middle.")}</p>
      ${tool === "add" ? this.capacityField(withUnit(gettext("Capacity (may stay empty)"), this.facilities), false) : nothing}
      ${this.whyField()}
      ${isRoad ? html`<button type="button" class="button small-button main-button" @click=${() => { this.map?.finishDrawing(); }}>${gettext("Finish the street")}</button>` : nothing}
      <place-field .least=${isRoad ? 2 : 1} .label=${isRoad ? gettext("Or its corners, one a line: X (north) and Y (east)") : gettext("Or its coordinates: X (north) and Y (east)")}
        .button=${isRoad ? gettext("Draw it there") : gettext("Put it there")} .isSending=${this.isSending} .language=${this.language}
        @places-typed=${(event: CustomEvent<readonly EastNorth[]>) => { this.drawn(tool, event.detail, facility); }}></place-field>`;
  }

  private enlarging(facility: FacilityView | null): TemplateResult {
    return html`<form class="tool-enlarge" @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const capacity = readAmount(this.capacity);
        if (facility !== null && capacity !== null) this.send({ action: "enlarge", target: facility.key, capacity, why: this.why });
      }}>
      ${this.capacityField(withUnit(gettext("Capacity from now on"), facility === null ? [] : [facility]), true)}
      ${this.whyField()}
      <button type="submit" class="button small-button main-button" ?disabled=${this.isSending}>${gettext("Change it")}</button></form>`;
  }

  private capacityField(label: string, isNeeded: boolean): TemplateResult {
    const isBad = this.capacity !== "" && readAmount(this.capacity) === null;
    return html`<label class="field">${label}
        <input name="capacity" type="text" inputmode="decimal" autocomplete="off" ?required=${isNeeded} .value=${this.capacity} aria-invalid=${isBad ? "true" : "false"}
          @input=${(event: Event) => { this.capacity = (event.target as HTMLInputElement).value; }}></label>
      ${isBad ? html`<p class="form-refusal">${gettext("This is no number.")}</p>` : nothing}`;
  }

  private whyField(): TemplateResult {
    return html`<label class="field">${gettext("Why (may stay empty)")}
      <input name="why" type="text" maxlength="2000" autocomplete="off" .value=${this.why} @input=${(event: Event) => { this.why = (event.target as HTMLInputElement).value; }}></label>`;
  }

  // --- what happens ---

  private take(tool: ChangeAction | null): void {
    this.map?.stopDrawing();
    [this.tool, this.capacity, this.why] = [tool, "", ""];
    this.isPicking = tool === "people" && !this.isDraft;
    if (this.isPicking) void this.pick();
    else if (tool === "people") this.tell("zones-wanted", "");
    const facility = this.facilities.find(({ key }) => key === this.selected) ?? null;
    if (this.isPicking || tool === "add" || tool === "move" || tool === "road") {
      if (matchMedia("(max-width: 999px)").matches) document.querySelector(".reach-map")?.scrollIntoView();
    }
    if (tool === "add" || tool === "move" || tool === "road") void this.draw(tool, facility);
  }

  /** Let somebody show a zone in force. */
  private async pick(): Promise<void> {
    const place = await this.map?.drawPoint();
    if (this.tool !== "people") return;
    if (place == null) this.tool = null;
    else this.dispatchEvent(new CustomEvent<EastNorth>("zones-picked", { detail: place, bubbles: true }));
    this.isPicking = false;
  }

  private async draw(tool: "add" | "move" | "road", facility: FacilityView | null): Promise<void> {
    const { map } = this;
    if (map === null) return;
    let places: readonly EastNorth[] | null;
    if (tool === "road") places = await map.drawLine();
    else {
      const place = await map.drawPoint();
      places = place === null ? null : [place];
    }
    if (places !== null) this.drawn(tool, places, facility);
    else if (this.tool === tool) this.tool = null;
  }

  private drawn(tool: ChangeAction, places: readonly EastNorth[], facility: FacilityView | null): void {
    const [place] = places;
    if (place === undefined) return;
    const why = this.why.trim() === "" ? {} : { why: this.why.trim() };
    const capacity = readAmount(this.capacity);
    if (tool === "road") this.send({ action: "road", axis: places, ...why });
    else if (tool === "add") this.send({ action: "add", kind: this.kind, place, ...(capacity === null ? {} : { capacity }), ...why });
    else if (facility !== null) this.send({ action: "move", target: facility.key, place, ...why });
  }

  private send(change: NewChange): void {
    this.tool = null;
    this.map?.stopDrawing();
    this.dispatchEvent(new CustomEvent("change-wanted", { detail: change, bubbles: true }));
  }

  private tell(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
