/** The server's rules of drawing, compiled for OpenLayers. No colour of the map stands here. */
import type { FeatureLike } from "ol/Feature";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";
import Text from "ol/style/Text";

import type { Figures } from "./figures";
import { FONT } from "./font";
import { StreetNames } from "./street-names";
import { colourOf, isSeen, mixed, ruleOf, styleZoom, textOf, translucent, type Read } from "./rules";
import type { DrawLabel, DrawPart, DrawRule, Drawing, LinePart } from "../api/types";

/** How far a line may bend below its name, in radians. */
const BEND = 0.6;
/** Widths are drawn to a quarter of a pixel: finer steps would only fill the memory. */
const WIDTH_STEPS = 4;
/** More than any style has rules. */
const PASS = 100;

/** What drawing needs to know besides the feature. */
export interface Surroundings {
  readonly figures: Figures;
  readonly language: string;
  /** Units of the map to a metre on the ground. */
  readonly stretch: number;
  /** The value of `split_by` that is shown; null: all. */
  readonly shown: () => string | null;
}

/** Return how features of a layer are drawn, without letters. Styles are shared by all that look alike. */
export function drawn(drawing: Drawing, around: Surroundings): StyleFunction {
  const known = new Map<string, Style[]>();
  return (feature, resolution) => {
    const met = ruleFor(drawing, feature, around);
    if (met === null) return undefined;
    const { rule, read } = met;
    const zoom = styleZoom(resolution);
    const parts = rule.draw.filter((part) => isSeen(part, zoom));
    const looks = parts.map((part) => `${String(rule.draw.indexOf(part))}${lookOf(part, read, around, resolution)}`);
    const key = `${String(drawing.rules.indexOf(rule))} ${looks.join(" ")}`;
    let styles = known.get(key);
    if (styles === undefined) {
      // What an earlier rule draws lies over what a later one does, casings below both.
      const height = drawing.rules.length - drawing.rules.indexOf(rule);
      styles = parts.flatMap((part, at) =>
        stylesOf(part, read, around, resolution, { pass: 2 * at, height }),
      );
      known.set(key, styles);
    }
    return styles;
  };
}

/** Return how names are written. They are a layer of their own, above all that is drawn. */
export function lettered(drawing: Drawing, around: Surroundings): StyleFunction {
  const streets = new StreetNames();
  return (feature, resolution) => {
    const met = ruleFor(drawing, feature, around);
    if (met === null || met.rule.label === null) return undefined;
    const { rule } = met;
    const words = wordsOf(met.rule.label, feature, styleZoom(resolution), drawing.is_labelled_once, around.language);
    if (words === "") return undefined;
    if (met.rule.label.place === "along" && !streets.has(feature, words, met.rule.label, resolution)) {
      return undefined;
    }
    return new Style({ zIndex: met.rule.label.priority, text: textOn(met.rule.label, rule.draw, words) });
  };
}

/** The highest priority that a name of a layer has, 0 without names. */
export function priorityOf({ rules }: Drawing): number {
  return Math.max(0, ...rules.map((rule) => rule.label?.priority ?? 0));
}

function ruleFor(
  drawing: Drawing,
  feature: FeatureLike,
  around: Surroundings,
): { rule: DrawRule; read: Read } | null {
  const read: Read = (name) => feature.get(name) as unknown;
  const wanted = around.shown();
  if (drawing.split_by !== null && wanted !== null && read(drawing.split_by) !== wanted) return null;
  const rule = drawing.rules[ruleOf(drawing.rules, read)];
  return rule === undefined ? null : { rule, read };
}

/** What makes a part look unlike the same part of another feature. */
function lookOf(part: DrawPart, read: Read, around: Surroundings, resolution: number): string {
  const colour = colourOf(part.colour, read);
  return part.kind === "line" ? `${colour}${String(widthOf(part, read, around, resolution))}` : colour;
}

function widthOf(line: LinePart, read: Read, around: Surroundings, resolution: number): number {
  if (line.width_from === undefined) return line.width_px;
  const metres = Number(read(line.width_from) ?? 0);
  const own = Math.round(((metres * around.stretch) / resolution) * WIDTH_STEPS) / WIDTH_STEPS;
  return Math.max(own, line.width_px);
}

function stylesOf(
  part: DrawPart,
  read: Read,
  around: Surroundings,
  resolution: number,
  { pass, height }: { pass: number; height: number },
): Style[] {
  const colour = colourOf(part.colour, read);
  switch (part.kind) {
    case "fill": {
      const { ground } = around.figures;
      const seen = part.hides ? mixed(colour, ground, part.opacity) : translucent(colour, part.opacity);
      return [new Style({ fill: new Fill({ color: seen }) })];
    }
    case "hatch": {
      const pattern = around.figures.hatch(part.pattern, colour);
      return pattern === null ? [] : [new Style({ fill: new Fill({ color: pattern }) })];
    }
    case "line": {
      const width = widthOf(part, read, around, resolution);
      const lineDash = part.dash.length > 0 ? { lineDash: [...part.dash], lineCap: "butt" as const } : {};
      const stroke = (wide: number, ink: string, at: number): Style =>
        new Style({
          zIndex: at * PASS + height,
          stroke: new Stroke({ color: translucent(ink, part.opacity), width: wide, ...lineDash }),
        });
      const top = stroke(width, colour, pass + 1);
      return part.casing === undefined
        ? [top]
        : [stroke(width + 2 * part.casing_px, part.casing, pass), top];
    }
    case "mark":
      return [new Style({ image: around.figures.badge(part) })];
  }
}

function wordsOf(
  label: DrawLabel,
  feature: FeatureLike,
  zoom: number,
  isOnce: boolean,
  language: string,
): string {
  if (!isSeen(label, zoom)) return "";
  // What a tile's edge cuts comes twice; one of the two says that the label is its own.
  if (isOnce && feature.get("label_here") !== true) return "";
  const english = label.english === undefined ? "" : textOf(feature.get(label.english));
  return (language === "en" && english) || textOf(feature.get(label.attribute));
}

function textOn(label: DrawLabel, draw: readonly DrawPart[], words: string): Text {
  const text = new Text({
    text: words,
    font: `${label.bold ? "600" : "500"} ${String(label.size_px)}px "${FONT}"`,
    fill: new Fill({ color: label.colour }),
    stroke: new Stroke({ color: label.halo, width: 3 }),
    overflow: !label.fits && label.place !== "along",
    padding: [2, 3, 2, 3],
  });
  if (label.place === "along") {
    text.setPlacement("line");
    text.setMaxAngle(BEND);
    text.setRepeat(500);
  } else if (label.place === "beside") {
    const badges = draw.map((part) => (part.kind === "mark" ? part.size_px : 0));
    text.setOffsetY(Math.max(0, ...badges) / 2 + label.size_px / 2 + 3);
  }
  return text;
}
