/** How reach looks on the map: figure, line and size say it, colour repeats it. */
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import type ImageStyle from "ol/style/Image";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";

import type { FacilityState, ReachState } from "../api/reach-types";
import { patternOf } from "./answer-styles";
import { FONT } from "./font";

/** The same as in reach.css. */
const INK = "#17231f";
const GROUND = "#1f5f8b";
const STATES: Readonly<Record<ReachState | "none", string>> = { met: "#1b7837", not_met: "#a5162b", not_checked: "#8a4300", none: "#5a6470" };
const GAIN = "#1b7837";
const LOSS = "#a5162b";
const ROAD = "#6a2a8c";

const line = (color: string, width: number, lineDash: number[] = []): Stroke => new Stroke({ color, width, lineDash });
const fill = (color: string | CanvasPattern): Fill => new Fill({ color });
const lettered = (text: string, colour: string, offsetY: number, bold = true): Text => new Text({
  text, offsetY, font: `${bold ? "600" : "500"} 13px "${FONT}"`, overflow: true, fill: fill(colour), stroke: line("#ffffff", 3.5),
});

/** Remember styles by what they depend on. */
function kept(make: (key: string) => Style[]): (key: string) => Style[] {
  const known = new Map<string, Style[]>();
  return (key) => {
    const style = known.get(key) ?? make(key);
    known.set(key, style);
    return style;
  };
}

/** The darker and denser, the nearer; beyond the limit it is hatched and its edge dashed. */
const bandStyle = kept((key) => {
  if (key === "0") return [new Style({ fill: fill(`${GROUND}70`), stroke: line(GROUND, 1.4) })];
  if (key === "1") return [new Style({ fill: fill(`${GROUND}3d`), stroke: line(GROUND, 1.8) })];
  const pattern = patternOf("hatched", "#5a7f9b");
  return [new Style({ stroke: line(GROUND, 1.2, [5, 4]), fill: fill(pattern ?? `${GROUND}14`) })];
});

/** A band around services: the feature says its `place` among the bands, 0 the nearest. */
export function bandLook(feature: FeatureLike): Style[] {
  return bandStyle(String(Math.min(2, Number(feature.get("place")))));
}

/** Farther out than this (metres to the pixel) a plot is a dot without a rim. */
const FAR_M = 1.2;

const plotStyle = kept((key) => {
  const [state = "none", isFar, isSelected] = key.split(" ");
  const colour = STATES[state as ReachState | "none"];
  const radius = isSelected === "true" ? 8 : isFar === "true" ? 2.2 : 4.2;
  const rim = isSelected === "true" ? line(INK, 2.6) : line("#ffffff", isFar === "true" ? 0.5 : 1.2);
  const looks: Readonly<Record<ReachState | "none", () => ImageStyle>> = {
    met: () => new CircleStyle({ radius, fill: fill(colour), stroke: rim }),
    not_met: () => new RegularShape({ points: 4, radius: radius * 1.35, angle: Math.PI / 4, fill: fill(colour), stroke: rim }),
    not_checked: () => new RegularShape({ points: 3, radius: radius * 1.4, fill: fill("#ffffff"), stroke: line(colour, 1.8) }),
    none: () => new CircleStyle({ radius: radius * 0.8, fill: fill("#ffffff"), stroke: line(colour, 1.2) }),
  };
  const above = { met: 1, none: 1, not_checked: 2, not_met: 3 }[state as ReachState | "none"];
  return [new Style({ image: looks[state as ReachState | "none"](), zIndex: isSelected === "true" ? 10 : above })];
});

const groundStyle = kept((key) => {
  const [state = "none", isSelected] = key.split(" ");
  const colour = STATES[state as ReachState | "none"];
  const pattern = { met: null, not_met: "hatched", not_checked: "dotted", none: null }[state as ReachState | "none"] as "hatched" | "dotted" | null;
  const tint = { met: "47", not_met: "30", not_checked: "14", none: "05" }[state as ReachState | "none"];
  const above = { met: 1, none: 1, not_checked: 2, not_met: 3 }[state as ReachState | "none"];
  const styles = [new Style({ fill: fill(`${colour}${tint}`), stroke: line(colour, state === "not_met" ? 1.6 : 0.8), zIndex: above })];
  if (pattern !== null) styles.push(new Style({ fill: fill(patternOf(pattern, colour) ?? `${colour}40`), zIndex: above }));
  if (isSelected === "true") styles.push(new Style({ stroke: line("#ffffff", 7), zIndex: 9 }), new Style({ stroke: line("#0b3a5c", 3.5), zIndex: 10 }));
  return styles;
});

/** A plot: round where its norm is met, square where not, a triangle where nobody knows; its ground plain, hatched, dotted. */
export function plotLook(feature: FeatureLike, resolution: number): Style[] {
  if (feature.getGeometry()?.getType() !== "Point") return groundStyle(`${String(feature.get("state"))} ${String(feature.get("is_selected") === true)}`);
  return plotStyle(`${String(feature.get("state"))} ${String(resolution > FAR_M)} ${String(feature.get("is_selected") === true)}`);
}

const facilityStyle = kept((key) => {
  const [state = "as_is", isSelected, isFar] = key.split(" ");
  const isChanged = state !== "as_is";
  const grown = (isSelected === "true" ? 1.35 : 1) * (isFar === "true" && !isChanged ? 0.75 : 1);
  const colour = { as_is: "#0b3a5c", added: GAIN, moved: ROAD, enlarged: GAIN, closed: LOSS }[state as FacilityState];
  const ground = state === "closed" ? "#ffffff" : colour;
  const styles = [new Style({
    image: new RegularShape({ points: 4, radius: 10 * grown, angle: 0, fill: fill(ground), stroke: line(state === "closed" ? colour : "#ffffff", 2.2) }),
    zIndex: isSelected === "true" ? 12 : isChanged ? 11 : 9,
  })];
  if (isSelected === "true") {
    styles.unshift(new Style({ image: new CircleStyle({ radius: 19, fill: fill("#ffd23f8c"), stroke: line(INK, 2) }), zIndex: 8 }));
  }
  const sign = { as_is: "", added: "+", moved: "→", enlarged: "↑", closed: "×" }[state as FacilityState];
  if (sign !== "") {
    styles.push(new Style({
      text: new Text({ text: sign, font: `700 ${15 * grown}px "${FONT}"`, fill: fill(state === "closed" ? colour : "#ffffff"), offsetY: 1 }), zIndex: 13,
    }));
  }
  return styles;
});

/** Closer than this (metres to the pixel) facilities have their names. */
const NAMES_M = 1.5;

/** A facility: a lozenge; what a scenario does to it stands in it, and where it was is joined to it. */
export function facilityLook(feature: FeatureLike, resolution: number): Style[] {
  const [state, isSelected] = [String(feature.get("state")), feature.get("is_selected") === true];
  if (feature.getGeometry()?.getType() === "LineString") return [new Style({ stroke: line(ROAD, 2, [3, 5]), zIndex: 7 })];
  const styles = facilityStyle(`${state} ${String(isSelected)} ${String(resolution > 2.5)}`);
  const name = String(feature.get("name") ?? "");
  if (name === "" || (resolution > NAMES_M && !isSelected && state === "as_is")) return styles;
  return [...styles, new Style({ text: lettered(name, INK, 21, isSelected), zIndex: isSelected ? 14 : 6 })];
}

const shades = ["", "40", "80", "c0", "f0"];

/** A square of 100 m: the feature says the people who `gain` and `lose` in it, and the `most` of any. */
export function squareLook(feature: FeatureLike, resolution: number): Style {
  const [gain, lose, most] = [Number(feature.get("gain")), Number(feature.get("lose")), Number(feature.get("most"))];
  const isLoss = lose > gain;
  const size = Math.max(gain, lose);
  const shade = shades[Math.max(1, Math.ceil((size / Math.max(most, 1)) * 4))] ?? "f0";
  const colour = isLoss ? LOSS : GAIN;
  const isRoomy = 100 / resolution >= 34;
  return new Style({
    fill: fill(`${colour}${shade}`), stroke: line(colour, isLoss ? 2 : 1, isLoss ? [4, 3] : []), zIndex: isLoss ? 2 : 1,
    ...(isRoomy ? { text: lettered(`${isLoss ? "−" : "+"}${String(Math.round(size))}`, isLoss ? "#7d1022" : "#114d24", 0) } : {}),
  });
}

/** From the tenth of the people with the shortest ways to the one with the longest, as in reach-parts.css. */
const TENTHS = ["#fff7e0", "#fdeabf", "#fbd99b", "#f7c376", "#efa955", "#e28d3b", "#cf7127", "#b3561a", "#8f3f12", "#66290c"];

/** A square by the way of its people: the feature says its `tenth`, `metres` and its width in metres, `side_m`. */
export function tenthLook(feature: FeatureLike, resolution: number): Style | Style[] {
  const [tenth, metres] = [feature.get("tenth") as number | string, feature.get("metres") as number | null];
  if (tenth === "no_way") return [new Style({ fill: fill(patternOf("hatched", LOSS) ?? `${LOSS}40`), stroke: line(LOSS, 2), zIndex: 3 })];
  if (typeof tenth === "string") return [new Style({ fill: fill(patternOf("dotted", "#5a6470") ?? "#5a647040"), stroke: line("#5a6470", 1, [2, 3]), zIndex: 1 })];
  const isRoomy = Number(feature.get("side_m")) / resolution >= 44;
  const isDark = tenth >= 7;
  return new Style({
    fill: fill(`${TENTHS[tenth - 1] ?? "#ffffff"}d0`), stroke: line("#5c3a1a66", 0.8), zIndex: 2,
    ...(isRoomy && metres !== null
      ? { text: new Text({
          text: String(Math.round(metres)), font: `600 12px "${FONT}"`, overflow: true, fill: fill(isDark ? "#ffffff" : INK),
          stroke: line(isDark ? "#66290c" : "#ffffff", 2.5),
        }) }
      : {}),
  });
}

/** A place where a service might go: the feature says `is_chosen`, its `rank` and whether it `is_other` (of an alternative). */
export function candidateLook(feature: FeatureLike): Style[] {
  const [isChosen, isOther, isSelected] = ["is_chosen", "is_other", "is_selected"].map((name) => feature.get(name) === true);
  const rank = feature.get("rank") as number | null;
  const styles = [new Style({
    image: new CircleStyle({
      radius: isChosen ? 13 : isOther ? 9 : 5.5, fill: fill(isChosen ? GAIN : "#ffffff"),
      stroke: line(isChosen ? "#ffffff" : isOther ? GAIN : "#4d5661", isChosen ? 2.4 : 2.2, isOther ? [3, 3] : []),
    }),
    zIndex: isChosen ? 12 : isOther ? 11 : 5,
  })];
  if (isSelected) styles.unshift(new Style({ image: new CircleStyle({ radius: 20, fill: fill("#ffd23f8c"), stroke: line(INK, 2) }), zIndex: 4 }));
  if (isChosen && rank !== null) {
    styles.push(new Style({ text: new Text({ text: String(rank), font: `700 14px "${FONT}"`, fill: fill("#ffffff"), offsetY: 1 }), zIndex: 13 }));
  }
  return styles;
}

const ROADS = [new Style({ stroke: line("#ffffff", 8) }), new Style({ stroke: line(ROAD, 4.5, [14, 6]) })];
const WAYS = [new Style({ stroke: line("#ffffff", 7.5) }), new Style({ stroke: line("#0b3a5c", 4) })];
/** A road that a scenario adds. */
export const roadLook = (): Style[] => ROADS;
const BESIDE = [new Style({ stroke: line("#ffffff", 6) }), new Style({ stroke: line("#0b3a5c", 3, [2, 7]) })];
/** The way from a plot to a service; what leads there beside streets "is_beside". */
export const wayLook = (feature: FeatureLike): Style[] => (feature.get("is_beside") === true ? BESIDE : WAYS);

const issueStyle = kept((key) => key === "true"
  ? [
      new Style({ image: new CircleStyle({ radius: 15, fill: fill("#ffd23f8c"), stroke: line(INK, 2) }), zIndex: 9 }),
      new Style({ image: new RegularShape({ points: 3, radius: 10, fill: fill("#8a4300"), stroke: line("#ffffff", 2) }), zIndex: 10 }),
    ]
  : [new Style({ image: new RegularShape({ points: 3, radius: 7.5, fill: fill("#8a4300"), stroke: line("#ffffff", 1.6) }), zIndex: 3 })]);
/** A place where the network of streets wants a look. */
export const issueLook = (feature: FeatureLike): Style[] => issueStyle(String(feature.get("is_selected") === true));

const SKETCH = [
  new Style({ stroke: line("#ffffff", 7) }), new Style({ stroke: line(ROAD, 3.5, [10, 6]) }),
  new Style({ image: new CircleStyle({ radius: 6, fill: fill("#ffffff"), stroke: line(ROAD, 3) }) }),
];
/** What is being drawn just now. */
export const sketchLook = (): Style[] => SKETCH;
