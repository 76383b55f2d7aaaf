/** What things about conflicts are called. */
import { html, type TemplateResult } from "lit";

import type { ConflictState, ConflictView, Family, Severity } from "../api/conflict-types";
import { icon } from "../elements/icon";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** Days and hours are the city's, wherever somebody reads them. */
const TIME_ZONE = "Asia/Ho_Chi_Minh";

export function nameOfSeverity(severity: Severity): string {
  return { blocks: gettext("Blocks"), warns: gettext("Warns"), notes: gettext("Notes") }[severity];
}

/** What follows from a severity, to be read after its count. */
export function meaningOf(severity: Severity, count: number): string {
  if (severity === "blocks") return ngettext("stops the approval", "stop the approval", count);
  if (severity === "warns") return ngettext("warning", "warnings", count);
  return ngettext("note", "notes", count);
}

export function nameOfState(state: ConflictState): string {
  return {
    open: gettext("Open"), accepted: gettext("Accepted"), false_alarm: gettext("False alarm"), solved: gettext("Solved"),
  }[state];
}

export function nameOfFamily(family: string): string {
  const names: Readonly<Record<Family, string>> = {
    plans: gettext("Plan against plan"), inside: gettext("Inside a plan"), ground: gettext("Plan against the ground"),
    corridors: gettext("Safety corridors"), terrain: gettext("Terrain"), norms: gettext("Planning norms"),
  };
  return names[family as Family];
}

export function nameOfParty(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    zone: gettext("Zone"), plan: gettext("Plan"), parcel: gettext("Parcel"), building: gettext("Building"), road: gettext("Street"),
    object: gettext("Installation"), item: gettext("Project"), control_line: gettext("Control line"), raster: gettext("Terrain"),
  };
  return names[kind] ?? kind;
}

export function nameOfEvent(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    comment: gettext("Comment"), accept: gettext("Accepted"), false_alarm: gettext("Called a false alarm"), reopen: gettext("Opened again"),
    assign: gettext("Assigned"), decide: gettext("Precedence decided"),
  };
  return names[kind] ?? kind;
}

/** The mark of a severity with its name, which eyes that know the mark need not read. */
export function severityMark(severity: Severity, isNamed = true): TemplateResult {
  return html`<span class="severity" data-severity=${severity}>${icon(`severity-${severity}`)}<span class=${isNamed ? "" : "unseen"}>${nameOfSeverity(severity)}</span></span>`;
}

export function areaText(area_m2: number, language: string): string {
  if (area_m2 >= 100_000) {
    return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(area_m2 / 10_000)} ha`;
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: area_m2 < 10 ? 2 : 0 }).format(area_m2)} m²`;
}

export function countText(count: number, language: string): string {
  return new Intl.NumberFormat(language).format(count);
}

/** Names of wards; none where no names are known at all. */
export function namesOf(codes: readonly string[], wards: ReadonlyMap<string, string>): readonly string[] {
  return wards.size === 0 ? [] : codes.map((code) => wards.get(code) ?? code);
}

/** "22 Nov 2026, 15:04" in the page's language. */
export function timeText(at: string, language: string): string {
  return new Date(at).toLocaleString(language === "en" ? "en-GB" : language, { dateStyle: "medium", timeStyle: "short", timeZone: TIME_ZONE });
}

export function dayText(at: string, language: string): string {
  return new Date(at).toLocaleDateString(language === "en" ? "en-GB" : language, { dateStyle: "medium", timeZone: TIME_ZONE });
}

/** How large a conflict is and whom it touches, as far as anybody knows. */
export function sizesOf({ area_m2, parcels, people }: ConflictView, language: string): readonly string[] {
  const number = (count: number): string => countText(count, language);
  return [
    ...(area_m2 > 0 ? [areaText(area_m2, language)] : []),
    ...(parcels !== null && parcels > 0
      ? [interpolate(ngettext("%(count)s parcel", "%(count)s parcels", parcels), { count: number(parcels) })]
      : []),
    ...(people !== null && people > 0
      ? [interpolate(ngettext("%(count)s person", "%(count)s people", people), { count: number(Math.round(people)) })]
      : []),
  ];
}
