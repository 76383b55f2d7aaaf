/** How zones, sketches, faults and people look. Styles are made once and shared by all features. */
import type Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";
import Text from "ol/style/Text";

import { FONT } from "../../map/font";
import type { LineLook, PointLook, SnapTarget, SurfaceLook } from "../sketch";

/** Nearer than this (metres to the pixel) zones carry their labels. */
const LABEL_M = 2.5;
/** Hundredths of opacity: streets and plots below a zone stay readable. */
const ZONE_OPACITY = "8c";

const INK = "#17231f";
const MINE = "#0b5fa5";
const THEIRS = "#a5162b";
const NEW = "#0f6557";

/** Farther out than this the edges of small zones would hide their colours. */
const EDGE_M = 3;

const zoneStyles = new Map<string, Style>();
const letters = new Text({
  font: `600 12px "${FONT}"`,
  fill: new Fill({ color: INK }),
  stroke: new Stroke({ color: "#ffffff", width: 3 }),
  overflow: false,
});
const lettersStyle = new Style({ text: letters });

function zoneStyle(colour: string, isFar: boolean): Style {
  const key = `${colour} ${String(isFar)}`;
  let style = zoneStyles.get(key);
  if (style === undefined) {
    style = new Style({
      fill: new Fill({ color: `${colour}${ZONE_OPACITY}` }),
      stroke: new Stroke(isFar ? { color: "#3d4a4640", width: 0.4 } : { color: "#3d4a46", width: 1.1 }),
    });
    zoneStyles.set(key, style);
  }
  return style;
}

/** Zones in the colour that `colour` gives for a uid, with their labels where there is room. */
export function zoneLook(colour: (uid: string) => string): StyleFunction {
  return (feature: FeatureLike, resolution: number) => {
    const fill = zoneStyle(colour(String(feature.getId())), resolution > EDGE_M);
    const label: unknown = feature.get("label");
    if (resolution > LABEL_M || typeof label !== "string" || label === "") return fill;
    letters.setText(label);
    return [fill, lettersStyle];
  };
}

const line = (color: string, width: number, lineDash?: number[]): Stroke =>
  new Stroke({ color, width, ...(lineDash ? { lineDash } : {}) });
const fill = (color: string): Fill => new Fill({ color });
/** A line with a pale rim, so that it shows on any ground. */
const rimmed = (color: string, width: number, lineDash?: number[]): Style[] => [
  new Style({ stroke: line("#ffffffd9", width + 2.5) }),
  new Style({ stroke: line(color, width, lineDash) }),
];

const SURFACES: Readonly<Record<SurfaceLook, Style[]>> = {
  new: [...rimmed(NEW, 2), new Style({ fill: fill("#0f655726") })],
  changed: [...rimmed(MINE, 2), new Style({ fill: fill("#0b5fa51f") })],
  ghost: [new Style({ stroke: line("#4a5753", 1.2, [4, 4]) })],
  mine: [...rimmed(MINE, 2.5), new Style({ fill: fill("#0b5fa524") })],
  theirs: [...rimmed(THEIRS, 2.5, [7, 5]), new Style({ fill: fill("#a5162b1f") })],
  base: [new Style({ stroke: line("#4a5753", 1.5, [2, 4]) })],
  picked: [...rimmed("#b35c00", 2.5), new Style({ fill: fill("#e8b93d40") })],
};

const LINES: Readonly<Record<LineLook, Style[]>> = {
  drawn: rimmed(NEW, 2.2),
  rubber: [new Style({ stroke: line("#ffffffcc", 3.5) }), new Style({ stroke: line(NEW, 1.6, [6, 5]) })],
  guide: [new Style({ stroke: line("#7a3ea8", 1.2, [2, 5]) })],
  cut: rimmed("#c02a1d", 2, [9, 4]),
};

const dot = (radius: number, inside: string, rim: string, width = 1.6): Style =>
  new Style({ image: new CircleStyle({ radius, fill: fill(inside), stroke: line(rim, width) }) });

const POINTS: Readonly<Record<PointLook, Style>> = {
  vertex: dot(3.6, "#ffffff", NEW),
  common: dot(4.4, "#e8b93d", INK),
  picked: dot(6.5, "#ffffff", "#c02a1d", 2.5),
  centre: new Style({
    image: new RegularShape({ points: 4, radius: 9, radius2: 0, stroke: line("#7a3ea8", 2) }),
  }),
  preview: dot(3.6, "#ffffff", "#7a3ea8"),
};

const pointText = new Text({
  font: `600 12px "${FONT}"`,
  fill: fill(INK),
  stroke: line("#ffffff", 3.5),
  offsetX: 10,
  textAlign: "left",
});
const pointTextStyle = new Style({ text: pointText });

/** A part of a sketch: "kind" says surface, line or point, "look" which. */
export function sketchLook(feature: FeatureLike): Style | Style[] {
  const look = String(feature.get("look"));
  const kind = String(feature.get("kind"));
  if (kind === "surface") return SURFACES[look as SurfaceLook];
  if (kind === "line") return LINES[look as LineLook];
  const style = POINTS[look as PointLook];
  const text: unknown = feature.get("text");
  if (typeof text !== "string") return style;
  pointText.setText(text);
  return [style, pointTextStyle];
}

export const SELECTED_LOOK = [
  new Style({ stroke: line("#ffffff", 5) }),
  new Style({ stroke: line("#b35c00", 3), fill: fill("#e8b93d33") }),
];
/** Zones as a way out of a conflict would draw them. */
export const PREVIEW_LOOK = [...rimmed(NEW, 3, [10, 4]), new Style({ fill: fill("#0f65572e") })];
export const GROUND_LOOK = new Style({ stroke: line("#7a3ea88c", 0.9, [3, 3]), fill: fill("#ffffff01") });
export const EXTENT_LOOK = [new Style({ stroke: line("#ffffffb3", 5) }), new Style({ stroke: line("#8a1f6b", 2, [14, 4, 3, 4]) })];

/** Marks as desktop programs draw them: a square for a vertex, a cross where edges meet, an hourglass on an edge. */
const markStroke = line("#c02a9a", 2.4);
const SNAP_MARKS: Readonly<Record<SnapTarget["kind"], RegularShape>> = {
  vertex: new RegularShape({ points: 4, radius: 10, angle: Math.PI / 4, stroke: markStroke }),
  intersection: new RegularShape({ points: 4, radius: 11, radius2: 0, angle: Math.PI / 4, stroke: markStroke }),
  edge: new RegularShape({ points: 3, radius: 9, stroke: markStroke }),
};
const snapText = new Text({
  font: `600 12px "${FONT}"`,
  fill: fill("#7d1263"),
  stroke: line("#ffffff", 4),
  offsetX: 16,
  offsetY: -14,
  textAlign: "left",
});
const snapStyles = Object.fromEntries(
  Object.entries(SNAP_MARKS).map(([kind, image]) => [kind, new Style({ image, text: snapText })]),
);

export function snapLook(feature: FeatureLike): Style | undefined {
  snapText.setText(String(feature.get("text")));
  return snapStyles[String(feature.get("kind"))];
}

const FAULTS: Readonly<Record<string, Style>> = Object.fromEntries(
  [false, true].map((isSelected) => [
    String(isSelected),
    new Style({
      stroke: line("#c02a1d", isSelected ? 3.5 : 2),
      fill: fill(isSelected ? "#c02a1d80" : "#c02a1d4d"),
    }),
  ]),
);
const faultDot = new Style({
  image: new RegularShape({ points: 3, radius: 10, fill: fill("#c02a1d"), stroke: line("#ffffff", 2) }),
});

/** A fault's ground, and a mark at its place that is seen from afar as well. */
export function faultLook(feature: FeatureLike): Style | undefined {
  if (feature.getGeometry()?.getType() === "Point") return faultDot;
  return FAULTS[String(feature.get("is_selected") === true)];
}

/** A person's pin with the name beside it. */
export function personLook(feature: Feature, colour: string, name: string): void {
  feature.setStyle([
    new Style({
      image: new CircleStyle({ radius: 8, fill: fill(colour), stroke: line("#ffffff", 2.5) }),
      text: new Text({
        text: name,
        font: `600 12px "${FONT}"`,
        offsetY: -18,
        fill: fill("#ffffff"),
        backgroundFill: fill(colour),
        padding: [2, 5, 2, 5],
      }),
    }),
  ]);
}

export const HIGHLIGHT_LOOK = [
  new Style({ stroke: line("#e8b93d", 6) }),
  new Style({ fill: fill("#e8b93d66") }),
];
