/** What figures of reach are called and how they are written. */
import { html, type TemplateResult } from "lit";

import type { Figure, NormView, ReachState } from "../api/reach-types";
import { icon } from "../elements/icon";
import { gettext, interpolate } from "../text/gettext";

/** "98,7 %", rounded down: nothing but all of them is "100 %", and only nobody is "0 %". */
export function percentText(share: number, language: string): string {
  if (share >= 1) return writtenPercent(100, 0, language);
  const tenths = Math.floor(share * 1000 + 1e-9) / 10;
  if (share > 0 && tenths === 0) return `<\u00a0${writtenPercent(0.1, 1, language)}`;
  return writtenPercent(tenths, share === 0 ? 0 : 1, language);
}

/** "98,8 %", rounded up: the most that a share can be is not made less. */
function percentAtMost(share: number, language: string): string {
  const tenths = Math.ceil(share * 1000 - 1e-9) / 10;
  return writtenPercent(tenths, tenths === 0 || tenths >= 100 ? 0 : 1, language);
}

function writtenPercent(value: number, digits: number, language: string): string {
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(value)}\u00a0%`;
}

/** "97,5 % to 100 %" where not everything is known; null: there is no share. */
export function shareText({ value, low, high }: Pick<Figure, "value" | "low" | "high">, language: string): string | null {
  if (low === null || high === null) return value === null ? null : percentText(value, language);
  if (high - low < 1e-9) return percentText(low, language);
  const [least, most] = [percentText(low, language), percentAtMost(high, language)];
  return least === most ? least : interpolate(gettext("%(low)s to %(high)s"), { low: least, high: most });
}

/** "12.345", in whole people. */
export function peopleText(people: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(people);
}

/** "512 m"; from 10 km on in kilometres. */
export function metresText(metres: number, language: string): string {
  if (metres >= 10_000) return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(metres / 1000)}\u00a0km`;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(metres)}\u00a0m`;
}

export function minutesText(minutes: number, language: string): string {
  const digits = minutes < 10 ? 1 : 0;
  return interpolate(gettext("%(minutes)s min"), { minutes: new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(minutes) });
}

/** 0,28 for a Gini coefficient. */
export function giniText(gini: number, language: string): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(gini);
}

/** "500 m in a straight line", "500 to 2.000 m on foot"; "" for a norm without a distance. */
export function limitText({ limit_m, laxest_m, measured }: NormView, language: string): string {
  if (limit_m === null || measured === "none") return "";
  const distance = laxest_m === null || laxest_m === limit_m
    ? metresText(limit_m, language)
    : interpolate(gettext("%(low)s to %(high)s"), { low: metresText(limit_m, language), high: metresText(laxest_m, language) });
  return interpolate(measured === "walk" ? gettext("%(distance)s on foot") : gettext("%(distance)s in a straight line"), { distance });
}

export function nameOfReachState(state: ReachState): string {
  return { met: gettext("Met"), not_met: gettext("Not met"), not_checked: gettext("Cannot be checked") }[state];
}

const SIGNS: Readonly<Record<ReachState, string>> = { met: "clear", not_met: "severity-blocks", not_checked: "not_checked" };

/** A state with its sign; the words are said even where only the sign is seen. */
export function stateMark(state: ReachState, isNamed = true): TemplateResult {
  return html`<span class="reach-state" data-state=${state}>${icon(SIGNS[state])}<span class=${isNamed ? "" : "unseen"}>${nameOfReachState(state)}</span></span>`;
}

/** Why something is not known, in words for the codes that figures have. */
export function reasonText(code: string): string {
  const known: Readonly<Record<string, string>> = {
    nobody_lives_here: gettext("Nobody lives here."),
    nobody_was_counted: gettext("Nobody was counted here: how many people live here is not known."),
    nothing_known: gettext("Of nobody here it is known how far they go."),
    does_not_hold: gettext("The norm does not speak of this area."),
    unreached: gettext("So many have no way at all that there is no such figure."),
    unit_unknown: gettext("The norm says in other units than the record how much a person needs, or not at all."),
    no_supply: gettext("Nobody is supplied at all."),
    fewer_than_two_wards: gettext("There are fewer than two wards to compare."),
  };
  return known[code] ?? "";
}

/** "Mầm non / kindergarten" has both languages; some rows have one. */
export function nameIn(facility: string, language: string): string {
  const [first = facility, second] = facility.split(" / ");
  return language === "en" ? (second ?? first) : first;
}
