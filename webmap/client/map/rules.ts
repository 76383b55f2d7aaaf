/** Which rule of a layer's style a feature meets, and what of it is seen: knows no map. */
import type { DrawCondition, DrawPart, DrawRule } from "../api/types";

/** Metres of EPSG:3857 to a pixel at zoom 0 of vector tiles, which are seen 512 pixels wide. */
const METRES_AT_ZOOM_0 = (2 * 20037508.342789244) / 512;

/** Reads an attribute of a feature; undefined or null where it has none. */
export type Read = (name: string) => unknown;

/** The zoom in which styles count. */
export function styleZoom(resolution: number): number {
  return Math.log2(METRES_AT_ZOOM_0 / resolution);
}

/** A value as text; "" for none. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function isMet(condition: DrawCondition, read: Read): boolean {
  const value = read(condition.attribute);
  if ("values" in condition) return typeof value === "string" && condition.values.includes(value);
  return typeof value === "number" && value >= condition.least;
}

/** The place of the first rule that a feature meets, -1 for none. */
export function ruleOf(rules: readonly DrawRule[], read: Read): number {
  return rules.findIndex((rule) => rule.when.every((condition) => isMet(condition, read)));
}

/** Whether a part is drawn at a zoom: from the first on, up to but without the last. */
export function isSeen(part: Pick<DrawPart, "from_zoom" | "to_zoom">, zoom: number): boolean {
  return zoom >= (part.from_zoom ?? -Infinity) && zoom < (part.to_zoom ?? Infinity);
}

/** A colour of a rule: its own, or the one that the named attribute holds. */
export function colourOf(colour: string, read: Read): string {
  return colour.startsWith("[") ? textOf(read(colour.slice(1, -1))) || "#bfbfbf" : colour;
}

function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** A colour that lets `opacity` hundredths of itself stand over an opaque other one. */
export function mixed(colour: string, ground: string, opacity: number): string {
  const below = channels(ground);
  const both = channels(colour).map((one, place) =>
    Math.round((one * opacity + (below[place] ?? 0) * (100 - opacity)) / 100),
  );
  return `#${both.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
}

/** A colour through which `100 - opacity` hundredths are seen of what lies below. */
export function translucent(colour: string, opacity: number): string {
  if (opacity >= 100) return colour;
  return `${colour}${Math.round(opacity * 2.55).toString(16).padStart(2, "0")}`;
}
