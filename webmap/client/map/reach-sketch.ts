/** Drawing a point or a line on the map of reach, by pointer or by keys. */
import Feature from "ol/Feature";
import type OlMap from "ol/Map";
import LineString from "ol/geom/LineString";
import MultiPoint from "ol/geom/MultiPoint";
import DoubleClickZoom from "ol/interaction/DoubleClickZoom";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";

import { sketchLook } from "./reach-looks";
import type { EastNorth } from "../api/draft-types";

/** The click that ends a drawing is told to the map a moment later. */
const AFTER_MS = 400;

interface Underway {
  readonly kind: "point" | "line";
  readonly places: EastNorth[];
  readonly end: (places: readonly EastNorth[] | null) => void;
}

/**
 * One drawing at a time.
 *
 * Owns what is being drawn. With the map's focus Enter takes the middle of the map, Backspace takes the last corner
 * back, Escape gives up. Public: `isDrawing`, `hasJustEnded`, `point`, `line`, `finish`, `stop`.
 */
export class ReachSketch {
  private readonly source = new VectorSource();
  private underway: Underway | null = null;
  private pointer: EastNorth | null = null;
  private ended = 0;

  constructor(
    private readonly map: OlMap,
    private readonly target: HTMLElement,
  ) {
    map.addLayer(new VectorLayer({ source: this.source, style: sketchLook(), zIndex: 20 }));
    map.on("click", ({ coordinate: [east = 0, north = 0] }) => { this.take([east, north]); });
    map.on("dblclick", (event) => {
      if (!this.isDrawing) return;
      event.preventDefault();
      this.finish();
    });
    map.on("pointermove", ({ coordinate: [east = 0, north = 0], dragging }) => {
      if (!this.isDrawing || dragging) return;
      this.pointer = [east, north];
      this.draw();
    });
    map.getView().on("change:center", () => {
      if (!this.isDrawing || !target.matches(":focus-visible")) return;
      this.pointer = this.middle;
      this.draw();
    });
    target.addEventListener("keydown", (event) => { this.typed(event); });
  }

  get isDrawing(): boolean {
    return this.underway !== null;
  }

  get hasJustEnded(): boolean {
    return performance.now() - this.ended < AFTER_MS;
  }

  async point(): Promise<EastNorth | null> {
    return (await this.begin("point"))?.[0] ?? null;
  }

  line(): Promise<readonly EastNorth[] | null> {
    return this.begin("line");
  }

  /** End a line with the corners that it has; one of fewer than two is none. */
  finish(): void {
    if (this.underway === null) return;
    const { kind, places } = this.underway;
    if (kind === "line" && places.length < 2) return;
    this.end(places);
  }

  stop(): void {
    if (this.underway !== null) this.end(null);
  }

  private begin(kind: Underway["kind"]): Promise<readonly EastNorth[] | null> {
    this.stop();
    return new Promise((end) => {
      this.underway = { kind, places: [], end };
      this.target.dataset["drawing"] = kind;
      this.target.style.cursor = "crosshair";
      this.zooms(false);
      this.draw();
    });
  }

  private end(places: readonly EastNorth[] | null): void {
    const { underway } = this;
    this.underway = null;
    this.ended = performance.now();
    this.pointer = null;
    this.source.clear();
    delete this.target.dataset["drawing"];
    this.target.style.cursor = "";
    // The second press of a double click comes after the end of the line.
    setTimeout(() => { if (!this.isDrawing) this.zooms(true); }, AFTER_MS);
    underway?.end(places);
  }

  private zooms(isActive: boolean): void {
    for (const one of this.map.getInteractions().getArray()) if (one instanceof DoubleClickZoom) one.setActive(isActive);
  }

  private get middle(): EastNorth {
    const [east = 0, north = 0] = this.map.getView().getCenter() ?? [];
    return [east, north];
  }

  private take(place: EastNorth): void {
    if (this.underway === null) return;
    const { kind, places } = this.underway;
    const last = places.at(-1);
    // A double click is two clicks in one place.
    if (last?.[0] === place[0] && last[1] === place[1]) return;
    places.push(place);
    if (kind === "point") this.end(places);
    else this.draw();
  }

  private typed(event: KeyboardEvent): void {
    if (this.underway === null) return;
    if (event.key === "Enter" && event.ctrlKey) this.finish();
    else if (event.key === "Enter") this.take(this.middle);
    else if (event.key === "Escape") this.stop();
    else if (event.key === "Backspace") {
      this.underway.places.pop();
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private draw(): void {
    this.source.clear(true);
    if (this.underway === null) return;
    const { kind, places } = this.underway;
    const seen = [...places, ...(this.pointer === null ? [] : [this.pointer])].map((place) => [...place]);
    const features = [new Feature(new MultiPoint(places.map((place) => [...place])))];
    if (kind === "line" && seen.length > 1) this.source.addFeature(new Feature(new LineString(seen)));
    this.source.addFeatures(features);
  }
}
