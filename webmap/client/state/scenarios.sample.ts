/** Scenarios and searches for sites, for tests. */
import type { FacilityView } from "../api/reach-types";
import type { ChangeView, Comparison, KindEffect, Room, ScenarioLine, ScenarioView, Share, SitingView, WardEffect } from "../api/scenario-types";

export function share(value: number | null, values: Partial<Share> = {}): Share {
  return { value, low: value, high: value, people: 1000, reason: "", ...values };
}

export function ward(name: string, values: Partial<WardEffect> = {}): WardEffect {
  return { code: name, name, before: share(0.5), after: share(0.6), gain: 100, lose: 0, ...values };
}

export function effect(kind: string, values: Partial<KindEffect> = {}): KindEffect {
  return {
    kind, name: kind, norm: `${kind}26`, limit_m: 500, measured: "walk", is_changed: false, before: share(0.5), after: share(0.5), gain: 0, lose: 0,
    wards: [], ...values,
  };
}

export function change(number: number, values: Partial<ChangeView> = {}): ChangeView {
  return {
    number, action: "add", target: `~s/${number}`, name: "", kind: "kindergarten", place: [587_000, 2_325_000], from: null, axis: null, capacity: null,
    people: null, why: "", by: "Lan", at: "2026-11-22T08:00:00Z", undone_by: null, undoes: null, ...values,
  };
}

export function line(key: string, values: Partial<ScenarioLine> = {}): ScenarioLine {
  return {
    key, title: `Scenario ${key}`, draft: null, by: "Lan", is_mine: true, is_shared: false, is_part_of_draft: false, edits: 0,
    at: "2026-11-22T08:00:00Z", ...values,
  };
}

export function scenario(key: string, values: Partial<ScenarioView> = {}): ScenarioView {
  return {
    ...line(key), changes: [], left_out: [], kinds: [effect("kindergarten"), effect("park")], all_services: { before: share(0.3), after: share(0.3) },
    milliseconds: 12, run: null, ...values,
  };
}

export function facility(key: string, values: Partial<FacilityView> = {}): FacilityView {
  return { key, name: `Facility ${key}`, kind: "kindergarten", place: [587_000, 2_325_000], capacity: 300, unit: "place", state: "as_is", from: null, ...values };
}

export function comparison(values: Partial<Comparison> = {}): Comparison {
  const { kind, name, norm, limit_m, measured, before, after, gain, lose, wards } = effect("kindergarten");
  return {
    kind, name, norm, limit_m, measured, before, after, gain, lose, wards, one: { key: "a", title: "A" }, other: null, squares: [], plots: [], is_cut: false,
    ...values,
  };
}

export function siting(id: number, values: Partial<SitingView> = {}): SitingView {
  return {
    id, state: "done", done: 1, total: 1, step: "", started_at: "2026-11-22T08:00:00Z", finished_at: "2026-11-22T08:00:05Z", by: "Lan",
    model: "max_cover", kind: "kindergarten", kind_name: "Kindergarten", limit_m: 500, count: 2, budget: null, status: "optimal", candidates: [],
    chosen: [], objective: 1200, bound: 1200, gap: 0, seconds: 1.2, people_total: 10_000, newly_people: 1200, share_before: 0.5, share_after: 0.62,
    out_of_reach_people: 0, loosened_m: null, alternatives: [], wards: [], left_out: [], text: "", ...values,
  };
}

export function room(kind: string): Room {
  const nothing = { before: null, after: null };
  return { kind, name: kind, reachable: nothing, supply: nothing, with_room: nothing };
}
