/** What the conflicts page shows, and its form in the page's address, so that a link shows the same. */
import { FAMILIES, SEVERITIES, STATES } from "../api/conflict-types";
import type { Asked } from "../api/conflicts";

export type Tab = "list" | "map" | "matrix" | "heat" | "difference";
const TABS: readonly Tab[] = ["list", "map", "matrix", "heat", "difference"];
export type Sort = "severity" | "area" | "first_seen";
export const SORTS: readonly Sort[] = ["severity", "area", "first_seen"];

export interface Filters {
  readonly family: string;
  readonly rule: string;
  readonly severity: string;
  readonly ward: string;
  /** "open" at first; "" for all. */
  readonly state: string;
  /** Only those assigned to oneself. */
  readonly mine: boolean;
  readonly text: string;
}

export interface ConflictsView {
  readonly tab: Tab;
  readonly filters: Filters;
  readonly sort: Sort;
  /** Key of the conflict that is open, or null. */
  readonly conflict: string | null;
  /** Two runs that are compared; null: the last and the one before. */
  readonly before: number | null;
  readonly after: number | null;
}

export const ALL_OPEN: Filters = { family: "", rule: "", severity: "", ward: "", state: "open", mine: false, text: "" };
/** In the address: every state, which else means the open ones. */
const ALL = "all";
const CODE = /^[\w./-]{1,40}$/;
const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function among<T extends string>(known: readonly T[], said: string | null): T | undefined {
  return known.find((one) => one === said);
}

function code(said: string | null): string {
  return said !== null && CODE.test(said) ? said : "";
}

function number(said: string | null): number | null {
  return said !== null && /^\d{1,15}$/.test(said) ? Number(said) : null;
}

/** Read the view out of an address's query; what cannot be read counts as not said. */
export function readView(search: string): ConflictsView {
  const said = new URLSearchParams(search);
  const key = said.get("conflict") ?? "";
  return {
    tab: among(TABS, said.get("view")) ?? "list",
    filters: {
      family: among(FAMILIES, said.get("family")) ?? "",
      rule: code(said.get("rule")),
      severity: among(SEVERITIES, said.get("severity")) ?? "",
      ward: code(said.get("ward")),
      state: said.get("state") === ALL ? "" : (among(STATES, said.get("state")) ?? ALL_OPEN.state),
      mine: said.get("assigned") === "me",
      text: (said.get("text") ?? "").slice(0, 100),
    },
    sort: among(SORTS, said.get("sort")) ?? "severity",
    conflict: KEY.test(key) ? key.toLowerCase() : null,
    before: number(said.get("before")),
    after: number(said.get("after")),
  };
}

/** Return the query of an address that `readView` reads as `view`, with the scope before it. */
export function writeView(view: ConflictsView, draft: number | null): string {
  const { tab, filters, sort, conflict, before, after } = view;
  const said = new URLSearchParams();
  if (draft !== null) said.set("draft", String(draft));
  if (tab !== "list") said.set("view", tab);
  const { state, ...others } = asked(filters);
  for (const [name, value] of Object.entries(others)) said.set(name, value);
  if (state !== ALL_OPEN.state) said.set("state", state ?? ALL);
  if (sort !== "severity") said.set("sort", sort);
  if (conflict !== null) said.set("conflict", conflict);
  if (before !== null) said.set("before", String(before));
  if (after !== null) said.set("after", String(after));
  const text = said.toString();
  return text === "" ? "" : `?${text}`;
}

/** The filters as the server is asked. */
export function asked({ mine, ...named }: Filters): Asked {
  const said: Record<string, string> = {};
  for (const [name, value] of Object.entries(named)) if (value !== "") said[name] = value;
  if (mine) said["assigned"] = "me";
  return said;
}

/** Whether what the map knows of a conflict goes through the filters; wards and words are the list's. */
export function isThrough(
  one: { readonly rule: string; readonly severity: string; readonly state: string }, filters: Filters, familyOf: (rule: string) => string,
): boolean {
  return (filters.rule === "" || one.rule === filters.rule) && (filters.severity === "" || one.severity === filters.severity)
    && (filters.state === "" || one.state === filters.state) && (filters.family === "" || familyOf(one.rule) === filters.family);
}

/** How many filters are set beside "open". */
export function filterCount(filters: Filters): number {
  const names = ["family", "rule", "severity", "ward", "text"] as const;
  return names.filter((name) => filters[name] !== "").length + Number(filters.mine) + Number(filters.state !== ALL_OPEN.state);
}
