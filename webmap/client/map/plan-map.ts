/** The map. The only folder that knows OpenLayers. */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import { defaults as defaultControls } from "ol/control/defaults";
import ScaleLine from "ol/control/ScaleLine";
import GeoJSON from "ol/format/GeoJSON";
import MVT from "ol/format/MVT";
import Point from "ol/geom/Point";
import { circular } from "ol/geom/Polygon";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import { fromLonLat, getPointResolution, toLonLat, transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import VectorTileSource from "ol/source/VectorTile";
import XYZ from "ol/source/XYZ";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";
import { createXYZ } from "ol/tilegrid";
import type { Geometry } from "geojson";

import { answerStyle } from "./answer-styles";
import { drawn, lettered, priorityOf } from "./drawing";
import { Figures } from "./figures";
import type { Answer, Box, Level, LonLat, MapDescription, MapLayer } from "../api/types";

const DEGREES = "EPSG:4326";
const MERCATOR = "EPSG:3857";

/** At this zoom plots are seen, and the streets around are read. */
const FIRST_ZOOM = 16.5;

/** What the map tells the page. */
export interface MapListener {
  /** Somebody pointed at a place and asks about it. */
  onAsked(place: LonLat): void;
  /** The pointer (or the keyboard's cross) stands over a place; null: it left the map. */
  onPointed(place: LonLat | null): void;
}

function lonLatOf(coordinate: number[]): LonLat {
  const [lon = NaN, lat = NaN] = toLonLat(coordinate);
  return [lon, lat];
}

const PIN_STYLE = new Style({
  image: new CircleStyle({
    radius: 8,
    fill: new Fill({ color: "#a5162b" }),
    stroke: new Stroke({ color: "#ffffff", width: 3 }),
  }),
});
const HERE_STYLE = [
  new Style({
    fill: new Fill({ color: "#1d5fa833" }),
    stroke: new Stroke({ color: "#1d5fa8", width: 1.5 }),
  }),
];

function sourceOf(told: MapLayer): VectorTileSource {
  return new VectorTileSource({
    format: new MVT(),
    url: told.url.replace("{layer}", told.id),
    // Beyond max_zoom the deepest tiles are drawn larger; they stay sharp.
    tileGrid: createXYZ({ maxZoom: told.max_zoom, minZoom: told.min_zoom, tileSize: 512 }),
  });
}

function layerOf(
  told: MapLayer,
  source: VectorTileSource,
  look: { style: StyleFunction; renderMode?: "vector"; declutter?: string },
): VectorTileLayer {
  const layer = new VectorTileLayer({ visible: told.visible, source, ...look });
  // A tile of 512 px at its zoom z fits a view of zoom z + 1; above it there would be too many.
  if (told.min_zoom > 0) layer.setMinZoom(told.min_zoom + 0.6);
  return layer;
}

/**
 * The city's map in one element.
 *
 * Owns the OpenLayers map, its layers and what is drawn for the open answer.
 * Public: `showLevel`, `showLayers`, `showAnswer`, `showPiece`, `showPlace`, `showHere`, `zoomBy`, `showCity`,
 * `keepClear`.
 */
export class PlanMap {
  private readonly map: OlMap;
  private readonly view: View;
  private readonly drawing = new VectorSource();
  private readonly marks = new VectorSource();
  private readonly geojson = new GeoJSON({
    dataProjection: DEGREES,
    featureProjection: MERCATOR,
  });
  /** What is drawn of a layer, and its names. */
  private readonly layers = new Map<string, readonly VectorTileLayer[]>();
  private level: Level = "zoning";
  private clear: [number, number, number, number] = [40, 40, 40, 40];
  private shownPieces: ReadonlySet<string> = new Set();

  constructor(
    target: HTMLElement,
    private readonly description: MapDescription,
    private readonly options: { language: string; moves: boolean; listener: MapListener },
  ) {
    const extent = transformExtent([...description.extent], DEGREES, MERCATOR);
    this.view = new View({
      projection: MERCATOR,
      center: fromLonLat([...description.centre]),
      zoom: FIRST_ZOOM,
      maxZoom: 21,
    });
    this.map = new OlMap({
      target,
      view: this.view,
      controls: defaultControls({ attribution: false, zoom: false, rotate: false }).extend([
        new ScaleLine({ units: "metric", minWidth: 70 }),
      ]),
    });
    this.view.setMinZoom(Math.max(5, this.zoomOf(extent) - 3));
    this.addLayers();
    this.listen(target);
  }

  /** Colour the map by plans of this level. */
  showLevel(level: Level): void {
    this.level = level;
    this.layers.get("zones")?.forEach((layer) => { layer.changed(); });
  }

  /** Show these of the layers that can be switched, and no other. */
  showLayers(ids: readonly string[]): void {
    for (const { id, group } of this.description.layers) {
      if (group === "") continue;
      for (const layer of this.layers.get(id) ?? []) layer.setVisible(ids.includes(id));
    }
  }

  /** Draw the plot of an answer with its pieces and bring it into view; null: draw none. */
  showAnswer(answer: Answer | null): void {
    this.drawing.clear();
    this.shownPieces = new Set();
    if (answer === null) return;
    this.marks.clear();
    for (const piece of answer.pieces) {
      const { id, pattern, colour } = piece;
      this.draw(piece.boundary, { id, pattern, colour, kind: "piece" });
    }
    if (answer.boundary !== null) {
      const plot = this.draw(answer.boundary, { kind: "plot" });
      const extent = plot.getGeometry()?.getExtent();
      if (extent !== undefined) this.fit(extent, 19);
    }
  }

  /** Make pieces of the open answer stand out: their ids with blanks between; null: none. */
  showPiece(ids: string | null): void {
    const wanted = ids === null ? [] : ids.split(" ");
    if (wanted.join(" ") === [...this.shownPieces].join(" ")) return;
    this.shownPieces = new Set(wanted);
    this.drawing.changed();
  }

  /** Bring a place into view: a box where it is known, else a pin. */
  showPlace(place: LonLat, box: Box | null): void {
    this.marks.clear();
    if (box !== null) {
      this.fit(transformExtent([...box], DEGREES, MERCATOR), 18);
      return;
    }
    const pin = new Feature(new Point(fromLonLat([...place])));
    pin.setStyle(PIN_STYLE);
    this.marks.addFeature(pin);
    this.moveTo(place, 19);
  }

  /** Show where the person stands, with the radius in metres that the device vouches for. */
  showHere(place: LonLat, accuracy_m: number): void {
    this.marks.clear();
    const around = new Feature(
      circular([...place], Math.max(accuracy_m, 1), 48).transform(DEGREES, MERCATOR),
    );
    around.setStyle(HERE_STYLE);
    this.marks.addFeature(around);
    this.moveTo(place, accuracy_m < 60 ? 18 : 16);
  }

  /** Zoom by so many levels. */
  zoomBy(levels: number): void {
    const zoom = this.view.getZoom();
    if (zoom !== undefined) this.view.animate({ zoom: zoom + levels, duration: this.duration });
  }

  /** Bring the whole city into view. */
  showCity(): void {
    this.fit(transformExtent([...this.description.extent], DEGREES, MERCATOR), 16);
  }

  /** Keep these edges of the map (top, right, bottom, left; px) free: something lies over them. */
  keepClear(edges: readonly [number, number, number, number]): void {
    this.clear = [...edges];
  }

  private zoomOf(extent: number[]): number {
    return this.view.getZoomForResolution(this.view.getResolutionForExtent(extent)) ?? FIRST_ZOOM;
  }

  private get duration(): number {
    return this.options.moves ? 350 : 0;
  }

  private addLayers(): void {
    const outside = this.description.outside_background;
    if (outside !== null) {
      this.map.addLayer(new TileLayer({ source: new XYZ({ url: outside.url, maxZoom: 19 }) }));
    }
    const [west, south, east, north] = this.description.extent;
    const around = {
      figures: new Figures(this.description.figures),
      language: this.options.language,
      // The scale of the Mercator projection in the middle of the city.
      stretch: 1 / getPointResolution(MERCATOR, 1, fromLonLat([(west + east) / 2, (south + north) / 2])),
      shown: () => this.level,
    };
    const everything = { ...around, shown: () => null };
    const names: { layer: VectorTileLayer; priority: number }[] = [];
    for (const told of this.description.layers) {
      // The page shows the zones of one level of plan; all other layers whole.
      const how = told.id === "zones" ? around : everything;
      const source = sourceOf(told);
      const strokes = layerOf(told, source, { style: drawn(told.drawing, how) });
      this.map.addLayer(strokes);
      const shown = [strokes];
      const priority = priorityOf(told.drawing);
      if (priority > 0) {
        // One group for all layers: no name lies over another one.
        const look = { style: lettered(told.drawing, how), renderMode: "vector", declutter: "names" } as const;
        const letters = layerOf(told, source, look);
        names.push({ layer: letters, priority });
        shown.push(letters);
      }
      this.layers.set(told.id, shown);
    }
    // Of two names that want one place, that of the higher layer stays.
    names.sort((one, other) => one.priority - other.priority);
    for (const { layer } of names) this.map.addLayer(layer);
    this.map.addLayer(
      new VectorLayer({
        source: this.drawing,
        zIndex: 10,
        style: answerStyle((id) => this.shownPieces.has(id)),
      }),
    );
    this.map.addLayer(new VectorLayer({ source: this.marks, zIndex: 11 }));
  }

  private listen(target: HTMLElement): void {
    const { listener } = this.options;
    this.map.on("singleclick", (event) => {
      listener.onAsked(lonLatOf(event.coordinate));
    });
    this.map.on("pointermove", (event) => {
      if (!event.dragging) listener.onPointed(lonLatOf(event.coordinate));
    });
    target.addEventListener("pointerleave", () => {
      listener.onPointed(null);
    });
    this.map.on("moveend", () => {
      const centre = this.view.getCenter();
      if (centre !== undefined && target.matches(":focus-visible")) listener.onPointed(lonLatOf(centre));
    });
    target.addEventListener("keydown", (event) => {
      const centre = this.view.getCenter();
      if (event.key === "Enter" && event.target === target && centre !== undefined) {
        event.preventDefault();
        listener.onAsked(lonLatOf(centre));
      }
    });
  }

  private draw(boundary: Geometry, properties: Record<string, string>): Feature {
    const feature = new Feature(this.geojson.readGeometry(boundary) ?? undefined);
    feature.setProperties(properties);
    this.drawing.addFeature(feature);
    return feature;
  }

  private fit(extent: number[], maxZoom: number): void {
    this.view.fit(extent, { padding: this.clear, maxZoom, duration: this.duration });
  }

  private moveTo(place: LonLat, zoom: number): void {
    const point = new Point(fromLonLat([...place]));
    this.view.fit(point, { padding: this.clear, maxZoom: zoom, duration: this.duration });
  }
}
