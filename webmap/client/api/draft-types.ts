/**
 * The shapes of the drafts' addresses below /api/planning/; src: the OpenAPI document at /api/openapi.json.
 *
 * Coordinates are those of the storage system (VN-2000, metres, east before north) as exact doubles.
 */
export type EastNorth = readonly [number, number];
export type Ring = readonly EastNorth[];
export interface Surface { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly Ring[])[] }
export interface Content {
  readonly label: string; readonly function: string; readonly land_use_code: string; readonly density: string;
  readonly storeys: string; readonly floor_area_ratio: string; readonly population: number | null; readonly note: string;
}
export interface Zone extends Content {
  readonly uid: string; readonly version: number; readonly area_m2: number;
  readonly box: readonly [number, number, number, number]; readonly boundary: Surface | null;   // null with geometry=no
}
export interface DraftBrief {
  readonly id: number; readonly code: string; readonly name_vi: string; readonly name_en: string; readonly level: string;
  readonly adjustment: "first" | "general" | "local"; readonly sequence: number; readonly status: "draft" | "approved";
  readonly scale: number; readonly edit: number; readonly zones: number; readonly faults: number; readonly may_edit: boolean;
  readonly changed_at: string | null; readonly changed_by: string | null;
}
export interface PlanFunction { readonly code: string; readonly name_vi: string; readonly name_en: string; readonly colour: string; readonly group: string }
export interface DraftDescription extends DraftBrief {
  readonly epsg: number; readonly extent: Surface; readonly functions: readonly PlanFunction[];
  readonly tolerance_m2: number; readonly me: { readonly id: number; readonly name: string };
}
export type FaultKind = "overlap" | "gap" | "sliver" | "outside" | "invalid";
export interface Fault {
  readonly key: string; readonly kind: FaultKind; readonly zones: readonly string[]; readonly area_m2: number;
  readonly width_m: number; readonly place: EastNorth; readonly box: readonly [number, number, number, number];
  readonly boundary: Surface | null; readonly reason: string | null;   // recorded reason why it was left
}
export interface Change {
  readonly uid: string; readonly based_on: number | null;     // null: a new zone
  readonly boundary?: Surface; readonly content?: Partial<Content>; readonly is_removed?: boolean;
}
export type Action = "draw" | "redraw" | "move" | "rotate" | "hole" | "reshape" | "split" | "merge" | "cut" | "buffer" | "offset"
  | "copy" | "vertex" | "numeric" | "attributes" | "bulk" | "paste" | "remove" | "repair" | "resolve" | "begin" | "undo";
export interface EditRequest { readonly action: Action; readonly why: string; readonly changes: readonly Change[]; readonly accept: string | null }
export interface EditBrief {
  readonly number: number; readonly action: Action; readonly why: string; readonly by: string; readonly by_me: boolean; readonly at: string;
  readonly undoes: number | null; readonly undone_by: number | null; readonly accepted: string; readonly zones: readonly string[]; readonly labels: readonly string[];
}
export interface EditAnswer { readonly edit: EditBrief; readonly zones: readonly Zone[]; readonly removed: readonly string[]; readonly opened: readonly Fault[]; readonly solved: readonly string[] }
export interface ZoneState extends Content { readonly version: number; readonly boundary: Surface }
export interface ZoneConflict {          // values.zones of the 412 problem
  readonly uid: string; readonly now: Zone | null; readonly base: ZoneState | null; readonly merged: ZoneState | null;
  readonly by: string; readonly at: string;
}
export interface ZoneChange { readonly uid: string; readonly before: ZoneState | null; readonly after: ZoneState | null }
export interface Person { readonly id: number; readonly name: string; readonly at: EastNorth | null; readonly zone: string | null; readonly seen_s: number; readonly is_me: boolean }
export interface Way { readonly code: string; readonly title: string; readonly changes: readonly Change[]; readonly area_m2: number }
export interface Variant { readonly id: number; readonly uid: string; readonly by: string; readonly at: string; readonly why: string; readonly state: ZoneState }
export interface GroundFeature { readonly kind: "parcel" | "line" | "zone"; readonly id: string; readonly label: string; readonly boundary: Surface }
