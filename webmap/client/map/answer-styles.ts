/** How the pieces of an answer are drawn: unlike any zone of a plan. */
import type { FeatureLike } from "ol/Feature";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";

import { textOf } from "./rules";

/** The asked plot: a line that is seen on every colour. */
const PLOT_STYLE = [
  new Style({ stroke: new Stroke({ color: "#fffdf8", width: 7 }), zIndex: 1 }),
  new Style({ stroke: new Stroke({ color: "#0b3a5c", width: 3.5 }), zIndex: 2 }),
];

/** The piece whose row is under the pointer or has the keyboard's focus. */
const SHOWN_STYLE = new Style({
  stroke: new Stroke({ color: "#a5162b", width: 3.5 }),
  fill: new Fill({ color: "#ffd23f8c" }),
  zIndex: 5,
});

/** Between two strokes of a hatch, or two dots, in CSS pixels. */
const STEP_PX = 11;

/** Return strokes or dots of one colour for filling; null where the browser cannot draw them. */
export function patternOf(kind: "hatched" | "dotted", colour: string): CanvasPattern | null {
  const size = Math.round(STEP_PX * devicePixelRatio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (context === null) return null;
  context.strokeStyle = context.fillStyle = colour;
  if (kind === "hatched") {
    context.lineWidth = size / 6;
    // Two hatches on one ground would hide each other: each colour has its own place in the tile.
    const place = (parseInt(colour.slice(1), 16) % 3) * (size / 3);
    // Several strokes, so that they join at the corners of the tile.
    for (const shift of [-2, -1, 0, 1].map((tile) => tile * size + place)) {
      context.moveTo(shift - size / 4, size * 1.25);
      context.lineTo(shift + size * 1.25, -size / 4);
    }
    context.stroke();
  } else {
    context.arc(size / 2, size / 2, size / 5, 0, 2 * Math.PI);
    context.fill();
  }
  return context.createPattern(canvas, "repeat");
}

function said(feature: FeatureLike, name: string): string {
  return textOf(feature.get(name));
}

function styleOf(pattern: string, colour: string): Style | undefined {
  if (pattern === "outlined") {
    return new Style({
      stroke: new Stroke({ color: "#0b3a5ccc", width: 1.5, lineDash: [5, 4] }),
      zIndex: 3,
    });
  }
  if (pattern !== "hatched" && pattern !== "dotted") return undefined;
  const lineDash = pattern === "dotted" ? [2, 4] : undefined;
  return new Style({
    fill: new Fill({ color: patternOf(pattern, colour) ?? `${colour}40` }),
    stroke: new Stroke({ color: colour, width: 2, ...(lineDash === undefined ? {} : { lineDash }) }),
    zIndex: 4,
  });
}

/** The plot, what restricts it (hatched), what may (dotted), and the pieces that stand out. */
export function answerStyle(isShown: (id: string) => boolean): StyleFunction {
  const known = new Map<string, Style | undefined>();
  return (feature: FeatureLike) => {
    if (said(feature, "kind") === "plot") return PLOT_STYLE;
    if (isShown(said(feature, "id"))) return SHOWN_STYLE;
    const [pattern, colour] = [said(feature, "pattern"), said(feature, "colour")];
    const key = `${pattern} ${colour}`;
    if (!known.has(key)) known.set(key, styleOf(pattern, colour));
    return known.get(key);
  };
}
