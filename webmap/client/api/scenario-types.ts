/** The shapes of scenarios and of the search for sites below /api/planning/reach/; src: the OpenAPI document at /api/openapi.json. */
import type { EastNorth } from "./draft-types";
import type { Measured, ReachState, RunLine } from "./reach-types";

/** Share of `people` who have something; null where nobody knows, with the reason. */
export interface Share {
  readonly value: number | null; readonly low: number | null; readonly high: number | null; readonly people: number | null; readonly reason: string;
}

export interface ScenarioLine {
  readonly key: string; readonly title: string; readonly draft: number | null; readonly by: string; readonly is_mine: boolean;
  readonly is_shared: boolean; readonly is_part_of_draft: boolean; readonly edits: number; readonly at: string;
}
export type ChangeAction = "add" | "move" | "close" | "enlarge" | "road" | "people";
export interface ChangeView {
  readonly number: number; readonly action: ChangeAction | "undo"; readonly target: string; readonly name: string; readonly kind: string;
  readonly place: EastNorth | null; readonly from: EastNorth | null; readonly axis: readonly EastNorth[] | null; readonly capacity: number | null;
  readonly people: number | null; readonly why: string; readonly by: string; readonly at: string; readonly undone_by: number | null;
  readonly undoes: number | null;
}
/** What somebody wants to change. */
export interface NewChange {
  readonly action: ChangeAction; readonly target?: string; readonly kind?: string; readonly place?: EastNorth; readonly axis?: readonly EastNorth[];
  readonly capacity?: number | null; readonly people?: number; readonly why?: string;
}
export interface WardEffect {
  readonly code: string; readonly name: string; readonly before: Share; readonly after: Share; readonly gain: number; readonly lose: number;
}
/** What a scenario does to one norm of a kind; `gain` and `lose` are people. */
export interface KindEffect {
  readonly kind: string; readonly name: string; readonly norm: string; readonly limit_m: number | null; readonly measured: Measured;
  readonly is_changed: boolean; readonly before: Share; readonly after: Share; readonly gain: number; readonly lose: number;
  readonly wards: readonly WardEffect[];
}
export interface ScenarioView extends ScenarioLine {
  readonly changes: readonly ChangeView[];
  /** Changes of which nothing came, and why. */
  readonly left_out: readonly { readonly number: number; readonly code: string; readonly text: string }[];
  readonly kinds: readonly KindEffect[];
  readonly all_services: { readonly before: Share; readonly after: Share } | null;
  readonly milliseconds: number;
  /** The city before any change is still being worked out by this run. */
  readonly run: RunLine | null;
}
/** South-western corner of a square of 100 m, people who gain, people who lose. */
export type GainSquare = readonly [east: number, north: number, gain: number, lose: number];
export interface ChangedPlot {
  readonly uuid: string; readonly place: EastNorth; readonly before_m: number | null; readonly after_m: number | null; readonly people: number | null;
  readonly was: ReachState | "none"; readonly is: ReachState | "none";
}
export interface Comparison extends Omit<KindEffect, "is_changed"> {
  readonly one: { readonly key: string; readonly title: string }; readonly other: { readonly key: string; readonly title: string } | null;
  readonly squares: readonly GainSquare[]; readonly plots: readonly ChangedPlot[]; readonly is_cut: boolean;
}

/** A figure of everybody; `values` say what it rests on. */
export interface RoomFigure extends Share { readonly norm: string; readonly values: Readonly<Record<string, unknown>> }
/** null: nothing can be said. */
export interface BeforeAfter { readonly before: RoomFigure | null; readonly after: RoomFigure | null }
/** How many of a kind people can choose from, how much capacity each has, and who finds room. */
export interface Room {
  readonly kind: string; readonly name: string; readonly reachable: BeforeAfter; readonly supply: BeforeAfter; readonly with_room: BeforeAfter;
}

export const SITING_MODELS = ["max_cover", "set_cover", "p_median", "capacitated"] as const;
export type SitingModel = (typeof SITING_MODELS)[number];
export type CandidateSource = "sites" | "plots" | "drawn";
export interface DrawnPoint { readonly place: EastNorth; readonly cost?: number; readonly capacity?: number; readonly name?: string }
export interface CandidateChoice {
  readonly source: CandidateSource; readonly function?: string; readonly least_m2?: number; readonly points?: readonly DrawnPoint[];
}
export interface NewSiting {
  readonly draft: number | null; readonly model: SitingModel; readonly kind: string; readonly limit_m: number; readonly count?: number;
  readonly budget?: number; readonly time_limit_s?: number; readonly candidates: readonly CandidateChoice[]; readonly cost_each?: number;
  readonly capacity_each?: number;
}
export interface Candidate {
  readonly key: string; readonly source: string; readonly name: string; readonly place: EastNorth; readonly cost: number;
  readonly capacity: number | null; readonly function: string; readonly is_permitted: boolean | null; readonly is_chosen: boolean;
  /** How many it would reach alone. */
  readonly newly_people: number | null;
}
export interface Alternative {
  readonly chosen: readonly string[]; readonly newly_people: number; readonly objective: number;
  /** How much worse than the best, as a share of it. */
  readonly behind: number;
}
export interface SitingView extends RunLine {
  readonly model: SitingModel; readonly kind: string; readonly kind_name: string; readonly limit_m: number; readonly count: number | null;
  readonly budget: number | null; readonly status: "optimal" | "feasible" | "none" | null; readonly candidates: readonly Candidate[];
  readonly chosen: readonly string[]; readonly objective: number | null; readonly bound: number | null; readonly gap: number | null;
  readonly seconds: number | null; readonly people_total: number | null; readonly newly_people: number | null;
  readonly share_before: number | null; readonly share_after: number | null; readonly out_of_reach_people: number | null;
  readonly loosened_m: number | null; readonly alternatives: readonly Alternative[];
  readonly wards: readonly { readonly code: string; readonly name: string; readonly newly: number }[];
  readonly left_out: readonly { readonly reason: string; readonly text: string; readonly many: number }[];
  readonly text: string;
}
