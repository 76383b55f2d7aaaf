/** How networks, sites and lines are drawn, each in the colour that the server marks it with. */
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";

import { label, said, translucent } from "./styles";
import type { MapLayer } from "../api/types";

/** Resolutions (m per pixel) below which a name is read. */
const NAMED_BELOW = { line: 2, polygon: 3, point: 0.9 };
const HALO = "#fffdf8";
/** Lines by layer: width in pixels, and dashes. */
const LINES: Readonly<Record<string, { width: number; dash?: number[] }>> = {
  railways: { width: 3.2, dash: [10, 6] },
  dykes: { width: 4.5 },
  pipelines: { width: 2, dash: [8, 3, 2, 3] },
  power_lines: { width: 2 },
};
const BURIED = new Set(["buried", "duct", "underwater"]);

function lineStyles(layer: MapLayer, feature: FeatureLike): Style[] {
  const { width, dash } = LINES[layer.id] ?? { width: 2 };
  const isBuried = BURIED.has(said(feature, "placement"));
  const lineDash = isBuried ? [3, 4] : dash;
  return [
    new Style({ zIndex: 0, stroke: new Stroke({ color: HALO, width: width + 2.5 }) }),
    new Style({
      zIndex: 1,
      stroke: new Stroke({ color: layer.colour, width, ...(lineDash === undefined ? {} : { lineDash }) }),
    }),
  ];
}

function areaStyle(layer: MapLayer, feature: FeatureLike): Style[] {
  const isSetback = said(feature, "kind") === "building_line";
  return [
    new Style({
      fill: new Fill({ color: translucent(layer.colour, layer.id === "buildings" ? 0.45 : 0.16) }),
      stroke: new Stroke({
        color: layer.colour,
        width: layer.id === "buildings" ? 0.8 : 1.6,
        ...(isSetback ? { lineDash: [6, 4] } : {}),
      }),
    }),
  ];
}

function pointStyle(layer: MapLayer): Style[] {
  return [
    new Style({
      image: new CircleStyle({
        radius: 5.5,
        fill: new Fill({ color: layer.colour }),
        stroke: new Stroke({ color: HALO, width: 2 }),
      }),
    }),
  ];
}

/** Lines over a pale edge, areas as a tint, points as dots; named where there is room. */
export function networkStyle(layer: MapLayer, language: string): StyleFunction {
  const points = pointStyle(layer);
  return (feature, resolution) => {
    const styles = {
      line: () => lineStyles(layer, feature),
      polygon: () => areaStyle(layer, feature),
      point: () => points.map((style) => style.clone()),
    }[layer.shape]();
    const name = (language === "en" && said(feature, "name_en")) || said(feature, "name");
    if (name !== "" && resolution < NAMED_BELOW[layer.shape]) {
      const text = label(name, 12, 500, layer.colour);
      if (layer.shape === "line") text.setPlacement("line");
      if (layer.shape === "point") text.setOffsetY(-13);
      styles.at(-1)?.setText(text);
    }
    return styles;
  };
}
