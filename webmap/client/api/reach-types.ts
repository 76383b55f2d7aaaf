/** The shapes of the addresses of reach below /api/planning/reach/; src: the OpenAPI document at /api/openapi.json. */
import type { LineString, MultiPolygon } from "geojson";

import type { EastNorth } from "./draft-types";

export type ReachState = "met" | "not_met" | "not_checked";
export type Measured = "straight" | "walk" | "none";
export type Mode = "walk" | "motorbike";

export interface NormView {
  readonly id: string;
  /** The strictest and the laxest distance of the row, null where it gives none. */
  readonly limit_m: number | null; readonly laxest_m: number | null;
  readonly measured: Measured; readonly source: string; readonly confidence: string; readonly in_force: string;
}
export interface KindView {
  readonly code: string; readonly name: string;
  /** Those that hold on the day in question. */
  readonly norms: readonly NormView[];
}

/** What is told of everything that is worked out in the background. */
export interface RunLine {
  readonly id: number; readonly state: "queued" | "running" | "done" | "cancelled" | "failed"; readonly done: number; readonly total: number;
  readonly step: string; readonly started_at: string | null; readonly finished_at: string | null; readonly by: string;
}
export interface CoverageRun extends RunLine {
  readonly number: number | null; readonly on: string; readonly revision: number; readonly edits: number; readonly is_current: boolean;
  readonly counts: Readonly<Record<string, unknown>>;
}

export type Measure =
  | "share_within" | "straight" | "all_services" | "metres" | "minutes" | "reachable" | "supply" | "with_room" | "gini" | "gap" | "worst_decile"
  | "provision" | "spacing";
export interface Figure {
  readonly kind: string; readonly kind_name: string; readonly norm: string; readonly mode: string; readonly metric: "metres" | "seconds";
  readonly measure: Measure; readonly unit: string; readonly value: number | null; readonly low: number | null; readonly high: number | null;
  readonly people: number | null; readonly state: ReachState | null; readonly reason: string; readonly values: Readonly<Record<string, unknown>>;
}
export interface WardFigures {
  readonly run: CoverageRun; readonly kind: string; readonly name: string; readonly whole: readonly Figure[];
  readonly wards: readonly { readonly code: string; readonly name: string; readonly figures: readonly Figure[] }[];
}

export interface AreaProperties { readonly kind: string; readonly mode: Mode; readonly from_m: number; readonly to_m: number; readonly area_m2: number }
export interface Areas {
  readonly type: "FeatureCollection";
  readonly features: readonly { readonly type: "Feature"; readonly geometry: MultiPolygon; readonly properties: AreaProperties }[];
}

export type FacilityState = "as_is" | "added" | "moved" | "closed" | "enlarged";
export interface FacilityView {
  readonly key: string; readonly name: string; readonly kind: string; readonly place: EastNorth; readonly capacity: number | null;
  readonly unit: string; readonly state: FacilityState; readonly from: EastNorth | null;
}
/** A plot: where it is, the metres to the nearest service of the kind (null: no way, or not known) and what its norm says. */
export interface PlotView {
  readonly uuid: string; readonly place: EastNorth; readonly boundary: MultiPolygon | null; readonly metres: number | null;
  readonly state: ReachState | "none";
}
/** In place of an answer: the city must be put together first, which this run does. */
export interface NotReady { readonly run: RunLine }

/** South-western corner, people, metres on average (null: nobody has a way, or it is not known), tenth of the people. */
export type TenthSquare = readonly [east: number, north: number, people: number, metres: number | null, tenth: number | "no_way" | "not_known"];
/** Squares by how far people walk. */
export interface TenthSquares { readonly side_m: number; readonly breaks: readonly number[]; readonly squares: readonly TenthSquare[] }

/** What a box of the map shows. `has_plots`: plots of this scope are known at all; `is_cut`: too many of them to be told. */
export interface InView { readonly plots: readonly PlotView[]; readonly facilities: readonly FacilityView[]; readonly has_plots: boolean; readonly is_cut: boolean }

export interface PlotService {
  readonly kind: string; readonly name: string; readonly metres: number | null; readonly minutes_walk: number | null;
  readonly minutes_motorbike: number | null; readonly straight_m: number | null; readonly facility: string | null;
  readonly facility_name: string | null;
  readonly state: ReachState | "none"; readonly limit_m: number | null; readonly reason: string;
}
export interface PlotDetail {
  readonly uuid: string;
  readonly entrances: readonly { readonly at: EastNorth; readonly offset_m: number; readonly state: string; readonly edge: string }[];
  readonly people: number | null; readonly services: readonly PlotService[]; readonly way: LineString | null;
}

export interface NetworkIssue { readonly kind: string; readonly text: string; readonly keys: readonly string[]; readonly place: EastNorth | null; readonly metres: number | null }
export interface NetworkQuality {
  readonly segments?: number; readonly junctions?: number;
  readonly counts: Readonly<Record<string, number>>; readonly metres: Readonly<Record<string, number>>; readonly issues: readonly NetworkIssue[];
  readonly is_cut: boolean;
}

export interface NormPart {
  readonly measure: Measure; readonly state: ReachState; readonly reason: string; readonly text: string; readonly share: number | null;
  readonly covered: number | null; readonly not_covered: number | null; readonly unknown_people: number | null; readonly worst_zone: string;
  readonly worst_label: string; readonly values: Readonly<Record<string, unknown>>;
}
export interface NormRow {
  readonly norm: string; readonly facility: string; readonly source: string; readonly confidence: string; readonly in_force: string;
  readonly state: ReachState; readonly parts: readonly NormPart[];
}
export interface NormCheck { readonly on: string; readonly rows: readonly NormRow[] }
