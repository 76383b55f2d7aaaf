/** The map beside reach, in the storage system. */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import ScaleLine from "ol/control/ScaleLine";
import GeoJSON from "ol/format/GeoJSON";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import { fromExtent } from "ol/geom/Polygon";
import Translate from "ol/interaction/Translate";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import type TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";

import { baseLayers, type BaseMap, projectionOf } from "./base-map";
import { bandLook, candidateLook, facilityLook, issueLook, plotLook, roadLook, squareLook, tenthLook, wayLook } from "./reach-looks";
import { ReachSketch } from "./reach-sketch";
import type { EastNorth } from "../api/draft-types";
import type { Area } from "../api/drafts";
import type { Areas, FacilityView, PlotView, TenthSquares } from "../api/reach-types";
import type { CrsDefinition } from "../api/types";

/** What a thing on the map is. */
export type ReachThing = "plot" | "facility" | "square" | "candidate" | "road" | "issue";

/** What happens on the map; whoever wants to know says so with `listen`. */
export interface ReachListener {
  /** Another area is in view. */
  viewed?(area: Area): void;
  /** A thing was clicked. */
  picked?(thing: ReachThing, key: string): void;
  /** Ground without a thing on it was clicked. */
  clicked?(place: EastNorth): void;
  /** A facility was dragged there. It stays there until facilities are shown anew. */
  moved?(key: string, place: EastNorth): void;
}

/** A place that might be chosen, or was. `rank`: its number in the answer. */
export interface CandidateMark { readonly key: string; readonly place: EastNorth; readonly is_chosen: boolean; readonly is_other?: boolean; readonly rank?: number }
/** South-western corner of a square of 100 m, people who gain, people who lose. */
export type Square = readonly [east: number, north: number, gain: number, lose: number];

/** Around a click, in CSS pixels. */
const REACH_PX = 8;
/** Around what is shown at least so much is seen, in metres. */
const MARGIN_M = 60;
const SQUARE_M = 100;

const THINGS = ["band", "tenth", "square", "plot", "road", "way", "issue", "candidate", "facility"] as const;
type Sheet = (typeof THINGS)[number];
const LOOKS: Readonly<Record<Sheet, unknown>> = {
  band: bandLook, tenth: tenthLook, square: squareLook, plot: plotLook, road: roadLook, way: wayLook, issue: issueLook, candidate: candidateLook, facility: facilityLook,
};

/**
 * Reach on the map.
 *
 * Owns the OpenLayers map. Public: `listen`, `clear`; `showBands`, `showTenths`, `showSquares`, `showPlots`, `showRoads`, `showWay`,
 * `showIssues`, `showCandidates`, `showFacilities`; `select`; `drawPoint`, `drawLine`, `finishDrawing`,
 * `stopDrawing`; `fit`, `fitPlaces`, `zoomBy`, `showWhole`, `showBase`, `area`, `centre`.
 */
export class ReachMap {
  private readonly map: OlMap;
  private readonly view: View;
  private readonly base: ReadonlyMap<string, TileLayer>;
  private readonly sheets: Readonly<Record<Sheet, VectorSource>>;
  private readonly layers = new Map<unknown, Sheet>();
  private readonly bands: VectorLayer;
  private readonly sketch: ReachSketch;
  private readonly dragging: Translate;
  private readonly listeners = new Set<ReachListener>();
  private readonly geojson = new GeoJSON();
  private selected: string | null = null;

  constructor(
    private readonly target: HTMLElement,
    private readonly options: { readonly crs: CrsDefinition; readonly base: BaseMap; readonly box: Area; readonly moves: boolean },
  ) {
    const { crs, base } = options;
    const projection = projectionOf(crs);
    this.base = baseLayers(base, projection);
    this.view = new View({
      projection, center: [0, 0], resolution: 1, minResolution: 0.05, maxResolution: base.resolutions[1] ?? 500, enableRotation: false,
    });
    this.sheets = Object.fromEntries(THINGS.map((sheet) => [sheet, new VectorSource()])) as Record<Sheet, VectorSource>;
    const layer = (sheet: Sheet): VectorLayer => new VectorLayer({ source: this.sheets[sheet], style: LOOKS[sheet] as StyleLike });
    const drawn = THINGS.map((sheet) => layer(sheet));
    this.bands = drawn[THINGS.indexOf("band")] ?? layer("band");
    THINGS.forEach((sheet, at) => this.layers.set(drawn[at], sheet));
    this.map = new OlMap({
      target, view: this.view, controls: [new ScaleLine({ units: "metric", minWidth: 70 })],
      interactions: defaultInteractions({ doubleClickZoom: true }), layers: [...this.base.values(), ...drawn],
    });
    this.sketch = new ReachSketch(this.map, target);
    this.dragging = new Translate({
      layers: (layer) => this.layers.get(layer) === "facility", hitTolerance: REACH_PX,
      filter: (feature) => feature.getGeometry()?.getType() === "Point" && feature.get("is_draggable") === true && !this.sketch.isDrawing,
    });
    this.map.addInteraction(this.dragging);
    this.hear();
    this.showWhole();
  }

  /** Tell `listener` of what happens; the answer ends that. */
  listen(listener: ReachListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Take everything off the map but what lies below it. */
  clear(): void {
    this.stopDrawing();
    this.selected = null;
    for (const sheet of THINGS) this.sheets[sheet].clear(true);
    this.bands.setOpacity(1);
    this.redraw();
  }

  /** Ground within bands of a distance, the nearest first; null: none. */
  showBands(areas: Areas | null): void {
    const sorted = [...(areas?.features ?? [])].sort((one, other) => one.properties.to_m - other.properties.to_m);
    this.fill("band", sorted.map(({ geometry, properties }, place) => {
      const feature = new Feature(this.geojson.readGeometry(geometry) ?? undefined);
      feature.setProperties({ ...properties, place });
      return feature;
    }).reverse());
  }

  /** Squares of 100 m in which people gain or lose; null: none. */
  showSquares(squares: readonly Square[] | null): void {
    const most = Math.max(0, ...(squares ?? []).map(([, , gain, lose]) => Math.max(gain, lose)));
    this.fill("square", (squares ?? []).map(([east, north, gain, lose]) => new Feature({
      geometry: fromExtent([east, north, east + SQUARE_M, north + SQUARE_M]), key: `${east},${north}`, gain, lose, most,
    })));
  }

  /** Squares by how far their people walk; null: none. */
  showTenths(found: TenthSquares | null): void {
    this.fill("tenth", (found?.squares ?? []).map(([east, north, , metres, tenth]) => {
      const side_m = found?.side_m ?? SQUARE_M;
      return new Feature({ geometry: fromExtent([east, north, east + side_m, north + side_m]), metres, tenth, side_m });
    }));
  }

  /** Plots, as ground where their boundary is known, else as a mark; bands fade below them. */
  showPlots(plots: readonly (Pick<PlotView, "uuid" | "place" | "state"> & { readonly boundary?: PlotView["boundary"] })[]): void {
    this.fill("plot", plots.map(({ uuid, place, state, boundary = null }) => {
      const feature = this.mark(uuid, place, { state });
      if (boundary !== null) feature.setGeometry(this.geojson.readGeometry(boundary) ?? undefined);
      return feature;
    }));
    this.bands.setOpacity(plots.length > 0 ? 0.3 : 1);
  }

  /** Roads that are not there yet. */
  showRoads(roads: readonly { readonly key: string; readonly axis: readonly EastNorth[] }[]): void {
    this.fill("road", roads.map(({ key, axis }) => new Feature({ geometry: new LineString(axis.map((place) => [...place])), key })));
  }

  /** The way from a plot to its service along streets, and dashed what is gone beside them; null: none. */
  showWay(way: { readonly coordinates: readonly (readonly number[])[] } | null, from: EastNorth | null = null, to: EastNorth | null = null): void {
    const corners = (way?.coordinates ?? []).map((place) => [...place]);
    const beside = [[from, corners[0]], [corners.at(-1), to]].flatMap(([one, other]) =>
      one == null || other == null ? [] : [new Feature({ geometry: new LineString([[...one], [...other]]), is_beside: true })]);
    this.fill("way", way === null ? [] : [...beside, new Feature(new LineString(corners))]);
  }

  showIssues(issues: readonly { readonly key: string; readonly place: EastNorth }[]): void {
    this.fill("issue", issues.map(({ key, place }) => this.mark(key, place)));
  }

  showCandidates(candidates: readonly CandidateMark[]): void {
    this.fill("candidate", candidates.map(({ key, place, is_chosen, is_other = false, rank = null }) => this.mark(key, place, { is_chosen, is_other, rank })));
  }

  /** Facilities, with what a scenario does to them; those that `isDraggable` says can be dragged. */
  showFacilities(
    facilities: readonly Pick<FacilityView, "key" | "name" | "place" | "state" | "from">[],
    isDraggable: (key: string) => boolean = () => false,
  ): void {
    this.fill("facility", facilities.flatMap(({ key, name, place, state, from }) => {
      const mark = this.mark(key, place, { name, state, is_draggable: state !== "closed" && isDraggable(key) });
      if (from === null || (from[0] === place[0] && from[1] === place[1])) return [mark];
      return [new Feature({ geometry: new LineString([[...from], [...place]]), state }), mark];
    }));
  }

  /** Make the things with this key stand out; null: none. */
  select(key: string | null): void {
    this.selected = key;
    for (const sheet of THINGS) {
      for (const feature of this.sheets[sheet].getFeatures()) feature.set("is_selected", key !== null && feature.get("key") === key, true);
    }
    this.redraw();
  }

  /**
   * Let somebody put a point on the map: by a click, or with the map's focus by Enter in its middle.
   *
   * null: they gave it up (Escape), or something else began.
   */
  drawPoint(): Promise<EastNorth | null> {
    return this.sketch.point();
  }

  /** Let somebody draw a line: a click or Enter a corner, Backspace takes one back, a double click or `finishDrawing` ends it. */
  drawLine(): Promise<readonly EastNorth[] | null> {
    return this.sketch.line();
  }

  finishDrawing(): void {
    this.sketch.finish();
  }

  stopDrawing(): void {
    this.sketch.stop();
  }

  /** Bring a box into view, with its surroundings, which say where it is. */
  fit([west, south, east, north]: Area, margin = Math.max(MARGIN_M, (east - west + north - south) / 12)): void {
    this.view.fit([west - margin, south - margin, east + margin, north + margin], { minResolution: 0.15, duration: this.duration });
  }

  fitPlaces(places: readonly EastNorth[]): void {
    if (places.length === 0) return;
    const [east, north] = [places.map((place) => place[0]), places.map((place) => place[1])];
    this.fit([Math.min(...east), Math.min(...north), Math.max(...east), Math.max(...north)], 250);
  }

  zoomBy(levels: number): void {
    const resolution = this.view.getResolution() ?? 1;
    this.view.animate({ resolution: resolution / 2 ** levels, duration: this.duration });
  }

  showWhole(): void {
    this.view.fit([...this.options.box], { padding: [20, 20, 20, 20] });
  }

  showBase(ids: readonly string[]): void {
    for (const [id, layer] of this.base) layer.setVisible(ids.includes(id));
  }

  get area(): Area {
    const [west = 0, south = 0, east = 0, north = 0] = this.view.calculateExtent();
    return [west, south, east, north];
  }

  get centre(): EastNorth {
    const [east = 0, north = 0] = this.view.getCenter() ?? [];
    return [east, north];
  }

  private get duration(): number {
    return this.options.moves ? 250 : 0;
  }

  private mark(key: string, place: EastNorth, values: Readonly<Record<string, unknown>> = {}): Feature {
    return new Feature({ ...values, geometry: new Point([...place]), key, is_selected: key === this.selected });
  }

  private fill(sheet: Sheet, features: readonly Feature[]): void {
    this.sheets[sheet].clear(true);
    this.sheets[sheet].addFeatures([...features]);
  }

  private redraw(): void {
    for (const sheet of THINGS) this.sheets[sheet].changed();
  }

  private tell(say: (listener: ReachListener) => void): void {
    for (const listener of [...this.listeners]) say(listener);
  }

  private hear(): void {
    this.map.on("moveend", () => {
      // Where the map stands, for whoever drives the page from outside.
      this.target.setAttribute("data-area", this.area.join(","));
      this.tell((one) => one.viewed?.(this.area));
    });
    this.map.on("singleclick", ({ pixel, coordinate }) => {
      if (!this.sketch.isDrawing && !this.sketch.hasJustEnded) this.clicked(pixel, coordinate);
    });
    this.map.on("pointermove", ({ pixel, dragging }) => {
      if (dragging || this.sketch.isDrawing) return;
      this.target.style.cursor = this.thingAt(pixel) === null ? "" : "pointer";
    });
    this.dragging.on("translateend", ({ features }) => {
      const feature = features.item(0);
      const [east = 0, north = 0] = (feature.getGeometry() as Point).getCoordinates();
      this.tell((one) => one.moved?.(String(feature.get("key")), [east, north]));
    });
  }

  private clicked(pixel: number[], [east = 0, north = 0]: number[]): void {
    const found = this.thingAt(pixel);
    if (found === null) this.tell((one) => one.clicked?.([east, north]));
    else this.tell((one) => one.picked?.(found.thing, found.key));
  }

  private thingAt(pixel: number[]): { thing: ReachThing; key: string } | null {
    let found: { thing: ReachThing; key: string } | null = null;
    // From the top down: the first one is nearest to the eye.
    this.map.forEachFeatureAtPixel(pixel, (feature, layer) => {
      const sheet = this.layers.get(layer);
      const key = feature.get("key") as string | undefined;
      if (sheet === undefined || sheet === "band" || sheet === "tenth" || sheet === "way" || key === undefined) return false;
      found = { thing: sheet, key };
      return true;
    }, { hitTolerance: REACH_PX });
    return found;
  }
}
