import { describe, expect, it } from "vitest";

import { siting } from "./scenarios.sample";
import { marksOf, newlyIn, proofOf, sitesOf } from "./siting-answer";
import { askedOf, faultsOf, limitOf, SITING_AT_FIRST, type SitingForm } from "./siting-form";
import type { Candidate } from "../api/scenario-types";

const form = (values: Partial<SitingForm> = {}): SitingForm => ({ ...SITING_AT_FIRST, kind: "park", limit: "500", ...values });
const candidate = (key: string, newly_people: number): Candidate => ({
  key, source: "site", name: key, place: [0, 0], cost: 1, capacity: null, function: "", is_permitted: null, is_chosen: false, newly_people,
});

describe("the question for sites", () => {
  it("is sent as it is written, with a decimal comma too", () => {
    expect(askedOf(form({ limit: "1.000,5", count: "3" }), 7)).toEqual({
      draft: 7, model: "max_cover", kind: "park", limit_m: 1000.5, count: 3, time_limit_s: 60, candidates: [{ source: "sites" }],
    });
  });

  it("names a budget in place of a number of sites, and what each costs", () => {
    const asked = askedOf(form({ bound: "budget", budget: "12,5", costEach: "2" }), null);
    expect([asked.budget, asked.count, asked.cost_each]).toEqual([12.5, undefined, 2]);
  });

  it("asks for neither where everybody shall be covered", () => {
    const asked = askedOf(form({ model: "set_cover", count: "" }), null);
    expect([asked.count, asked.budget]).toEqual([undefined, undefined]);
  });

  it("says field by field what is missing", () => {
    expect(faultsOf(form({ kind: "", limit: "far", count: "2,5" }))).toEqual(["kind", "limit", "count"]);
    expect(faultsOf(form({ hasSites: false }))).toEqual(["no_candidates"]);
    expect(faultsOf(form({ hasPlots: true, least: "" }))).toEqual(["function", "least"]);
    expect(faultsOf(form({ hasDrawn: true }))).toEqual(["no_points"]);
    expect(faultsOf(form({ model: "capacitated" }))).toEqual(["capacity"]);
    expect(faultsOf(form({ time: "301" }))).toEqual(["time"]);
    expect(() => askedOf(form({ limit: "" }), null)).toThrow(RangeError);
  });

  it("takes the strictest distance of the norms at first", () => {
    const norm = { laxest_m: null, measured: "walk" as const, source: "", confidence: "", in_force: "" };
    expect(limitOf({ code: "x", name: "X", norms: [{ ...norm, id: "a", limit_m: 1000 }, { ...norm, id: "b", limit_m: null }, { ...norm, id: "c", limit_m: 500 }] })).toBe("500");
    expect(limitOf(undefined)).toBe("");
  });
});

describe("the answer", () => {
  const view = siting(1, {
    candidates: [candidate("a", 10), candidate("b", 90), candidate("c", 50)], chosen: ["a", "b"], newly_people: 95,
    alternatives: [{ chosen: ["b", "c"], newly_people: 94, objective: 94, behind: 0.01 }],
  });

  it("ranks the sites of a choice by whom each reaches alone", () => {
    expect(sitesOf(view, 0).map(({ key }) => key)).toEqual(["b", "a"]);
    expect(sitesOf(view, 1).map(({ key }) => key)).toEqual(["b", "c"]);
    expect([newlyIn(view, 0), newlyIn(view, 1), newlyIn(view, 2)]).toEqual([95, 94, null]);
  });

  it("marks beside the sites of an alternative those that only the best choice has", () => {
    expect(marksOf(view, 1).map(({ key, is_chosen, is_other, rank }) => [key, is_chosen, is_other, rank])).toEqual([
      ["a", false, true, undefined], ["b", true, false, 1], ["c", true, false, 2],
    ]);
  });

  it("calls best only what is proven", () => {
    expect(proofOf(siting(1))).toEqual({ kind: "best" });
    expect(proofOf(siting(1, { status: "feasible", gap: 0.013 }))).toEqual({ kind: "within", share: 0.013 });
    expect(proofOf(siting(1, { status: "feasible", gap: null }))).toEqual({ kind: "unknown" });
    expect(proofOf(siting(1, { status: "none" }))).toEqual({ kind: "none" });
  });
});
