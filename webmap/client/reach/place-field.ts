/** Places that are typed instead of clicked. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { placeText } from "./scenario-words";
import type { EastNorth } from "../api/draft-types";
import { gettext, interpolate, ngettext } from "../text/gettext";
import { readCorners } from "../workbench/geometry/corners";

/**
 * A field for coordinates of the city's VN-2000 zone: two numbers make a place, several lines a line.
 *
 * Owns what is typed. Tells "places-typed" (EastNorth[]). Public: `least` (so many places are needed), `label`,
 * `button`, `isSending`, `language`.
 */
@customElement("place-field")
export class PlaceField extends LitElement {
  @property({ attribute: false }) least = 1;
  @property({ attribute: false }) label = "";
  @property({ attribute: false }) button = "";
  @property({ attribute: false }) isSending = false;
  @property({ attribute: false }) language = "vi";
  @state() private text = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get places(): readonly EastNorth[] {
    return readCorners(this.text, "guessed").corners.map(({ at }) => at);
  }

  protected override render(): TemplateResult {
    const { places } = this;
    const isFine = this.least === 1 ? places.length === 1 : places.length >= this.least;
    const read = (event: Event): void => { this.text = (event.target as HTMLInputElement).value; };
    const say = this.text.trim() === ""
      ? ""
      : !isFine
        ? this.least === 1 ? gettext("Two numbers make a place: X (north) and Y (east) in metres.") : gettext("A line needs two corners or more, each on a line of its own.")
        : places.length === 1 ? placeText(places[0] ?? [0, 0], this.language)
          : interpolate(ngettext("%(count)s corner", "%(count)s corners", places.length), { count: places.length });
    return html`<form class="place-field" @submit=${(event: SubmitEvent) => { this.submitted(event, isFine); }}>
      <label class="field">${this.label}
        ${this.least === 1
          ? html`<input name="place" type="text" inputmode="text" autocomplete="off" placeholder="2325123 587654" .value=${this.text} @input=${read}>`
          : html`<textarea name="place" rows="3" spellcheck="false" placeholder=${"2325123 587654\n2325190 587712"} .value=${this.text} @input=${read}></textarea>`}</label>
      <button type="submit" class="button small-button" ?disabled=${this.isSending}>${this.button}</button>
      <output class="place-read ${isFine ? "form-note" : "form-refusal"}">${say}</output>
    </form>`;
  }

  private submitted(event: SubmitEvent, isFine: boolean): void {
    event.preventDefault();
    if (!isFine) {
      this.querySelector<HTMLInputElement>("[name=place]")?.focus();
      return;
    }
    this.dispatchEvent(new CustomEvent("places-typed", { detail: this.places, bubbles: true }));
    this.text = "";
  }
}
