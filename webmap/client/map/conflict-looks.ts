/** How conflicts look: each severity has its own shape, pattern and kind of line, so that colour is not needed. */
import Feature, { type FeatureLike } from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type Geometry from "ol/geom/Geometry";
import Point from "ol/geom/Point";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import type ImageStyle from "ol/style/Image";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";

import type { HeatCell, MapConflict, PartyView, Severity } from "../api/conflict-types";
import { shadeOf } from "../state/shade";
import { patternOf } from "./answer-styles";
import { FONT } from "./font";

/** The same as in conflicts.css. */
const COLOURS: Readonly<Record<Severity, string>> = { blocks: "#a5162b", warns: "#8a4300", notes: "#1b4f8f" };
/** Of those that somebody accepted or called a false alarm. */
const SETTLED = "#5b6670";
const DASHES: Readonly<Record<Severity, number[]>> = { blocks: [], warns: [9, 5], notes: [2, 4] };
const ABOVE: Readonly<Record<Severity, number>> = { blocks: 3, warns: 2, notes: 1 };

const line = (color: string, width: number, lineDash: number[] = []): Stroke => new Stroke({ color, width, lineDash });
const fill = (color: string | CanvasPattern): Fill => new Fill({ color });

/** A square for what blocks, a triangle for what warns, a ring for what is noted. */
function markOf(severity: Severity, colour: string, isSelected: boolean, isFar: boolean): ImageStyle {
  const grown = isSelected ? 1.6 : isFar ? 0.7 : 1;
  const rim = line("#ffffff", isFar ? 1.2 : 1.8);
  if (severity === "blocks") {
    return new RegularShape({ points: 4, radius: 8.5 * grown, angle: Math.PI / 4, fill: fill(colour), stroke: rim });
  }
  if (severity === "warns") return new RegularShape({ points: 3, radius: 8.5 * grown, fill: fill(colour), stroke: rim });
  return new CircleStyle({ radius: 5 * grown, fill: fill("#ffffff"), stroke: line(colour, 2.6 * grown) });
}

function groundOf(severity: Severity, colour: string, isSelected: boolean): Style[] {
  const pattern = severity === "blocks" ? patternOf("hatched", colour) : severity === "warns" ? patternOf("dotted", colour) : null;
  return [
    new Style({ stroke: line("#ffffffd0", isSelected ? 7 : 4), zIndex: ABOVE[severity] }),
    new Style({
      stroke: line(colour, isSelected ? 3.6 : 2, DASHES[severity]),
      fill: fill(isSelected ? "#ffd23f47" : "#ffffff01"),
      zIndex: ABOVE[severity],
    }),
    ...(pattern === null ? [] : [new Style({ fill: fill(pattern), zIndex: ABOVE[severity] })]),
  ];
}

const known = new Map<string, Style[]>();

/** A conflict's ground narrower than this (CSS pixels) is marked instead of drawn. */
const GROUND_PX = 6;
/** Farther out than this (metres to the pixel) marks are small, or they would hide each other. */
const FAR_M = 0.8;
/** Wider than this it needs no mark. */
const UNMARKED_PX = 36;

const geojson = new GeoJSON();

function drawn(geometry: Geometry | null, values: Readonly<Record<string, unknown>>): Feature {
  const feature = new Feature(geometry ?? undefined);
  feature.setProperties({ ...values });
  return feature;
}

/** Return the mark of a conflict and, where it has some, its ground. */
export function conflictFeatures({ key, severity, state, place, boundary }: MapConflict, selected: string | null): Feature[] {
  const values = { key, severity, state, is_selected: key === selected };
  const mark = drawn(new Point([...place]), values);
  if (boundary === null) return [mark];
  const ground = drawn(geojson.readGeometry(boundary), values);
  const [west = 0, south = 0, east = 0, north = 0] = ground.getGeometry()?.getExtent() ?? [];
  for (const feature of [mark, ground]) feature.set("width_m", Math.max(east - west, north - south));
  return [ground, mark];
}

/** Return the drawn ones of those that contradict each other, the first of them apart from the others. */
export function partyFeatures(parties: readonly PartyView[]): Feature[] {
  return parties.filter(({ boundary }) => boundary !== null).map(({ boundary }, at) => drawn(geojson.readGeometry(boundary), { place: at }));
}

/** A conflict's ground or its mark; the feature says "severity", "state" and whether it "is_selected". */
export function conflictLook(feature: FeatureLike, resolution: number): Style[] {
  const severity = String(feature.get("severity")) as Severity;
  const isMark = feature.getGeometry()?.getType() === "Point";
  const isSelected = feature.get("is_selected") === true;
  const width_m: unknown = feature.get("width_m");
  const width_px = typeof width_m === "number" ? width_m / resolution : null;
  if (width_px !== null && (isMark ? width_px > UNMARKED_PX : width_px < GROUND_PX)) return [];
  const isOpen = feature.get("state") === "open";
  const isFar = resolution > FAR_M;
  const key = [severity, isMark, isSelected, isOpen, isFar].join();
  let style = known.get(key);
  if (style === undefined) {
    const colour = isOpen ? COLOURS[severity] : SETTLED;
    style = isMark
      ? [new Style({ image: markOf(severity, colour, isSelected, isFar), zIndex: ABOVE[severity] + (isSelected ? 10 : 0) })]
      : groundOf(severity, colour, isSelected);
    known.set(key, style);
  }
  return style;
}

/** The two that contradict each other: a solid line for the first, a dashed one for the others. */
const PARTIES: readonly (readonly Style[])[] = [
  [new Style({ stroke: line("#ffffff", 6.5) }), new Style({ stroke: line("#0b3a5c", 3.6), fill: fill("#0b3a5c14") })],
  [new Style({ stroke: line("#ffffff", 6) }), new Style({ stroke: line("#6a2a8c", 3.2, [12, 7]), fill: fill("#6a2a8c14") })],
];
const PARTY_POINTS = [
  new Style({ image: new CircleStyle({ radius: 8, fill: fill("#ffffff00"), stroke: line("#0b3a5c", 3) }) }),
  new Style({ image: new CircleStyle({ radius: 8, fill: fill("#ffffff00"), stroke: line("#6a2a8c", 3, [5, 3]) }) }),
];

export function partyLook(feature: FeatureLike): Style | readonly Style[] {
  const place = feature.get("place") === 0 ? 0 : 1;
  const isPoint = feature.getGeometry()?.getType().endsWith("Point") === true;
  return (isPoint ? PARTY_POINTS[place] : PARTIES[place]) ?? [];
}

/** From light to dark, as in conflict-parts.css; the number itself stands in the square. */
const HEAT = ["#ffffff00", "#fdf1dccc", "#f9d9a4cc", "#f0b76acc", "#a9521bcc", "#6b2a0dd9"];
/** Narrower squares (CSS pixels) have no room for a number. */
const NUMBER_PX = 30;

/** A square of the heat map: the feature has its "cell", the "most" of all squares and its width. */
export function heatLook(feature: FeatureLike, resolution: number): Style {
  const [, , count, , worst] = feature.get("cell") as HeatCell;
  const shade = shadeOf(count, Number(feature.get("most")));
  const isDark = shade >= 4;
  const isRoomy = Number(feature.get("cell_m")) / resolution >= NUMBER_PX;
  return new Style({
    fill: fill(HEAT[shade] ?? "#ffffff00"),
    stroke: worst === "blocks" ? line("#a5162b", 3) : line("#5c3a1a", 1, worst === "notes" ? [2, 3] : []),
    zIndex: worst === "blocks" ? 2 : 1,
    ...(isRoomy
      ? { text: new Text({
          text: String(count), font: `600 13px "${FONT}"`, overflow: true,
          fill: fill(isDark ? "#ffffff" : "#17231f"), stroke: line(isDark ? "#6b2a0d" : "#ffffff", 2.5),
        }) }
      : {}),
  });
}
