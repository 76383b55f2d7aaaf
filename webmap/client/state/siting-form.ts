/** What somebody asks of a search for sites, and what is still missing before it can begin. */
import { readAmount } from "./amounts";
import type { KindView } from "../api/reach-types";
import type { CandidateChoice, DrawnPoint, NewSiting, SitingModel } from "../api/scenario-types";

/** Texts as they stand in the fields. */
export interface SitingForm {
  readonly kind: string;
  readonly model: SitingModel;
  readonly limit: string;
  /** How much may be built: so many sites, or so much money. */
  readonly bound: "count" | "budget";
  readonly count: string;
  readonly budget: string;
  readonly costEach: string;
  readonly capacityEach: string;
  readonly time: string;
  readonly hasSites: boolean;
  readonly hasPlots: boolean;
  readonly hasDrawn: boolean;
  readonly function: string;
  readonly least: string;
  readonly points: readonly DrawnPoint[];
}

export const SITING_AT_FIRST: SitingForm = {
  kind: "", model: "max_cover", limit: "", bound: "count", count: "2", budget: "", costEach: "", capacityEach: "", time: "60", hasSites: true, hasPlots: false,
  hasDrawn: false, function: "", least: "1000", points: [],
};

/** Field by field what must be mended. */
export type SitingFault =
  | "kind" | "limit" | "count" | "budget" | "cost" | "capacity" | "time" | "no_candidates" | "function" | "least" | "no_points";

/** Longest that a search may take, in seconds. */
export const MOST_TIME_S = 300;
const MOST_SITES = 500;

/** The strictest distance that a norm of the kind gives; "" where none does. */
export function limitOf(kind: KindView | undefined): string {
  const limits = (kind?.norms ?? []).flatMap(({ limit_m }) => (limit_m === null ? [] : [limit_m]));
  return limits.length === 0 ? "" : String(Math.min(...limits));
}

/** Whether the model asks how much may be built: covering everybody finds that out itself. */
export function isBounded(model: SitingModel): boolean {
  return model !== "set_cover";
}

function positive(text: string): number | null {
  const value = readAmount(text);
  return value !== null && value > 0 ? value : null;
}

function whole(text: string, most: number): number | null {
  const value = positive(text);
  return value !== null && Number.isInteger(value) && value <= most ? value : null;
}

/** Return what cannot be asked as it stands. */
export function faultsOf(form: SitingForm): readonly SitingFault[] {
  const faults: SitingFault[] = [];
  const must = (isFine: boolean, fault: SitingFault): void => { if (!isFine) faults.push(fault); };
  must(form.kind !== "", "kind");
  must(positive(form.limit) !== null, "limit");
  if (isBounded(form.model)) {
    if (form.bound === "count") must(whole(form.count, MOST_SITES) !== null, "count");
    else must(positive(form.budget) !== null, "budget");
  }
  must(form.costEach === "" || positive(form.costEach) !== null, "cost");
  must(form.capacityEach === "" ? form.model !== "capacitated" : positive(form.capacityEach) !== null, "capacity");
  must(whole(form.time, MOST_TIME_S) !== null, "time");
  must(form.hasSites || form.hasPlots || form.hasDrawn, "no_candidates");
  if (form.hasPlots) {
    must(form.function !== "", "function");
    must(positive(form.least) !== null, "least");
  }
  if (form.hasDrawn) must(form.points.length > 0, "no_points");
  return faults;
}

function candidatesOf(form: SitingForm): readonly CandidateChoice[] {
  return [
    ...(form.hasSites ? [{ source: "sites" as const }] : []),
    ...(form.hasPlots ? [{ source: "plots" as const, function: form.function, least_m2: positive(form.least) ?? 0 }] : []),
    ...(form.hasDrawn ? [{ source: "drawn" as const, points: form.points }] : []),
  ];
}

/** Return the question in the server's form. Throws RangeError where something is missing. */
export function askedOf(form: SitingForm, draft: number | null): NewSiting {
  const faults = faultsOf(form);
  if (faults.length > 0) throw new RangeError(faults.join());
  const isBudget = form.bound === "budget";
  const [cost, capacity] = [positive(form.costEach), positive(form.capacityEach)];
  return {
    draft, model: form.model, kind: form.kind, limit_m: positive(form.limit) ?? 0,
    ...(isBounded(form.model) ? (isBudget ? { budget: positive(form.budget) ?? 0 } : { count: whole(form.count, MOST_SITES) ?? 0 }) : {}),
    time_limit_s: whole(form.time, MOST_TIME_S) ?? 0,
    candidates: candidatesOf(form),
    ...(cost === null ? {} : { cost_each: cost }),
    ...(capacity === null ? {} : { capacity_each: capacity }),
  };
}
