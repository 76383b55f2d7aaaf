/** The shapes of the conflicts' addresses below /api/planning/; src: the OpenAPI document at /api/openapi.json. */
import type { Geometry } from "geojson";

import type { Change, EastNorth, Surface } from "./draft-types";

export type Severity = "blocks" | "warns" | "notes";
export const SEVERITIES: readonly Severity[] = ["blocks", "warns", "notes"];
export type Family = "plans" | "inside" | "ground" | "corridors" | "terrain" | "norms";
export const FAMILIES: readonly Family[] = ["plans", "inside", "ground", "corridors", "terrain", "norms"];
export type ConflictState = "open" | "accepted" | "false_alarm" | "solved";
export const STATES: readonly ConflictState[] = ["open", "accepted", "false_alarm", "solved"];

export interface RuleView {
  readonly code: string; readonly family: string; readonly severity: Severity; readonly title: string; readonly source: string;
  readonly measured: string; readonly said: string; readonly is_public: boolean;
}
export interface RunView {
  readonly id: number; readonly number: number; readonly kind: "full" | "partial";
  readonly state: "queued" | "running" | "done" | "cancelled" | "failed";
  readonly done: number; readonly total: number; readonly step: string; readonly on: string; readonly revision: number; readonly edits: number;
  readonly started_at: string | null; readonly finished_at: string | null; readonly by: string; readonly edit: number | null;
  readonly counts: Readonly<Record<Severity, number>>; readonly is_current: boolean;
}
export interface PartyView { readonly kind: string; readonly key: string; readonly name: string; readonly boundary: Geometry | null }
export interface ConflictView {
  readonly key: string; readonly rule: string; readonly family: string; readonly severity: Severity; readonly title: string; readonly text: string;
  readonly state: ConflictState; readonly place: EastNorth; readonly box: readonly [number, number, number, number]; readonly area_m2: number;
  readonly parcels: number | null; readonly people: number | null; readonly wards: readonly string[]; readonly parties: readonly PartyView[];
  readonly first_seen: string; readonly first_run: number; readonly by_edit: number | null; readonly by: string | null;
  readonly assigned_to: string | null; readonly changed: boolean;
}
export interface ConflictEvent {
  readonly at: string; readonly by: string; readonly kind: string; readonly text: string; readonly document: string; readonly assigned_to: string | null;
}
export interface Decision {
  readonly number: string; readonly date: string; readonly authority: string; readonly text: string; readonly prevails: string; readonly gives_way: string;
}
export interface ConflictDetail extends ConflictView {
  readonly boundary: Surface | null; readonly values: Readonly<Record<string, number | string>>; readonly rule_view: RuleView | null;
  readonly events: readonly ConflictEvent[]; readonly decision: Decision | null; readonly may_write: boolean;
  readonly people_to_assign: readonly { readonly id: number; readonly name: string }[];
}
export interface Difference {
  readonly run: RunView; readonly before: RunView | null; readonly new: readonly ConflictView[]; readonly solved: readonly ConflictView[];
  readonly changed: readonly ConflictView[]; readonly unchanged: number; readonly is_cut: boolean;
  /** How many there are, also of those that are not listed. */
  readonly counts?: { readonly new: number; readonly solved: number; readonly changed: number };
}
/** In place of a difference: a check of everything goes on, after which there will be one. */
export interface Underway { readonly run: RunView; readonly before: null }
export interface Effect {
  readonly new: readonly ConflictView[]; readonly solved: readonly ConflictView[]; readonly unchanged: number;
  readonly balance: readonly { readonly function: string; readonly before_m2: number; readonly after_m2: number }[];
}
export interface ConflictWay {
  readonly action: "trim" | "snap" | "shift" | "split" | "function"; readonly text: string; readonly changes: readonly Change[];
  readonly boundary_after: readonly { readonly uid: string; readonly boundary: Surface }[]; readonly effect: Effect;
}
export interface ConflictPage {
  readonly run: RunView | null; readonly is_current: boolean; readonly total: number; readonly conflicts: readonly ConflictView[];
  readonly next: string | null;
}
export interface Matrix {
  readonly wards: readonly { readonly code: string; readonly name: string }[];
  readonly rows: readonly { readonly rule: string; readonly counts: readonly number[]; readonly m2: readonly number[] }[];
}
export interface MapConflict {
  readonly key: string; readonly rule: string; readonly severity: Severity; readonly state: ConflictState; readonly place: EastNorth;
  readonly area_m2: number; readonly boundary: Surface | null;
}
/** East and north of the south-western corner, how many, their m², the worst severity. */
export type HeatCell = readonly [east: number, north: number, count: number, m2: number, worst: Severity];
export interface Heat { readonly cell_m: number; readonly cells: readonly HeatCell[] }
export type EventKind = "comment" | "accept" | "false_alarm" | "reopen" | "assign";
export interface NewEvent { readonly kind: EventKind; readonly text: string; readonly document: string; readonly assigned_to: number | null }
export interface NewDecision {
  readonly conflicts: readonly string[]; readonly number: string; readonly date: string; readonly authority: string; readonly text: string;
  readonly prevails: string;
}
