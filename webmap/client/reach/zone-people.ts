/** Other numbers of people for a zone: one of the draft's list, or one in force that was clicked. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { peopleText } from "./words";
import type { Zone } from "../api/draft-types";
import type { Area } from "../api/drafts";
import type { NewChange } from "../api/scenario-types";
import { readAmount } from "../state/amounts";
import { gettext, interpolate } from "../text/gettext";

/** What a list needs to know of a zone; `plan` tells zones in force apart. */
export type PeopledZone = Pick<Zone, "uid" | "label" | "function" | "population"> & { readonly box: Area | null; readonly plan?: string };

/** So many zones are listed at once. */
const MOST = 40;

/**
 * Owns what is typed. Tells "change-wanted" (NewChange) and "zone-shown" (Area). Public: `zones` (null: being read),
 * `isPicked` (they lie where somebody clicked), `nameOf` (names of functions), `isSending`, `language`.
 */
@customElement("zone-people")
export class ZonePeople extends LitElement {
  @property({ attribute: false }) zones: readonly PeopledZone[] | null = null;
  @property({ attribute: false }) nameOf: (code: string) => string = (code) => code;
  @property({ attribute: false }) isPicked = false;
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";
  @state() private filter = "";
  @state() private uid = "";
  @state() private people = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { zones } = this;
    if (zones === null) return html`<p class="form-note" role="status">${gettext("Loading…")}</p>`;
    if (zones.length === 0) return html`<p class="form-note">${this.isPicked ? gettext("No zone of a plan in force lies there.") : gettext("This plan has no zones yet.")}</p>`;
    const words = this.filter.trim().toLocaleLowerCase("vi");
    const found = zones.filter((zone) => words === "" || this.named(zone).toLocaleLowerCase("vi").includes(words));
    const chosen = zones.find(({ uid }) => uid === this.uid);
    const listed = found.slice(0, MOST);
    if (chosen !== undefined && !listed.includes(chosen)) listed.unshift(chosen);
    const people = readAmount(this.people);
    const isFine = people !== null;
    return html`<form class="zone-people" @submit=${(event: SubmitEvent) => { this.submitted(event, isFine ? people : null); }}>
      ${zones.length > MOST ? html`<label class="field">${gettext("Find a zone by its label or function")}
        <input type="search" autocomplete="off" @input=${(event: Event) => { this.filter = (event.target as HTMLInputElement).value; }}></label>` : nothing}
      <label class="field">${gettext("Zone")}
        <select name="zone" required @change=${this.chose}>
          <option value="">–</option>
          ${listed.map((zone) => html`<option value=${zone.uid} ?selected=${zone.uid === this.uid}>${this.named(zone)}${zone.population === null ? "" : ` · ${this.peopled(zone.population)}`}</option>`)}
        </select></label>
      ${found.length > MOST ? html`<p class="form-note">${interpolate(gettext("%(count)s zones; the first %(most)s are listed."), { count: found.length, most: MOST })}</p>` : nothing}
      ${chosen === undefined ? nothing : html`<p class="form-note">${chosen.population === null
        ? gettext("The plan states no number of people for this zone.")
        : interpolate(gettext("The plan states %(people)s."), { people: this.peopled(chosen.population) })}</p>`}
      <label class="field">${gettext("People who shall live there")}
        <input name="people" type="text" inputmode="decimal" autocomplete="off" required .value=${this.people}
          @input=${(event: Event) => { this.people = (event.target as HTMLInputElement).value; }}></label>
      ${this.people === "" ? nothing : isFine
        ? html`<p class="form-note">${this.peopled(people)}</p>`
        : html`<p class="form-refusal">${gettext("This is no number of people.")}</p>`}
      <button type="submit" class="button small-button main-button" ?disabled=${this.isSending}>${gettext("Plan so many")}</button>
    </form>`;
  }

  private named({ label, function: code, uid, plan = "" }: PeopledZone): string {
    return [label === "" ? uid.slice(0, 8) : label, this.nameOf(code), plan].filter((words) => words !== "").join(" · ");
  }

  private peopled(people: number): string {
    return interpolate(gettext("%(count)s people"), { count: peopleText(people, this.language) });
  }

  private readonly chose = (event: Event): void => {
    this.uid = (event.target as HTMLSelectElement).value;
    const zone = this.zones?.find(({ uid }) => uid === this.uid);
    if (zone !== undefined && zone.box !== null) this.dispatchEvent(new CustomEvent<Area>("zone-shown", { detail: zone.box, bubbles: true }));
  };

  private submitted(event: SubmitEvent, people: number | null): void {
    event.preventDefault();
    if (this.uid === "" || people === null) return;
    const detail: NewChange = { action: "people", target: this.uid, people };
    this.dispatchEvent(new CustomEvent("change-wanted", { detail, bubbles: true }));
    this.people = "";
  }
}
