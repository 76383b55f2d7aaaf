/** The kept tiles of the city's own grid, below whatever is drawn in the storage system. */
import proj4 from "proj4";
import TileLayer from "ol/layer/Tile";
import { register } from "ol/proj/proj4";
import XYZ from "ol/source/XYZ";
import TileGrid from "ol/tilegrid/TileGrid";

import type { CrsDefinition } from "../api/types";

export interface BaseMap {
  /** With {layer}, {z}, {y} and {x}. */
  readonly url: string;
  readonly origin: readonly [number, number];
  /** Metres to the pixel, by zoom. */
  readonly resolutions: readonly number[];
  readonly tile_px: number;
  readonly layers: readonly { readonly id: string; readonly title: string; readonly is_shown: boolean }[];
}

/** Make the storage system known to OpenLayers and return its name there. */
export function projectionOf(crs: CrsDefinition): string {
  const code = `EPSG:${crs.epsg}`;
  // The pinned definition, never one by code: that would be up to 225 m off.
  proj4.defs(code, crs.proj4);
  register(proj4);
  return code;
}

/** Return a layer of tiles for each layer of the base map, by its name, from the bottom up. */
export function baseLayers({ url, origin, resolutions, tile_px, layers }: BaseMap, projection: string): Map<string, TileLayer> {
  const tileGrid = new TileGrid({ origin: [...origin], resolutions: [...resolutions], tileSize: tile_px });
  return new Map(layers.map(({ id, is_shown }) => {
    const source = new XYZ({ url: url.replace("{layer}", id), projection, tileGrid, interpolate: true });
    return [id, new TileLayer({ source, visible: is_shown })];
  }));
}
