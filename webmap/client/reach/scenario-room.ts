/** What a service offers besides being near: choice, capacity for everybody, and room. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { capacityText, shareOrDash } from "./scenario-words";
import { metresText, reasonText } from "./words";
import type { BeforeAfter, Room, RoomFigure } from "../api/scenario-types";
import { gettext, interpolate } from "../text/gettext";

/** Owns nothing. Tells "room-wanted" (whether it is open). Public: `room` (null: being worked out), `isOpen`, `language`. */
@customElement("scenario-room")
export class ScenarioRoom extends LitElement {
  @property({ attribute: false }) room: Room | null = null;
  @property({ attribute: false }) isOpen = false;
  @property({ attribute: false }) language = "vi";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<details class="scenario-room" .open=${this.isOpen} @toggle=${this.toggled}>
      <summary>${gettext("Choice, capacity and room")}</summary>
      ${!this.isOpen ? nothing : this.room === null ? html`<p class="form-note" role="status">${gettext("Working it out…")}</p>` : this.table(this.room)}
    </details>`;
  }

  private table({ reachable, supply, with_room: withRoom }: Room): TemplateResult {
    const limit = this.limitOf(reachable);
    if ([reachable, supply, withRoom].every(({ before, after }) => before === null && after === null)) {
      return html`<p class="form-note">${gettext("Nothing can be said: no norm gives a distance for this service, or nobody knows any capacity.")}</p>`;
    }
    return html`<table class="effects-table">
      <thead><tr><th scope="col">${limit === "" ? "" : interpolate(gettext("within %(distance)s on foot"), { distance: limit })}</th><th scope="col">${gettext("before")}</th>
        <th scope="col">${gettext("after")}</th></tr></thead>
      <tbody>
        ${this.row(gettext("How many one can choose from, on average"), reachable, ({ value }) => (value === null ? "–" : this.number(value, 1)))}
        ${this.row(gettext("Capacity for 1,000 people"), supply, ({ value, values }) => (value === null ? "–" : capacityText(value * 1000, textIn(values, "unit"), this.language)))}
        ${this.row(gettext("People who find room in the nearest that has some left"), withRoom, (one) => shareOrDash(one, this.language))}
      </tbody></table>`;
  }

  private row(name: string, { before, after }: BeforeAfter, write: (figure: RoomFigure) => string): TemplateResult {
    const reason = reasonText((after ?? before)?.reason ?? "");
    return html`<tr><th scope="row">${name}${reason === "" ? nothing : html`<span class="form-note">${reason}</span>`}</th>
      <td>${before === null ? "–" : write(before)}</td><td><b>${after === null ? "–" : write(after)}</b></td></tr>`;
  }

  private number(value: number, digits: number): string {
    return new Intl.NumberFormat(this.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  }

  private limitOf({ before, after }: BeforeAfter): string {
    const limit = (after ?? before)?.values["limit_m"];
    return typeof limit === "number" ? metresText(limit, this.language) : "";
  }

  private readonly toggled = (event: Event): void => {
    const { open } = event.target as HTMLDetailsElement;
    if (open !== this.isOpen) this.dispatchEvent(new CustomEvent("room-wanted", { detail: open, bubbles: true }));
  };
}

function textIn(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}
