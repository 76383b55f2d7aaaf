/** How the map is drawn: a quiet ground, so that the prescribed colours of plans speak. */
import type { FeatureLike } from "ol/Feature";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";
import Text from "ol/style/Text";

import { FONT } from "./font";
import type { Level } from "../api/types";

export const GROUND = "#f5f2ea";

const INK = "#1b2a27";
const HALO = "#fffdf8";

/** Resolutions (m per pixel at the equator) above which something would only be noise. */
const LABEL_PARCELS_BELOW = 0.45;
const LABEL_STREETS_BELOW = 3;
const LABEL_ZONES_BELOW = 5;

export function said(feature: FeatureLike, name: string): string {
  const value: unknown = feature.get(name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function label(text: string, size: number, weight: number, colour = INK): Text {
  return new Text({
    text,
    font: `${weight} ${size}px "${FONT}"`,
    fill: new Fill({ color: colour }),
    stroke: new Stroke({ color: HALO, width: 3 }),
    overflow: false,
  });
}

export function translucent(colour: string, alpha: number): string {
  const hex = Math.round(alpha * 255).toString(16).padStart(2, "0");
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}${hex}` : colour;
}

/** Zones of one level in their prescribed colours, faded where streets must stay readable. */
export function zoneStyle(level: () => Level, colourOf: (name: string) => string | null): StyleFunction {
  const known = new Map<string, Style>();
  return (feature, resolution) => {
    if (said(feature, "level") !== level()) return undefined;
    const colour = colourOf(said(feature, "function")) ?? (said(feature, "colour") || "#8a8a8a");
    const text = resolution < LABEL_ZONES_BELOW ? said(feature, "label") : "";
    const key = `${colour} ${text}`;
    let style = known.get(key);
    if (style === undefined) {
      style = new Style({
        fill: new Fill({ color: translucent(colour, 0.62) }),
        stroke: new Stroke({ color: translucent(colour, 0.95), width: 1.25 }),
        ...(text === "" ? {} : { text: label(text, 12, 600) }),
      });
      known.set(key, style);
    }
    return style;
  };
}

/** Water and its name. */
export function waterStyle(): StyleFunction {
  const fill = new Fill({ color: "#b7d6e6" });
  const stroke = new Stroke({ color: "#8fbcd3", width: 1 });
  return (feature, resolution) => {
    const name = resolution < 12 ? said(feature, "name") : "";
    return new Style({
      fill,
      stroke,
      ...(name === "" ? {} : { text: label(name, 12, 500, "#1f4e66") }),
    });
  };
}

const MAIN_STREETS = new Set(["motorway", "trunk", "primary"]);
const COLLECTORS = new Set(["secondary", "tertiary"]);

/** Drawn width of a street in pixels: its own width, but never less than a readable line. */
function streetWidth(feature: FeatureLike, resolution: number): number {
  const kind = said(feature, "class") || said(feature, "road_class");
  const own = Number(said(feature, "width_m")) / resolution;
  const least = MAIN_STREETS.has(kind.replace("_link", "")) ? 3 : COLLECTORS.has(kind) ? 2 : 0.8;
  return Math.min(Math.max(Number.isFinite(own) ? own : 0, least), 26);
}

/** Streets: white on a thin edge, named along their line. */
export function streetStyle(): StyleFunction {
  return (feature, resolution) => {
    const width = streetWidth(feature, resolution);
    const name = resolution < LABEL_STREETS_BELOW ? said(feature, "name") : "";
    const text = label(name, width > 9 ? 13 : 11.5, 500, "#3b3a36");
    text.setPlacement("line");
    text.setMaxAngle(0.6);
    return [
      new Style({ zIndex: 0, stroke: new Stroke({ color: "#cfc8b8", width: width + 1.5 }) }),
      new Style({
        zIndex: 1,
        stroke: new Stroke({ color: "#ffffff", width }),
        ...(name === "" ? {} : { text }),
      }),
    ];
  };
}

/** Wards: a dashed line, and the name while the whole city is in view. */
export function wardStyle(language: string): StyleFunction {
  const stroke = new Stroke({ color: "#7c5b75", width: 1.6, lineDash: [7, 4, 1.5, 4] });
  return (feature, resolution) => {
    const name = (language === "en" && said(feature, "name_en")) || said(feature, "name");
    const text = label(name, 13, 600, "#5c3f56");
    return new Style({ stroke, ...(resolution > 2 && resolution < 40 ? { text } : {}) });
  };
}

/** Plots: a thin line, and the number where it fits. */
export function parcelStyle(): StyleFunction {
  const line = new Stroke({ color: "#5b52459c", width: 0.8 });
  // Filled, though invisible, so that a plot is hit by its inside and not by its line only.
  const fill = new Fill({ color: "#ffffff01" });
  return (feature, resolution) => {
    // A plot that a tile's edge cuts comes twice; one of the two says that the number is its own.
    const isNamed = resolution < LABEL_PARCELS_BELOW && feature.get("label_here") === true;
    const number = isNamed ? said(feature, "number") : "";
    return new Style({
      stroke: line,
      fill,
      ...(number === "" ? {} : { text: label(number, 11, 500, "#4a4238") }),
    });
  };
}
