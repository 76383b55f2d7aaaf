/** Who else has the draft open. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { Person } from "../api/draft-types";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Dark enough for white letters; the map draws the same person in the same colour. */
const COLOURS = ["#1b4f8f", "#8a4300", "#5b2a86", "#0f6557", "#a5162b", "#4d5661", "#7a1f5c", "#3d5a00"] as const;

/** Return the colour of a person; equal everywhere. */
export function colourOfPerson(id: number): string {
  return COLOURS[id % COLOURS.length] ?? COLOURS[0];
}

/**
 * Chips with the first letters of names.
 *
 * Tells "person-shown" (id). Public: `people`, `labels` (names of zones by uid).
 */
@customElement("people-here")
export class PeopleHere extends LitElement {
  @property({ attribute: false }) people: readonly Person[] = [];
  @property({ attribute: false }) labels: ReadonlyMap<string, string> = new Map();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const others = this.people.filter((one) => !one.is_me);
    const text = ngettext("%(count)s other person here", "%(count)s other people here", others.length);
    return html`<div class="people-here">
      <span class="unseen" role="status">${others.length === 0 ? gettext("You are alone here.") : interpolate(text, { count: others.length })}</span>
      <ul aria-label=${gettext("Who is here")}>
        ${others.map((one) => html`<li>${this.chip(one)}</li>`)}
      </ul>
    </div>`;
  }

  private chip(person: Person): TemplateResult {
    const zone = person.zone === null ? undefined : this.labels.get(person.zone);
    const where = zone === undefined ? "" : interpolate(gettext("at zone %(label)s"), { label: zone });
    const told = [person.name, where].filter((part) => part !== "").join(", ");
    return html`<button type="button" class="person" title=${told} aria-label=${interpolate(gettext("Show where %(name)s is"), { name: told })}
      ?disabled=${person.at === null} @click=${() => { this.tell(person.id); }}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="16" fill=${colourOfPerson(person.id)}></circle>
        <text x="16" y="21" text-anchor="middle">${initials(person.name)}</text>
      </svg>
    </button>`;
  }

  private tell(id: number): void {
    this.dispatchEvent(new CustomEvent("person-shown", { detail: id, bubbles: true }));
  }
}

/** In Vietnamese names the given name comes last: "Trần Thị Lan" is L, and T before it. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const [first, last] = [words[0] ?? "", words.at(-1) ?? ""];
  return (words.length > 1 ? first.charAt(0) + last.charAt(0) : first.slice(0, 2)).toUpperCase();
}
