/** The map beside the list of conflicts, in the storage system. */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import ScaleLine from "ol/control/ScaleLine";
import { fromExtent } from "ol/geom/Polygon";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import type TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";

import { baseLayers, type BaseMap, projectionOf } from "./base-map";
import { conflictFeatures, conflictLook, heatLook, partyFeatures, partyLook } from "./conflict-looks";
import type { ConflictDetail, Heat, HeatCell, MapConflict } from "../api/conflict-types";
import type { Area } from "../api/drafts";
import type { CrsDefinition } from "../api/types";

export interface ConflictMapListener {
  /** Another area is in view. */
  onViewed(): void;
  /** A conflict was clicked. */
  onPicked(key: string): void;
  /** A square of the heat map was clicked. */
  onCell(cell: HeatCell): void;
}

/** Around a click, in CSS pixels. */
const REACH_PX = 8;
/** Around what is shown at least so much is seen, in metres. */
const MARGIN_M = 25;

/**
 * Conflicts on the map.
 *
 * Owns the OpenLayers map. Public: `showConflicts`, `select`, `showDetail`, `showHeat`, `fit`, `zoomBy`,
 * `showWhole`, `showBase`, `area`.
 */
export class ConflictMap {
  private readonly map: OlMap;
  private readonly view: View;
  private readonly base: ReadonlyMap<string, TileLayer>;
  private readonly conflicts = new VectorSource();
  private readonly heat = new VectorSource();
  private readonly parties = new VectorSource();
  private readonly detail = new VectorSource();
  private readonly conflictLayer: VectorLayer;
  private readonly heatLayer: VectorLayer;
  private selected: string | null = null;

  constructor(
    target: HTMLElement,
    private readonly options: {
      readonly crs: CrsDefinition; readonly base: BaseMap; readonly box: Area; readonly moves: boolean;
      readonly listener: ConflictMapListener;
    },
  ) {
    const { crs, base, listener } = options;
    const projection = projectionOf(crs);
    this.base = baseLayers(base, projection);
    this.view = new View({
      projection, center: [0, 0], resolution: 1, minResolution: 0.05, maxResolution: base.resolutions[1] ?? 500, enableRotation: false,
    });
    this.conflictLayer = new VectorLayer({ source: this.conflicts, style: conflictLook });
    this.heatLayer = new VectorLayer({ source: this.heat, style: heatLook, visible: false });
    const layer = (source: VectorSource, style: StyleLike): VectorLayer => new VectorLayer({ source, style });
    this.map = new OlMap({
      target,
      view: this.view,
      controls: [new ScaleLine({ units: "metric", minWidth: 70 })],
      // A finger that scrolls the page must not get caught by the map: two of them move it.
      interactions: defaultInteractions({ doubleClickZoom: true }),
      layers: [
        ...this.base.values(), this.heatLayer, this.conflictLayer, layer(this.detail, conflictLook),
        layer(this.parties, partyLook as StyleLike),
      ],
    });
    this.map.on("moveend", () => { listener.onViewed(); });
    this.map.on("singleclick", ({ pixel }) => { this.clicked(pixel); });
    this.map.on("pointermove", ({ pixel, dragging }) => {
      if (!dragging) target.style.cursor = this.map.hasFeatureAtPixel(pixel, { hitTolerance: REACH_PX, layerFilter: (one) => this.isPickable(one) }) ? "pointer" : "";
    });
    this.showWhole();
  }

  showConflicts(conflicts: readonly MapConflict[]): void {
    this.conflicts.clear(true);
    this.conflicts.addFeatures(conflicts.flatMap((one) => conflictFeatures(one, this.selected)));
  }

  select(key: string | null): void {
    this.selected = key;
    for (const feature of this.conflicts.getFeatures()) feature.set("is_selected", feature.get("key") === key);
  }

  /** Draw one conflict with the two that contradict each other, alone; null: all of them again. */
  showDetail(conflict: Pick<ConflictDetail, "boundary" | "place" | "severity" | "parties"> | null): void {
    this.detail.clear(true);
    this.parties.clear(true);
    this.conflictLayer.setOpacity(conflict === null ? 1 : 0.35);
    if (conflict !== null) {
      const { boundary, place, severity } = conflict;
      const drawn = { key: "", rule: "", severity, state: "open", place, area_m2: 0, boundary } as const;
      this.detail.addFeatures(conflictFeatures(drawn, ""));
      this.parties.addFeatures(partyFeatures(conflict.parties));
    }
    this.detail.changed();
    this.parties.changed();
  }

  /** Draw the heat map in place of the conflicts; null: the conflicts again. */
  showHeat(heat: Heat | null): void {
    this.heat.clear(true);
    this.heatLayer.setVisible(heat !== null);
    this.conflictLayer.setVisible(heat === null);
    if (heat === null) return;
    const most = Math.max(0, ...heat.cells.map(([, , count]) => count));
    this.heat.addFeatures(heat.cells.map((cell) => {
      const [east, north] = cell;
      return new Feature({ geometry: fromExtent([east, north, east + heat.cell_m, north + heat.cell_m]), cell, most, cell_m: heat.cell_m });
    }));
  }

  /** Bring a box into view, with its surroundings, which say where it is. */
  fit([west, south, east, north]: Area, margin = Math.max(MARGIN_M, (east - west + north - south) / 6)): void {
    this.view.fit([west - margin, south - margin, east + margin, north + margin], { minResolution: 0.1, duration: this.duration });
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

  private get duration(): number {
    return this.options.moves ? 250 : 0;
  }

  private isPickable(layer: unknown): boolean {
    return layer === this.conflictLayer || layer === this.heatLayer;
  }

  private clicked(pixel: number[]): void {
    const found = this.map.getFeaturesAtPixel(pixel, { hitTolerance: REACH_PX, layerFilter: (one) => this.isPickable(one) });
    // A mark is nearer to the eye than the ground below it.
    const [first] = found.sort((one, other) => Number(isMark(other)) - Number(isMark(one)));
    if (first === undefined) return;
    const cell = first.get("cell") as HeatCell | undefined;
    if (cell !== undefined) this.options.listener.onCell(cell);
    else this.options.listener.onPicked(String(first.get("key")));
  }
}

function isMark(feature: { getGeometry(): { getType(): string } | undefined }): boolean {
  return feature.getGeometry()?.getType() === "Point";
}
