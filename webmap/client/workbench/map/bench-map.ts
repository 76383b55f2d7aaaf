/** The workbench's map. Beside client/map/ the only folder that knows OpenLayers. */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import ScaleLine from "ol/control/ScaleLine";
import { getCenter } from "ol/extent";
import LineString from "ol/geom/LineString";
import MultiPolygon from "ol/geom/MultiPolygon";
import Point from "ol/geom/Point";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import type TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import VectorImageLayer from "ol/layer/VectorImage";
import type { Coordinate } from "ol/coordinate";
import VectorSource from "ol/source/Vector";
import type { StyleLike } from "ol/style/Style";

import {
  EXTENT_LOOK, faultLook, GROUND_LOOK, HIGHLIGHT_LOOK, personLook, PREVIEW_LOOK, SELECTED_LOOK, sketchLook, snapLook, zoneLook,
} from "./looks";
import { conflictFeatures, conflictLook, partyFeatures, partyLook } from "../../map/conflict-looks";
import { Hand, type HandListener } from "./hand";
import type { ConflictDetail, MapConflict } from "../../api/conflict-types";
import type { Area } from "../../api/drafts";
import type { EastNorth, Fault, GroundFeature, Surface, Zone } from "../../api/draft-types";
import type { CrsDefinition } from "../../api/types";
import { baseLayers, type BaseMap, projectionOf } from "../../map/base-map";
import type { Sketch, SnapTarget } from "../sketch";

export interface MapListener extends HandListener {
  /** Another area is in view. */
  onViewed(): void;
}

/** Somebody else at work. */
export interface Seen {
  readonly name: string;
  readonly colour: string;
  readonly at: EastNorth;
}

/** How long somebody else's change stays lit, in milliseconds. */
const LIT_MS = 2500;
/** Nobody draws nearer than a centimetre to the pixel. */
const FINEST_M = 0.01;

function coordinatesOf(surface: Surface): Coordinate[][][] {
  return surface.coordinates.map((polygon) => polygon.map((ring) => ring.map(([east, north]) => [east, north])));
}

function shapeOf(surface: Surface): MultiPolygon {
  return new MultiPolygon(coordinatesOf(surface));
}

/**
 * The draft on the map, in the storage system.
 *
 * Owns the OpenLayers map. What is drawn comes from outside; what is pointed at goes to the listener. Public:
 * `showZones`, `recolour`, `showGround`, `showSelected`, `showSketch`, `showSnap`, `showFaults`, `showConflicts`,
 * `showParties`, `showPreview`, `showPeople`, `light`, `fit`, `zoomBy`, `showWhole`, `showBase`, `area`, `resolution_m`, `centre`, `pixelOf`.
 */
export class BenchMap {
  private readonly map: OlMap;
  private readonly view: View;
  private readonly zones = new VectorSource();
  private readonly ground = new VectorSource();
  private readonly selected = new VectorSource();
  private readonly lit = new VectorSource();
  private readonly faults = new VectorSource();
  private readonly conflicts = new VectorSource();
  private readonly parties = new VectorSource();
  private readonly preview = new VectorSource();
  private readonly people = new VectorSource();
  private readonly sketch = new VectorSource();
  private readonly snap = new VectorSource();
  private readonly zoneLayer: VectorImageLayer;
  private readonly groundLayer: VectorLayer;
  private readonly base: ReadonlyMap<string, TileLayer>;
  private colour: (uid: string) => string = () => "#cccccc";
  private shownExtent: Surface | null = null;

  constructor(
    target: HTMLElement,
    private readonly options: {
      readonly crs: CrsDefinition;
      readonly base: BaseMap;
      readonly extent: Surface;
      readonly moves: boolean;
      readonly listener: MapListener;
    },
  ) {
    const { crs, base, listener } = options;
    const code = projectionOf(crs);
    this.base = baseLayers(base, code);
    this.view = new View({
      projection: code,
      center: [0, 0],
      resolution: 1,
      minResolution: FINEST_M,
      maxResolution: base.resolutions[4] ?? 70,
      enableRotation: false,
    });
    // Drawn into one picture that moves with the hand: 20,000 zones cost 100 ms, a picture nothing.
    this.zoneLayer = new VectorImageLayer({
      source: this.zones,
      style: zoneLook((uid) => this.colour(uid)),
      declutter: true,
      imageRatio: 1.5,
    });
    this.groundLayer = this.layer(this.ground, GROUND_LOOK);
    this.groundLayer.setMaxResolution(2);
    const extent = new VectorSource({ features: [new Feature(shapeOf(options.extent))] });
    this.map = new OlMap({
      target,
      view: this.view,
      controls: [new ScaleLine({ units: "metric", minWidth: 70 })],
      interactions: defaultInteractions({ doubleClickZoom: false, shiftDragZoom: false }),
      layers: [
        ...this.base.values(),
        this.zoneLayer,
        this.groundLayer,
        this.layer(extent, EXTENT_LOOK),
        this.layer(this.lit, HIGHLIGHT_LOOK),
        this.layer(this.selected, SELECTED_LOOK),
        this.layer(this.conflicts, conflictLook),
        this.layer(this.parties, partyLook as StyleLike),
        this.layer(this.preview, PREVIEW_LOOK),
        this.layer(this.faults, faultLook),
        this.layer(this.sketch, sketchLook),
        this.layer(this.people, undefined),
        this.layer(this.snap, snapLook),
      ],
    });
    this.map.addInteraction(new Hand(listener));
    this.map.on("moveend", () => { listener.onViewed(); });
    this.showWhole(options.extent);
  }

  /** Draw these zones, anew where they are there already, and take away those of `removed`. */
  showZones(zones: Iterable<Zone>, removed: Iterable<string> = []): void {
    const fresh: Feature[] = [];
    for (const uid of removed) {
      const gone = this.zones.getFeatureById(uid);
      if (gone instanceof Feature) this.zones.removeFeature(gone);
    }
    for (const zone of zones) {
      if (zone.boundary === null) continue;
      const there = this.zones.getFeatureById(zone.uid);
      if (there instanceof Feature) {
        if (there.get("boundary") === zone.boundary && there.get("label") === zone.label) continue;
        there.set("label", zone.label, true);
        there.set("boundary", zone.boundary, true);
        there.setGeometry(shapeOf(zone.boundary));
      } else {
        const feature = new Feature({ geometry: shapeOf(zone.boundary), label: zone.label, boundary: zone.boundary });
        feature.setId(zone.uid);
        fresh.push(feature);
      }
    }
    this.zones.addFeatures(fresh);
  }

  /** Fill the zones in the colour that `colour` says for a uid. */
  recolour(colour: (uid: string) => string): void {
    this.colour = colour;
    this.zoneLayer.changed();
  }

  showGround(features: readonly GroundFeature[]): void {
    this.ground.clear(true);
    this.ground.addFeatures(features.map((one) => new Feature(shapeOf(one.boundary))));
  }

  showSelected(surfaces: readonly Surface[]): void {
    this.replace(this.selected, surfaces.map((surface) => new Feature(shapeOf(surface))));
  }

  showSketch(sketch: Sketch): void {
    const features = [
      ...(sketch.surfaces ?? []).map(
        ({ surface, look }) => new Feature({ geometry: shapeOf(surface), kind: "surface", look }),
      ),
      ...(sketch.lines ?? []).map(
        ({ points, look }) =>
          new Feature({ geometry: new LineString(points.map(([e, n]) => [e, n])), kind: "line", look }),
      ),
      ...(sketch.points ?? []).map(
        ({ at, look, text }) => new Feature({ geometry: new Point([...at]), kind: "point", look, text }),
      ),
    ];
    this.replace(this.sketch, features);
  }

  showSnap(target: SnapTarget | null, text: string): void {
    const mark = target && new Feature({ geometry: new Point([...target.at]), kind: target.kind, text });
    this.replace(this.snap, mark ? [mark] : []);
  }

  showFaults(faults: readonly Fault[], selected: string | null): void {
    const features: Feature[] = [];
    for (const { key, boundary, place } of faults) {
      if (boundary !== null) features.push(new Feature({ geometry: shapeOf(boundary), is_selected: key === selected }));
      features.push(new Feature(new Point([...place])));
    }
    this.replace(this.faults, features);
  }

  /** Conflicts by severity; the mark of a small one is seen from afar. */
  showConflicts(conflicts: readonly MapConflict[], selected: string | null): void {
    this.replace(this.conflicts, conflicts.flatMap((one) => conflictFeatures(one, selected)));
  }

  /** The two that contradict each other in one conflict; null: none. */
  showParties(detail: Pick<ConflictDetail, "parties"> | null): void {
    this.replace(this.parties, partyFeatures(detail?.parties ?? []));
  }

  /** Zones as they would be after a proposal. */
  showPreview(surfaces: readonly Surface[]): void {
    this.replace(this.preview, surfaces.map((surface) => new Feature(shapeOf(surface))));
  }

  showPeople(people: readonly Seen[]): void {
    this.replace(
      this.people,
      people.map(({ name, colour, at }) => {
        const feature = new Feature(new Point([...at]));
        personLook(feature, colour, name);
        return feature;
      }),
    );
  }

  /** Light zones up for a moment: somebody else changed them. */
  light(surfaces: readonly Surface[]): void {
    const features = surfaces.map((surface) => new Feature(shapeOf(surface)));
    this.lit.addFeatures(features);
    setTimeout(() => { this.lit.removeFeatures(features); }, LIT_MS);
  }

  /** Bring a box into view, not nearer than a quarter of a metre to the pixel. */
  fit(box: Area): void {
    this.view.fit([...box], { padding: [60, 60, 60, 60], minResolution: 0.1, duration: this.duration });
  }

  zoomBy(levels: number): void {
    const resolution = this.view.getResolution() ?? 1;
    this.view.animate({ resolution: resolution / 2 ** levels, duration: this.duration });
  }

  /** Bring the whole draft into view. */
  showWhole(extent: Surface | null = this.shownExtent): void {
    this.shownExtent = extent;
    if (extent !== null) this.view.fit(shapeOf(extent).getExtent(), { padding: [40, 40, 40, 40] });
  }

  /** Show these layers below the drawing and no other. */
  showBase(ids: readonly string[]): void {
    for (const [id, layer] of this.base) layer.setVisible(ids.includes(id));
  }

  /** Whether what one may snap to and copy is drawn. */
  showGroundLines(is_shown: boolean): void {
    this.groundLayer.setVisible(is_shown);
  }

  get area(): Area {
    const [west = 0, south = 0, east = 0, north = 0] = this.view.calculateExtent();
    return [west, south, east, north];
  }

  get resolution_m(): number {
    return this.view.getResolution() ?? 1;
  }

  get centre(): EastNorth {
    const [east = 0, north = 0] = this.view.getCenter() ?? getCenter(this.view.calculateExtent());
    return [east, north];
  }

  /** Where a place lies in the map's element, in CSS pixels. */
  pixelOf(at: EastNorth): readonly [number, number] {
    const [x = 0, y = 0] = this.map.getPixelFromCoordinate([...at]) as number[] | null ?? [];
    return [x, y];
  }

  private get duration(): number {
    return this.options.moves ? 250 : 0;
  }

  private replace(source: VectorSource, features: Feature[]): void {
    source.clear(true);
    source.addFeatures(features);
  }

  private layer(source: VectorSource, style: StyleLike | undefined): VectorLayer {
    return new VectorLayer({
      source,
      ...(style === undefined ? {} : { style }),
      updateWhileInteracting: true,
      updateWhileAnimating: true,
    });
  }
}
