/** What things about scenarios are called. */
import { html, nothing, type TemplateResult } from "lit";

import { metresText, peopleText, shareText } from "./words";
import type { EastNorth } from "../api/draft-types";
import type { FacilityState, FacilityView, KindView } from "../api/reach-types";
import type { ChangeAction, ChangeView, KindEffect, ScenarioLine, Share } from "../api/scenario-types";
import { timeText } from "../conflicts/words";
import { pointsOf } from "../state/effects";
import { gettext, interpolate, ngettext } from "../text/gettext";

export function nameOfAction(action: ChangeAction): string {
  return {
    add: gettext("Add"), move: gettext("Move"), close: gettext("Close"), enlarge: gettext("Other capacity"), road: gettext("Draw a street"),
    people: gettext("People of a zone"),
  }[action];
}

export function nameOfFacilityState(state: FacilityState): string {
  return {
    as_is: gettext("as it is"), added: gettext("added"), moved: gettext("moved"), closed: gettext("closed"), enlarged: gettext("other capacity"),
  }[state];
}

export function kindName(code: string, kinds: readonly KindView[]): string {
  return kinds.find((kind) => kind.code === code)?.name ?? code;
}

/** "350 places", "1.200 m²"; "" where it is not known. */
export function capacityText(capacity: number | null, unit: string, language: string): string {
  if (capacity === null) return "";
  const count = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(capacity);
  const units: Readonly<Record<string, string>> = {
    place: ngettext("%(count)s place", "%(count)s places", capacity), pupil: ngettext("%(count)s pupil", "%(count)s pupils", capacity),
    bed: ngettext("%(count)s bed", "%(count)s beds", capacity), car: ngettext("room for %(count)s car", "room for %(count)s cars", capacity),
    vehicle: ngettext("%(count)s vehicle", "%(count)s vehicles", capacity), "bus/h": ngettext("%(count)s bus an hour", "%(count)s buses an hour", capacity),
    m2: "%(count)s m²",
  };
  return interpolate(units[unit] ?? `%(count)s ${unit}`, { count }).trim();
}

/** "Capacity · beds", in what most of some facilities are told in; a number without its unit is a guess. */
export function withUnit(label: string, facilities: readonly FacilityView[]): string {
  const many = new Map<string, number>();
  for (const { unit } of facilities) if (unit !== "") many.set(unit, (many.get(unit) ?? 0) + 1);
  const [usual] = [...many].sort(([, one], [, other]) => other - one).map(([unit]) => unit);
  const names: Readonly<Record<string, string>> = {
    place: gettext("places"), pupil: gettext("pupils"), bed: gettext("beds"), car: gettext("cars"), vehicle: gettext("vehicles"), "bus/h": gettext("buses an hour"), m2: "m²",
  };
  return usual === undefined ? label : `${label} · ${names[usual] ?? usual}`;
}

/** Facilities by their names as people count: number 2 before number 10. */
export function byName(facilities: readonly FacilityView[], language: string): readonly FacilityView[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...facilities].sort((one, other) => compare(one.name, other.name));
}

/** "X 2.325.123 · Y 587.654", north first as on Vietnamese papers. */
export function placeText([east, north]: EastNorth, language: string): string {
  const metres = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  return `X ${metres.format(north)} · Y ${metres.format(east)}`;
}

/** What a change does, in a sentence; `zoneName` says the label of a zone that has one. */
export function sentenceOf(change: ChangeView, kinds: readonly KindView[], language: string, zoneName: (uid: string) => string = () => ""): string {
  const name = change.name === "" ? kindName(change.kind, kinds) : change.name;
  const capacity = change.capacity === null ? "" : new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(change.capacity);
  switch (change.action) {
    case "add":
      return capacity === ""
        ? interpolate(gettext("Adds: %(kind)s"), { kind: kindName(change.kind, kinds) })
        : interpolate(gettext("Adds: %(kind)s, capacity %(capacity)s"), { kind: kindName(change.kind, kinds), capacity });
    case "move":
      return change.from === null || change.place === null
        ? interpolate(gettext("Moves: %(name)s"), { name })
        : interpolate(gettext("Moves: %(name)s, %(distance)s away"), { name, distance: metresText(apart(change.from, change.place), language) });
    case "close":
      return interpolate(gettext("Closes: %(name)s"), { name });
    case "enlarge":
      return interpolate(gettext("Gives %(name)s the capacity %(capacity)s"), { name, capacity });
    case "road":
      return interpolate(gettext("Draws a street of %(distance)s"), { distance: metresText(lengthOf(change.axis ?? []), language) });
    case "people":
      return interpolate(gettext("Plans %(people)s people in zone %(zone)s"), {
        people: peopleText(change.people ?? 0, language), zone: change.name || zoneName(change.target) || change.target.slice(0, 8),
      });
    case "undo":
      return interpolate(gettext("Takes change %(number)s back"), { number: change.undoes ?? "" });
  }
}

export function apart([e1, n1]: EastNorth, [e2, n2]: EastNorth): number {
  return Math.hypot(e2 - e1, n2 - n1);
}

export function lengthOf(axis: readonly EastNorth[]): number {
  return axis.slice(1).reduce((sum, place, at) => sum + apart(axis[at] ?? place, place), 0);
}

/** "within 500 m on foot"; "" for a norm without a distance. */
export function withinText({ norm, limit_m, measured }: Pick<KindEffect, "norm" | "limit_m" | "measured">, language: string): string {
  if (limit_m === null || measured === "none") return "";
  const values = { distance: metresText(limit_m, language) };
  if (norm === "") return interpolate(gettext("within %(distance)s on foot, our own measure: no norm gives a distance"), values);
  return measured === "walk"
    ? interpolate(gettext("within %(distance)s on foot"), values)
    : interpolate(gettext("within %(distance)s in a straight line"), values);
}

/** "+1,8 points"; "±0" where nothing that can be told changes, "" where it is not known. */
export function pointsText(before: Share, after: Share, language: string): string {
  const points = pointsOf(before, after);
  return points === null ? "" : signedPoints(points, language);
}

export function signedPoints(points: number, language: string): string {
  const digits = Math.abs(points) < 0.1 && points !== 0 ? 2 : 1;
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(Math.abs(points));
  if (points === 0) return "±0";
  const sign = points > 0 ? "+" : "−";
  const least = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(0.01);
  const isLess = Number(Math.abs(points).toFixed(digits)) === 0;
  return interpolate(gettext("%(points)s points"), { points: isLess ? `${sign}<\u00a0${least}` : `${sign}${size}` });
}

/** A share, or a dash where nobody knows it; a number and its sign stay on one line. */
export function shareOrDash(share: Share, language: string): string {
  return (shareText(share, language) ?? "–").replaceAll(" %", "\u00a0%");
}

/** People who gain, with a sign that needs no colour. */
export function gainMark(people: number, language: string): TemplateResult | typeof nothing {
  return counted(people, "gain", "▲", gettext("gain"), language);
}

export function loseMark(people: number, language: string): TemplateResult | typeof nothing {
  return counted(people, "lose", "▼", gettext("lose"), language);
}

function counted(people: number, what: "gain" | "lose", sign: string, name: string, language: string): TemplateResult | typeof nothing {
  if (people <= 0) return nothing;
  return html`<span class="gain-mark" data-what=${what}><span aria-hidden="true">${sign}</span> ${atLeastOne(people, language)} <span class="unseen">${name}</span></span>`;
}

/** Whole people; a part of one is not nobody. */
export function atLeastOne(people: number, language: string): string {
  return people > 0 && people < 1 ? "< 1" : peopleText(people, language);
}

/** What a list says of a facility behind its name. */
export function aboutFacility({ capacity, unit, state }: FacilityView, language: string): string {
  return [capacityText(capacity, unit, language), state === "as_is" ? "" : nameOfFacilityState(state)].filter((words) => words !== "").join(" · ");
}

/** Titles to choose among: where two are the same, each with the time at which it was begun. */
export function titlesOf(scenarios: readonly ScenarioLine[], language: string): ReadonlyMap<string, string> {
  const many = new Map<string, number>();
  for (const { title } of scenarios) many.set(title, (many.get(title) ?? 0) + 1);
  return new Map(scenarios.map(({ key, title, at }) => [key, (many.get(title) ?? 0) > 1 ? `${title} (${timeText(at, language)})` : title]));
}
