/** Boundaries as small pictures. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

import type { EastNorth, Surface } from "../api/draft-types";

export type Box = readonly [west: number, south: number, east: number, north: number];

/** Return the box around several boundaries, null where there is none. */
export function boxOf(surfaces: readonly Surface[]): Box | null {
  const corners = surfaces.flatMap((surface) => surface.coordinates.flat(2));
  if (corners.length === 0) return null;
  const fold = (pick: (...values: number[]) => number, axis: 0 | 1): number =>
    corners.reduce((best, corner) => pick(best, corner[axis]), corners[0]?.[axis] ?? 0);
  return [fold(Math.min, 0), fold(Math.min, 1), fold(Math.max, 0), fold(Math.max, 1)];
}

/** Return the path of a boundary in a picture of `size` pixels that shows `box`; north is up. */
export function pathOf(surface: Surface, box: Box, size: number): string {
  const [west, south, east, north] = box;
  const scale = (size - 4) / Math.max(east - west, north - south, 1e-6);
  const [left, top] = [(size - (east - west) * scale) / 2, (size - (north - south) * scale) / 2];
  const point = ([x, y]: EastNorth): string => `${((x - west) * scale + left).toFixed(1)} ${((north - y) * scale + top).toFixed(1)}`;
  return surface.coordinates
    .flat()
    .map((ring) => `M${ring.map(point).join("L")}Z`)
    .join("");
}

const SIZE = 96;

/** Return a picture of boundaries; `among` says what ground it shows, so that two can be compared. */
export function picture(shown: readonly Surface[], among: readonly Surface[], name: string): TemplateResult {
  const box = boxOf(among);
  const paths: SVGTemplateResult[] =
    box === null ? [] : shown.map((surface) => svg`<path d=${pathOf(surface, box, SIZE)}></path>`);
  return html`<svg class="thumbnail" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label=${name}>${paths}</svg>`;
}
