/** The shapes of what our server answers; src: the OpenAPI document at /api/openapi.json. */
import type { Geometry, MultiPolygon, Polygon } from "geojson";

export type Level = "general" | "zoning" | "detailed" | "land_use";
export type State = "applies" | "clear" | "no_data" | "not_checked";
/** Longitude and latitude in degrees, WGS 84. */
export type LonLat = readonly [number, number];
/** West, south, east, north in degrees. */
export type Box = readonly [number, number, number, number];

/** A number that a plot had before; the unit is empty where the register names none. */
export interface OldNumber {
  readonly sheet: string;
  readonly number: string;
  readonly unit_code: string;
  readonly unit_name: string;
}

export interface ParcelHit {
  readonly uuid: string;
  readonly sheet: string;
  readonly scale: number | null;
  readonly number: string;
  readonly unit_code: string;
  readonly unit_name: string;
  readonly address: string | null;
  /** A decimal number as text, so that no digit is lost on the way. */
  readonly legal_area_m2: number | null;
  readonly geometry_state: "valid" | "invalid" | "missing";
  readonly is_disputed: boolean;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly matched: "sheet_and_number" | "old_sheet_and_number" | "national_id" | "address" | "coordinate";
  /** The old number by which it was found, null where it was found otherwise. */
  readonly matched_as: OldNumber | null;
}

export interface PlaceHit {
  readonly kind: "unit" | "point";
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly bbox: Box;
}

export interface Message {
  readonly code: string;
  readonly text: string;
}

export interface SearchAnswer {
  readonly query: string;
  readonly parcels: readonly ParcelHit[];
  readonly places: readonly PlaceHit[];
  readonly truncated: boolean;
  readonly messages: readonly Message[];
}

/** A part of a sign, seen between two zooms of vector tiles; colours are #rrggbb or [attribute]. */
interface PartBase {
  readonly from_zoom?: number;
  readonly to_zoom?: number;
  readonly colour: string;
}

export interface FillPart extends PartBase {
  readonly kind: "fill";
  /** In hundredths. */
  readonly opacity: number;
  /** Whether the ground is painted first. */
  readonly hides: boolean;
}

export interface HatchPart extends PartBase {
  readonly kind: "hatch";
  readonly pattern: string;
}

export interface LinePart extends PartBase {
  readonly kind: "line";
  readonly width_px: number;
  /** Attribute that holds the true width in metres; `width_px` is then the least. */
  readonly width_from?: string;
  readonly casing?: string;
  readonly casing_px: number;
  readonly dash: readonly number[];
  readonly opacity: number;
}

export interface MarkPart extends PartBase {
  readonly kind: "mark";
  readonly glyph: string;
  readonly ink: string;
  readonly size_px: number;
}

export type DrawPart = FillPart | HatchPart | LinePart | MarkPart;

export type DrawCondition =
  | { readonly attribute: string; readonly values: readonly string[] }
  | { readonly attribute: string; readonly least: number };

export interface DrawLabel {
  readonly from_zoom?: number;
  readonly to_zoom?: number;
  readonly attribute: string;
  readonly english?: string;
  readonly size_px: number;
  readonly colour: string;
  readonly halo: string;
  readonly bold: boolean;
  readonly priority: number;
  readonly place: "inside" | "along" | "beside";
  readonly fits: boolean;
  readonly apart_px: number;
}

export interface DrawRule {
  readonly when: readonly DrawCondition[];
  readonly draw: readonly DrawPart[];
  readonly label: DrawLabel | null;
}

/** How a layer is drawn: a feature meets the first rule whose conditions all hold. */
export interface Drawing {
  readonly rules: readonly DrawRule[];
  readonly split_by: string | null;
  readonly is_labelled_once: boolean;
}

type Dot = readonly [number, number];

/** A figure that is repeated in both directions, in CSS pixels. */
export interface HatchFigure {
  readonly width: number;
  readonly height: number;
  readonly line_px: number;
  readonly strokes: readonly (readonly [Dot, Dot])[];
}

export interface DrawFigures {
  readonly ground: string;
  readonly patterns: Readonly<Record<string, HatchFigure>>;
  readonly glyphs: {
    readonly box: number;
    readonly rings: Readonly<Record<string, readonly (readonly Dot[])[]>>;
  };
}

export interface MapLayer {
  readonly id: string;
  readonly title_vi: string;
  readonly title_en: string;
  readonly url: string;
  readonly min_zoom: number;
  readonly max_zoom: number;
  readonly visible: boolean;
  /** Heading under which it can be switched; "" for what is always there. */
  readonly group: string;
  readonly shape: "polygon" | "line" | "point";
  /** #rrggbb by which the legend and an answer's pieces mark it. */
  readonly colour: string;
  readonly drawing: Drawing;
}

export interface LegendEntry {
  readonly function: string;
  readonly name_vi: string;
  readonly name_en: string;
  readonly colour: string;
  /** Figure that fills it, "" for none. */
  readonly hatch: string;
  readonly group: string;
}

export interface CrsDefinition {
  readonly epsg: number;
  readonly proj4: string;
  readonly name: string;
}

export interface MapDescription {
  readonly extent: Box;
  readonly centre: LonLat;
  readonly storage_epsg: number;
  /** From the bottom of the map to its top. */
  readonly layers: readonly MapLayer[];
  readonly figures: DrawFigures;
  readonly legend: readonly LegendEntry[];
  readonly attribution: readonly string[];
  readonly outside_background: { readonly url: string; readonly attribution: string } | null;
  readonly crs: readonly CrsDefinition[];
}

export interface AnswerPiece {
  readonly id: string;
  readonly theme: string;
  readonly answer: State;
  readonly colour: string;
  readonly pattern: "hatched" | "dotted" | "outlined" | "none";
  readonly boundary: Geometry;
}

/** What is planned for a plot, as the server prints it, with the geometry that the map draws. */
export interface Answer {
  readonly uuid: string;
  readonly title: string;
  readonly summary: string;
  readonly as_of: string;
  readonly html: string;
  readonly boundary: Polygon | MultiPolygon | null;
  readonly pieces: readonly AnswerPiece[];
}
