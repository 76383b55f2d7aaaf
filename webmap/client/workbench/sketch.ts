/** What a tool wants drawn over the map, in words that know neither the tools nor OpenLayers. */
import type { EastNorth, Ring, Surface } from "../api/draft-types";

/** How a surface of a sketch looks. */
export type SurfaceLook = "new" | "changed" | "ghost" | "mine" | "theirs" | "base" | "picked";
/** How a line of a sketch looks. */
export type LineLook = "drawn" | "rubber" | "guide" | "cut";
/** How a point of a sketch looks. */
export type PointLook = "vertex" | "common" | "picked" | "centre" | "preview";

export interface Sketch {
  readonly surfaces?: readonly { readonly surface: Surface; readonly look: SurfaceLook }[];
  readonly lines?: readonly { readonly points: Ring; readonly look: LineLook }[];
  readonly points?: readonly { readonly at: EastNorth; readonly look: PointLook; readonly text?: string }[];
}

export const NO_SKETCH: Sketch = {};

/** Where the pointer stands, after snapping. */
export interface Pointed {
  /** The coordinate to use: the target's own, to the last bit, where there is one. */
  readonly at: EastNorth;
  /** Where the pointer really is. */
  readonly raw: EastNorth;
  readonly target: SnapTarget | null;
  /** Metres to the pixel, by which a tool measures what is near. */
  readonly resolution_m: number;
  readonly shift: boolean;
  readonly ctrl: boolean;
}

/** What a pointer was drawn to. */
export interface SnapTarget {
  readonly kind: "vertex" | "intersection" | "edge";
  readonly at: EastNorth;
  /** What it belongs to, in words: "zone A-01", "plot 12". */
  readonly names: readonly string[];
}
