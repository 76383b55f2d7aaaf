/** How the planner's panels call things. */
import { type Bounds, parseBounds, reachableRatio } from "../state/bounds";
import type { Field, Refusal } from "../state/content";
import type { Column, RowRefusal } from "../state/pasted";
import type { LegendName, StyleBy } from "../state/zone-colours";
import { gettext, interpolate } from "../text/gettext";
import type { Action, Content, FaultKind, PlanFunction } from "../api/draft-types";

const formats = new Map<string, Intl.NumberFormat>();

/** Return a format for numbers; made once, since a table writes thousands of them. */
export function numbersOf(language: string, digits = 3): Intl.NumberFormat {
  const key = `${language} ${digits}`;
  const made = formats.get(key) ?? new Intl.NumberFormat(language, { maximumFractionDigits: digits });
  formats.set(key, made);
  return made;
}

export function nameOfField(field: Column): string {
  const names: Readonly<Record<Column, string>> = {
    label: gettext("Symbol"),
    function: gettext("Function"),
    land_use_code: gettext("Land-use code"),
    density: gettext("Density"),
    storeys: gettext("Storeys"),
    floor_area_ratio: gettext("Floor-area ratio"),
    population: gettext("Population"),
    area_m2: gettext("Area"),
    note: gettext("Note"),
  };
  return names[field];
}

/** The unit of a field, or nothing. */
export function unitOf(field: Column): string {
  const units: Partial<Record<Column, string>> = {
    density: "%",
    storeys: gettext("storeys"),
    floor_area_ratio: gettext("times"),
    population: gettext("people"),
    area_m2: "m²",
  };
  return units[field] ?? "";
}

export function nameOfFunction(of: PlanFunction, language: string): string {
  return language === "en" && of.name_en !== "" ? of.name_en : of.name_vi;
}

/** Say what an indicator's text was read as. */
export function boundsText(text: string, field: Field, language: string): string {
  if (text.trim() === "") return "";
  const bounds = parseBounds(text);
  if (bounds === null) return gettext("No number can be read here; it is kept as text.");
  const unit = unitOf(field);
  return `${readAs(bounds, numbersOf(language))}${unit === "" ? "" : `\u00a0${unit}`}`;
}

function readAs({ low, high }: Bounds, numbers: Intl.NumberFormat): string {
  if (low !== null && high !== null) {
    if (low === high) return interpolate(gettext("exactly %(value)s"), { value: numbers.format(low) });
    return interpolate(gettext("from %(low)s to %(high)s"), {
      low: numbers.format(low),
      high: numbers.format(high),
    });
  }
  if (high !== null) return interpolate(gettext("at most %(value)s"), { value: numbers.format(high) });
  return interpolate(gettext("at least %(value)s"), { value: numbers.format(low ?? 0) });
}

/** Say what density and storeys allow, and whether the ratio that is stated can be reached. */
export function ratioText(content: Pick<Content, "density" | "storeys" | "floor_area_ratio">, language: string): string {
  const most = reachableRatio(content.density, content.storeys);
  if (most === null) return "";
  const value = numbersOf(language, 2).format(most);
  const stated = parseBounds(content.floor_area_ratio)?.high ?? null;
  return stated !== null && stated > most
    ? interpolate(gettext("Density times storeys allow %(value)s only: this ratio cannot be reached."), { value })
    : interpolate(gettext("Density times storeys allow %(value)s."), { value });
}

export function refusalText(why: Refusal | RowRefusal): string {
  const texts: Readonly<Record<Refusal | RowRefusal, string>> = {
    too_long: gettext("The text is too long for this field."),
    not_a_count: gettext("Not a whole number of people."),
    function_unknown: gettext("This plan knows no such function."),
    function_missing: gettext("A zone must have a function."),
    no_row: gettext("The table has no more rows below."),
    label_missing: gettext("The row names no symbol."),
    label_unknown: gettext("No zone shown in the table has this symbol."),
    label_twice: gettext("Several zones have this symbol."),
    row_twice: gettext("The zone was already named by a row above."),
  };
  return texts[why];
}

export function nameOfFault(kind: FaultKind): string {
  const names: Readonly<Record<FaultKind, string>> = {
    overlap: gettext("Overlap"),
    gap: gettext("Gap"),
    sliver: gettext("Sliver"),
    outside: gettext("Outside the plan"),
    invalid: gettext("Invalid ring"),
  };
  return names[kind];
}

/** What is wrong, in a sentence. */
export function explainFault(kind: FaultKind): string {
  const texts: Readonly<Record<FaultKind, string>> = {
    overlap: gettext("Two zones claim the same ground."),
    gap: gettext("Ground of the plan belongs to no zone."),
    sliver: gettext("A piece so narrow that nobody can have meant it."),
    outside: gettext("A zone reaches beyond the plan's boundary."),
    invalid: gettext("The boundary crosses itself or is not closed."),
  };
  return texts[kind];
}

export function nameOfAction(action: Action): string {
  const names: Readonly<Record<Action, string>> = {
    draw: gettext("Drawn"),
    redraw: gettext("Redrawn"),
    move: gettext("Moved"),
    rotate: gettext("Rotated"),
    hole: gettext("Hole cut"),
    reshape: gettext("Reshaped"),
    split: gettext("Split"),
    merge: gettext("Merged"),
    cut: gettext("Cut by a line"),
    buffer: gettext("Buffered"),
    offset: gettext("Drawn at a distance"),
    copy: gettext("Copied"),
    vertex: gettext("Corner moved"),
    numeric: gettext("Given by numbers"),
    attributes: gettext("Attributes changed"),
    bulk: gettext("Several zones changed"),
    paste: gettext("Pasted from a table"),
    remove: gettext("Removed"),
    repair: gettext("Repaired"),
    resolve: gettext("Conflict solved"),
    begin: gettext("Draft begun"),
    undo: gettext("Taken back"),
  };
  return names[action];
}

export function nameOfStyle(by: StyleBy): string {
  return by === "function" ? gettext("Function") : nameOfField(by);
}

/** What a colour stands for. */
export function nameOfLegend(name: LegendName, language: string): string {
  switch (name.kind) {
    case "function":
      return nameOfFunction(name.of, language);
    case "silent":
      return gettext("Not stated");
    case "unreadable":
      return gettext("Stated, but no number");
    case "unknown":
      return gettext("Function not in the list");
    case "class":
      return nameOfClass(name.above, name.to, numbersOf(language));
  }
}

function nameOfClass(above: number | null, to: number | null, numbers: Intl.NumberFormat): string {
  if (to === null) return interpolate(gettext("more than %(value)s"), { value: numbers.format(above ?? 0) });
  if (above === null) return interpolate(gettext("at most %(value)s"), { value: numbers.format(to) });
  return interpolate(gettext("over %(low)s to %(high)s"), { low: numbers.format(above), high: numbers.format(to) });
}

/** The unit in which a style is told. */
export function unitOfStyle(by: StyleBy): string {
  if (by === "function") return "";
  return by === "population" ? gettext("people per hectare") : unitOf(by);
}
