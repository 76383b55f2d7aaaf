/** The question: a box for free words, and a list of everything they may mean. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon } from "./icon";
import { sentenceFor } from "./trouble";
import type { Server } from "../api/server";
import type { ParcelHit, PlaceHit, SearchAnswer } from "../api/types";
import { Latest, type Progress } from "../state/latest";
import type { Format } from "../text/format";
import { gettext, interpolate, ngettext } from "../text/gettext";
import { matchedBy } from "../text/matched";

/** Typing pauses shorter than this are not yet a question. */
const PAUSE_MS = 250;
const LEAST_LETTERS = 2;

type Hit =
  | { readonly kind: "plot"; readonly plot: ParcelHit }
  | { readonly kind: "place"; readonly place: PlaceHit };

/**
 * A combobox (ARIA 1.2) over the server's search.
 *
 * Owns the text, the list and which entry is active. Tells "plot-chosen" (ParcelHit),
 * "place-chosen" (PlaceHit) and "question-asked" (the text). Public: `ask`, `server`, `format`.
 */
@customElement("search-box")
export class SearchBox extends LitElement {
  @property({ attribute: false }) server!: Server;
  @property({ attribute: false }) format!: Format;
  @property({ attribute: false }) examples: readonly string[] = [];

  @state() private text = "";
  @state() private isOpen = false;
  @state() private active = -1;
  @state() private progress: Progress<SearchAnswer> = { kind: "idle" };

  private pause: ReturnType<typeof setTimeout> | undefined;
  private chooseOnly = false;
  private readonly latest = new Latest<SearchAnswer>((progress) => {
    this.progress = progress;
    if (progress.kind === "done") this.arrived();
  });

  override connectedCallback(): void {
    // The server's own form serves pages without script; from here on this element does.
    this.replaceChildren();
    super.connectedCallback();
  }

  /** Put words into the box and look them up; a single plot found is chosen at once. */
  ask(text: string): void {
    this.text = text;
    this.search(true);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const shown = this.isOpen && this.progress.kind !== "idle";
    const label = gettext("Plot number, address or coordinates");
    return html`
      <form class="search" role="search" @submit=${this.submitted} @focusout=${this.left}>
        <label class="search-label" for="question">${label}</label>
        <div class="search-row">
          <input
            id="question"
            name="q"
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            enterkeyhint="search"
            placeholder=${label}
            aria-autocomplete="list"
            aria-haspopup="listbox"
            aria-controls="found"
            aria-describedby="search-examples"
            aria-expanded=${shown && this.hits.length > 0 ? "true" : "false"}
            aria-activedescendant=${this.active >= 0 ? `found-${this.active}` : nothing}
            .value=${this.text}
            @input=${this.typed}
            @keydown=${this.pressed}
            @focus=${() => (this.isOpen = true)}
          />
          ${this.text === ""
            ? nothing
            : html`<button type="button" class="quiet" @click=${this.clear}>
                ${icon("close")}<span class="unseen">${gettext("Clear the search")}</span>
              </button>`}
          <button class="go">${icon("search")}<span class="unseen">${gettext("Search")}</span></button>
        </div>
        <div class="found-place">
          <div class="found" ?hidden=${!shown} @mousedown=${keepFocus}>
            ${this.note()}
            <ul id="found" role="listbox" aria-label=${gettext("Found")} ?hidden=${this.hits.length === 0}>
              ${this.hits.map((hit, position) => this.entry(hit, position))}
            </ul>
          </div>
        </div>
        <p class="unseen" role="status">${shown ? this.announcement() : ""}</p>
      </form>
      <div class="examples" id="search-examples">
        <span>${gettext("For example:")}</span>
        ${this.examples.map(
          (example) =>
            html`<button type="button" class="example" @click=${() => { this.tryExample(example); }}>${example}</button>`,
        )}
      </div>
    `;
  }

  private get hits(): readonly Hit[] {
    if (this.progress.kind !== "done") return [];
    const { parcels, places } = this.progress.value;
    return [
      ...parcels.map((plot): Hit => ({ kind: "plot", plot })),
      ...places.map((place): Hit => ({ kind: "place", place })),
    ];
  }

  private entry(hit: Hit, position: number): TemplateResult {
    return html`<li
      id="found-${position}"
      role="option"
      class="hit"
      aria-selected=${position === this.active ? "true" : "false"}
      @click=${() => { this.choose(hit); }}
    >
      ${hit.kind === "plot" ? this.plotEntry(hit.plot) : this.placeEntry(hit.place)}
    </li>`;
  }

  private plotEntry(plot: ParcelHit): TemplateResult {
    const where = [plot.unit_name, plot.address].filter((part) => part !== null && part !== "");
    const area = plot.legal_area_m2 === null ? null : this.format.area(plot.legal_area_m2);
    return html`${icon("plot")}
      <span class="hit-text">
        <span class="hit-name">
          ${interpolate(gettext("Plot %(number)s, sheet %(sheet)s"), { number: plot.number, sheet: plot.sheet })}
          ${plot.scale === null ? nothing : html`<small>1:${plot.scale}</small>`}
        </span>
        <span class="hit-where">${where.join(" · ")}</span>
        <span class="hit-why">
          ${matchedBy(plot)}${area === null ? nothing : html` · ${area}`}
          ${plot.is_disputed ? html`<em class="flag">${gettext("number used twice")}</em>` : nothing}
          ${plot.geometry_state === "valid" ? nothing : html`<em class="flag">${gettext("no usable boundary")}</em>`}
        </span>
      </span>`;
  }

  private placeEntry(place: PlaceHit): TemplateResult {
    return html`${icon(place.kind === "unit" ? "ward" : "pin")}
      <span class="hit-text">
        <span class="hit-name">${place.name}</span>
        <span class="hit-why">
          ${place.kind === "unit" ? gettext("Ward: show it on the map") : gettext("Point: show it on the map")}
        </span>
      </span>`;
  }

  private note(): TemplateResult | typeof nothing {
    if (this.progress.kind === "waiting") {
      return this.progress.slow ? html`<p class="found-note">${gettext("Searching…")}</p>` : nothing;
    }
    if (this.progress.kind === "failed") {
      return html`<div class="found-note">
        <p>${sentenceFor(this.progress.error)}</p>
        <button type="button" class="button" @click=${() => { this.search(true); }}>${gettext("Try again")}</button>
      </div>`;
    }
    if (this.progress.kind !== "done" || this.progress.value.messages.length === 0) return nothing;
    // What the server understood of the question, it says best itself.
    return html`<div class="found-note">
      ${this.progress.value.messages.map((message) => html`<p>${message.text}</p>`)}
    </div>`;
  }

  private announcement(): string {
    if (this.progress.kind === "failed") return sentenceFor(this.progress.error);
    if (this.progress.kind !== "done") return "";
    const count = this.hits.length;
    const told = this.progress.value.messages.map((message) => message.text).join(" ");
    if (count === 0) return told;
    const found = interpolate(ngettext("%(count)s result.", "%(count)s results.", count), { count });
    return `${found} ${told}`.trim();
  }

  private readonly typed = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.text = event.target.value;
    this.active = -1;
    this.isOpen = true;
    clearTimeout(this.pause);
    if (this.text.trim().length < LEAST_LETTERS) {
      this.latest.forget();
      return;
    }
    this.pause = setTimeout(() => { this.search(false); }, PAUSE_MS);
  };

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    const hit = this.hits[this.active];
    if (hit !== undefined) this.choose(hit);
    else this.search(true);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const count = this.hits.length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      this.isOpen = true;
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One position more than entries: in between, the text itself is active again.
      this.active = ((this.active + 1 + step + count + 1) % (count + 1)) - 1;
      void this.updateComplete.then(() => {
        this.querySelector(`#found-${this.active}`)?.scrollIntoView({ block: "nearest" });
      });
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.isOpen && this.progress.kind !== "idle") this.close();
      else this.clear();
    }
  };

  private readonly left = (event: FocusEvent): void => {
    // From the box to a button beside or below it is not away.
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.close();
  };

  private readonly clear = (): void => {
    this.text = "";
    this.latest.forget();
    this.querySelector("input")?.focus();
  };

  private tryExample(example: string): void {
    this.text = example;
    this.querySelector("input")?.focus();
    this.search(false);
  }

  private close(): void {
    this.isOpen = false;
    this.active = -1;
  }

  private search(chooseOnly: boolean): void {
    clearTimeout(this.pause);
    const text = this.text.trim();
    if (text.length < LEAST_LETTERS) return;
    this.chooseOnly = chooseOnly;
    this.isOpen = true;
    this.active = -1;
    void this.latest.ask((signal) => this.server.search(text, signal));
    this.tell("question-asked", text);
  }

  private arrived(): void {
    const [first] = this.hits;
    if (this.chooseOnly && first?.kind === "plot" && this.hits.length === 1) this.choose(first);
  }

  private choose(hit: Hit): void {
    this.close();
    if (hit.kind === "plot") this.tell("plot-chosen", hit.plot);
    else this.tell("place-chosen", hit.place);
  }

  private tell(name: string, detail: ParcelHit | PlaceHit | string): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** The list is chosen from with the mouse while the box keeps the keyboard's focus. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
