/** The answer: the server's own words about a plot, and what a person can do with them here. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

import { icon } from "./icon";
import { sentenceFor } from "./trouble";
import type { Answer } from "../api/types";
import type { Progress } from "../state/latest";
import { gettext } from "../text/gettext";

/** A drag shorter than this (px) is a tap with a trembling finger. */
const DRAG_PX = 24;

/**
 * The card with the open answer; on a narrow screen a sheet that leaves the map free until it is
 * drawn up.
 *
 * Owns whether the sheet is drawn up. Shows what `progress` says. Tells "piece-shown" (id or
 * null), "level-chosen" (Level), "layer-wanted" (id), "day-asked" (ISO date or null),
 * "asked-again" and "closed". Public: `progress`.
 */
@customElement("answer-card")
export class AnswerCard extends LitElement {
  @property({ attribute: false }) progress: Progress<Answer> = { kind: "idle" };
  @state() private isTall = false;
  private dragFrom: number | null = null;
  private dragged = false;

  override connectedCallback(): void {
    this.replaceChildren();
    super.connectedCallback();
    for (const name of ["pointerover", "focusin"]) this.addEventListener(name, this.pieceEntered);
    for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, this.pieceLeft);
    this.addEventListener("submit", this.submitted);
    this.addEventListener("click", this.clicked);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("progress")) return;
    this.dataset["state"] = this.progress.kind;
    const before = changed.get("progress");
    if (before?.kind === "done" || this.progress.kind === "idle") this.isTall = false;
  }

  protected override render(): TemplateResult {
    this.dataset["size"] = this.isTall ? "tall" : "low";
    return html`
      ${this.progress.kind === "idle" ? nothing : this.head()}
      <div class="sheet-body" tabindex="0">${this.body()}</div>
    `;
  }

  private head(): TemplateResult {
    return html`<div class="sheet-head">
      <button
        type="button"
        class="sheet-handle"
        aria-expanded=${this.isTall ? "true" : "false"}
        @pointerdown=${this.dragStarted}
        @pointermove=${this.dragMoved}
        @pointerup=${this.dragEnded}
        @click=${this.toggled}
      >
        <span class="sheet-grip"></span>
        <span>${this.isTall ? gettext("Show less") : gettext("Show the whole answer")}</span>
      </button>
      <button type="button" class="quiet sheet-close" @click=${() => { this.tell("closed", null); }}>
        ${icon("close")}<span class="unseen">${gettext("Close the answer")}</span>
      </button>
    </div>`;
  }

  private body(): TemplateResult | typeof nothing {
    switch (this.progress.kind) {
      case "idle":
        return this.invitation();
      case "waiting":
        return this.progress.slow
          ? html`<div class="skeleton"><p>${gettext("Reading what is planned…")}</p></div>`
          : nothing;
      case "failed":
        return html`<div class="trouble" role="alert">
          ${icon("not_checked")}
          <p>${sentenceFor(this.progress.error)}</p>
          <button type="button" class="button" @click=${() => { this.tell("asked-again", null); }}>
            ${gettext("Try again")}
          </button>
        </div>`;
      case "done":
        // The server's template escaped every value; it is the same one as the permanent page's.
        return html`${unsafeHTML(this.progress.value.html)}`;
    }
  }

  private invitation(): TemplateResult {
    const states: readonly (readonly [string, string, string])[] = [
      ["applies", gettext("Planned or restricted"), gettext("A plan says what this ground shall be, or something restricts it.")],
      ["clear", gettext("Nothing applies"), gettext("Nothing was found, and the data are declared complete here.")],
      ["no_data", gettext("No data here"), gettext("The plan or our data says nothing. This is not a “no”: ask the office.")],
      ["not_checked", gettext("Could not be checked"), gettext("Something is wrong with a source or the plot; we say what.")],
    ];
    return html`<div class="invitation">
      <h2>${gettext("How to read the answer")}</h2>
      <p>${gettext("Search above, or click a plot on the map. Every square metre of the plot gets one of four answers:")}</p>
      <dl class="states-explained">
        ${states.map(
          ([name, title, text]) => html`<div class="state state-${name}">
            ${icon(name)}
            <dt>${title}</dt>
            <dd>${text}</dd>
          </div>`,
        )}
      </dl>
    </div>`;
  }

  private readonly pieceEntered = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.closest("[data-piece]") : null;
    this.tell("piece-shown", row?.getAttribute("data-piece") ?? null);
  };

  private readonly pieceLeft = (): void => {
    this.tell("piece-shown", null);
  };

  private readonly clicked = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest(".theme-level") : null;
    if (button === null) return;
    // Where the sheet covers the map, what was asked for would not be seen.
    this.isTall = false;
    const level = button.getAttribute("data-level");
    if (level !== null) this.tell("level-chosen", level);
    else this.tell("layer-wanted", button.getAttribute("data-layer"));
  };

  private readonly submitted = (event: SubmitEvent): void => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.classList.contains("day-form")) return;
    event.preventDefault();
    const day = new FormData(form).get("as_of");
    this.tell("day-asked", typeof day === "string" && day !== "" ? day : null);
  };

  private readonly dragStarted = (event: PointerEvent): void => {
    this.dragFrom = event.clientY;
    this.dragged = false;
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
  };

  private readonly dragMoved = (event: PointerEvent): void => {
    if (this.dragFrom === null || Math.abs(event.clientY - this.dragFrom) < DRAG_PX) return;
    this.isTall = event.clientY < this.dragFrom;
    this.dragged = true;
  };

  private readonly dragEnded = (): void => {
    this.dragFrom = null;
  };

  private readonly toggled = (): void => {
    // The click that ends a drag is not another wish.
    if (!this.dragged) this.isTall = !this.isTall;
    this.dragged = false;
  };

  private tell(name: string, detail: string | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
