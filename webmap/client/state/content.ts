/** What a zone says of itself: its fields, what they take, and what several zones have in common. */
import type { Content, PlanFunction } from "../api/draft-types";

export type Field = keyof Content;

/** In the order in which a planner reads them. */
export const FIELDS = [
  "label",
  "function",
  "land_use_code",
  "density",
  "storeys",
  "floor_area_ratio",
  "population",
  "note",
] as const satisfies readonly Field[];

/** Stated as texts of which bounds are read. */
export const INDICATORS = ["density", "storeys", "floor_area_ratio"] as const satisfies readonly Field[];
export type Indicator = (typeof INDICATORS)[number];

export function isIndicator(field: string): field is Indicator {
  return (INDICATORS as readonly string[]).includes(field);
}

/** As many letters as the server keeps; null: no limit. */
export const LONGEST: Readonly<Record<Field, number | null>> = {
  label: 60,
  function: 60,
  land_use_code: 10,
  density: 60,
  storeys: 60,
  floor_area_ratio: 60,
  population: null,
  note: 5000,
};

/** As many people as the server takes of one zone. */
const MOST_PEOPLE = 100_000_000;

/** Why a text cannot be the value of a field. */
export type Refusal = "too_long" | "not_a_count" | "function_unknown" | "function_missing";

export type Taken =
  | { readonly ok: true; readonly value: string | number | null }
  | { readonly ok: false; readonly why: Refusal };

/** Return what `text` means in `field`, or why it cannot stand there. */
export function take(field: Field, text: string, functions: readonly PlanFunction[]): Taken {
  const plain = text.trim();
  if (field === "population") return countOf(plain);
  if (field === "function") return functionOf(plain, functions);
  const longest = LONGEST[field];
  if (longest !== null && plain.length > longest) return { ok: false, why: "too_long" };
  return { ok: true, value: plain };
}

// "1.250" and "1 250" are how a spreadsheet writes one thousand two hundred and fifty people.
const COUNT = /^(?:\d+|\d{1,3}(?:[.,\s\u00a0\u202f]\d{3})+)$/;

function countOf(plain: string): Taken {
  if (plain === "") return { ok: true, value: null };
  if (!COUNT.test(plain)) return { ok: false, why: "not_a_count" };
  const count = Number(plain.replace(/\D/g, ""));
  return count <= MOST_PEOPLE ? { ok: true, value: count } : { ok: false, why: "not_a_count" };
}

function functionOf(plain: string, functions: readonly PlanFunction[]): Taken {
  if (plain === "") return { ok: false, why: "function_missing" };
  const sought = folded(plain);
  const found =
    functions.find((one) => one.code === plain) ??
    functions.find((one) => [one.code, one.name_vi, one.name_en].some((name) => folded(name) === sought));
  return found === undefined ? { ok: false, why: "function_unknown" } : { ok: true, value: found.code };
}

/** Return `text` without case and marks, so that "dat o" finds "Đất ở". */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/đ/g, "d");
}

/** Return a content's field as its text. */
export function textOf(content: Content, field: Field): string {
  const value = content[field];
  return value === null ? "" : String(value);
}

/** Return the text that all of `contents` have in `field`, null where they differ. */
export function common(contents: readonly Content[], field: Field): string | null {
  const [first, ...others] = contents;
  if (first === undefined) return "";
  const text = textOf(first, field);
  return others.every((one) => textOf(one, field) === text) ? text : null;
}

/** Return a content that says one thing only. */
export function only(field: Field, value: string | number | null): Partial<Content> {
  return { [field]: value };
}

/** The group of functions under which people live. */
const LIVED_IN = "Residential";
/** Groups of TT 16/2025; a land-use plan's codes are in none of them. */
const OTHER_GROUPS = new Set([
  "Social infrastructure",
  "Green",
  "Production",
  "Institutions",
  "Services",
  "Heritage",
  "Security",
  "Technical infrastructure",
  "Agriculture-forest",
  "Other",
  "Water",
]);

/**
 * Say whether population is asked of zones with these functions.
 *
 * TT 16/2025 gives density, storeys and floor-area ratio to every area of its class
 * ChucNangSuDungDat_A whatever its function, so these are never left out. People live where the
 * function is residential; of functions in no group we cannot tell, and ask.
 */
export function asksPopulation(functions: readonly (PlanFunction | undefined)[]): boolean {
  return functions.some(
    (one) => one === undefined || one.group === LIVED_IN || !OTHER_GROUPS.has(one.group),
  );
}
