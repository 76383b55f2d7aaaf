/** How much choice people have, and whether there is room for them. */
import { html, nothing, type TemplateResult } from "lit";

import { figureOf, numberIn, textIn } from "./figures";
import { metresText, peopleText, percentText } from "./words";
import type { Figure } from "../api/reach-types";
import { gettext, interpolate } from "../text/gettext";

const PER = 1000;

/** "45,6 places for 1.000 people", "0,84 m² a person"; null where no size of any of them is known. */
export function supplyText(supply: Figure | undefined, language: string): string | null {
  if (supply?.value == null || numberIn(supply, "capacity_unknown") >= numberIn(supply, "facilities")) return null;
  const write = (value: number, digits: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const unit = textIn(supply, "unit");
  if (unit === "m2") return interpolate(gettext("%(number)s m² a person"), { number: write(supply.value, 2) });
  const number = write(supply.value * PER, 1);
  if (unit === "bed") return interpolate(gettext("%(number)s beds for 1,000 people"), { number });
  return interpolate(gettext("%(number)s places for 1,000 people"), { number });
}

/** Facts under a norm; nothing where a run found none. */
export function roomFacts(figures: readonly Figure[], kind: string, norm: string, language: string): TemplateResult | typeof nothing {
  const [choice, supply, room] = (["reachable", "supply", "with_room"] as const).map((measure) => figureOf(figures, kind, measure, { norm }));
  if (choice?.value == null && room?.value == null) return nothing;
  const limit = metresText(numberIn(choice ?? room, "limit_m"), language);
  const fact = (value: string, name: string): TemplateResult => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const people = (count: number): string => peopleText(Math.ceil(count), language);
  const each = supplyText(supply, language);
  const unknown = numberIn(supply, "capacity_unknown");
  return html`<section class="reach-section reach-room" aria-label=${gettext("Choice and room")}>
    <div class="reach-section-head"><h3>${gettext("Choice and room")}</h3></div>
    <dl class="reach-facts">
      ${choice?.value == null ? nothing : fact(new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(choice.value), interpolate(gettext("to choose from within %(limit)s on foot, on average"), { limit }))}
      ${choice?.value == null ? nothing : fact(people(numberIn(choice, "none_people")), interpolate(gettext("people have none within %(limit)s on foot"), { limit }))}
      ${each === null ? nothing : fact(each, gettext("shared among all who may come"))}
      ${room?.value == null ? nothing : fact(percentText(room.value, language), interpolate(gettext("find room within %(limit)s if each takes the nearest that has some"), { limit }))}
      ${room?.value == null ? nothing : fact(people(numberIn(room, "without_room")), gettext("people are left without room"))}
    </dl>
    ${unknown > 0 ? html`<p class="reach-small">${interpolate(gettext("Of %(count)s facilities the size is not known; they are left out here."), { count: unknown })}</p>` : nothing}
  </section>`;
}
