/** A small map of a plan: ground is chosen zone by zone, or drawn corner by corner. */
import { html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { EastNorth, Surface } from "../api/draft-types";
import { type Box, boxOf } from "./drawn-surface";
import { gettext, interpolate } from "../text/gettext";
import { centreOf } from "../workbench/geometry/surfaces";

/** A zone in force. */
export interface ZoneInForce {
  readonly uid: string;
  readonly label: string;
  readonly function: string;
  readonly colour: string;
  readonly boundary: Surface;
}

export type Picking = "zones" | "draw";

/** So much is one step of the wheel or of a button. */
const STEP = 1.4;

/**
 * Draws zones as they lie, north up.
 *
 * Owns what part of the plan is in view. Tells "zone-picked" (uid) and "corner-set" (EastNorth).
 * Public: `zones`, `ground`, `picked`, `corners`, `picking`.
 */
@customElement("ground-picker")
export class GroundPicker extends LitElement {
  @property({ attribute: false }) zones: readonly ZoneInForce[] = [];
  @property({ attribute: false }) ground: readonly Surface[] = [];
  @property({ attribute: false }) picked: ReadonlySet<string> = new Set();
  @property({ attribute: false }) corners: readonly EastNorth[] = [];
  @property({ attribute: false }) picking: Picking = "zones";
  @state() private seen: Box | null = null;
  @query("svg.ground-map") private readonly drawing!: SVGSVGElement | null;
  private whole: Box | null = null;
  private dragged: { readonly x: number; readonly y: number; readonly seen: Box } | null = null;
  private hasMoved = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("ground") && !changed.has("zones")) return;
    this.whole = widened(boxOf([...this.ground, ...this.zones.map((zone) => zone.boundary)]));
    this.seen = this.whole;
  }

  protected override render(): TemplateResult {
    const [west, south, east, north] = this.seen ?? [0, 0, 1, 1];
    const [width, height] = [east - west, north - south];
    // A text of the picture is as high as so many metres of ground.
    const letter = Math.max(width, height) / 45;
    return html`<div class="ground-picker">
      <svg class="ground-map" viewBox="${west} ${-north} ${width} ${height}" role="img"
        aria-label=${gettext("The plan in force; zones can be chosen in the list below as well")}
        @wheel=${this.turned} @pointerdown=${this.pressed} @pointermove=${this.moved} @pointerup=${this.released}>
        ${this.ground.map((surface) => svg`<path class="ground-edge" d=${path(surface)}></path>`)}
        ${this.zones.map((zone) => this.zone(zone, letter))}
        ${this.corners.length === 0 ? null : this.sketch(letter)}
      </svg>
      <div class="ground-tools">
        <button type="button" class="button small-button" @click=${() => { this.zoom(1 / STEP); }}>${gettext("Closer")}</button>
        <button type="button" class="button small-button" @click=${() => { this.zoom(STEP); }}>${gettext("Farther")}</button>
        <button type="button" class="button small-button" @click=${() => (this.seen = this.whole)}>${gettext("Whole plan")}</button>
      </div>
    </div>`;
  }

  private zone(zone: ZoneInForce, letter: number): SVGTemplateResult {
    const box = boxOf([zone.boundary]);
    const isPicked = this.picked.has(zone.uid);
    const isNamed = box !== null && box[2] - box[0] > letter * zone.label.length * 0.7 && box[3] - box[1] > letter * 1.2;
    const [x, y] = isNamed ? centreOf(zone.boundary) : [0, 0];
    return svg`<g class="ground-zone ${isPicked ? "is-picked" : ""}" data-uid=${zone.uid}>
      <path d=${path(zone.boundary)} fill=${zone.colour}><title>${zone.label}</title></path>
      ${!isNamed ? null : svg`<text x=${x} y=${-y} font-size=${letter}
        text-anchor="middle" dominant-baseline="middle">${zone.label}</text>`}
    </g>`;
  }

  private sketch(letter: number): SVGTemplateResult {
    const points = this.corners.map(([x, y]) => `${x},${-y}`).join(" ");
    return svg`<polygon class="ground-sketch" points=${points}></polygon>
      ${this.corners.map(([x, y]) => svg`<circle class="ground-corner" cx=${x} cy=${-y} r=${letter / 3}></circle>`)}`;
  }

  private zoom(factor: number, at?: EastNorth): void {
    if (this.seen === null) return;
    const [west, south, east, north] = this.seen;
    const [x, y] = at ?? [(west + east) / 2, (south + north) / 2];
    this.seen = [x + (west - x) * factor, y + (south - y) * factor, x + (east - x) * factor, y + (north - y) * factor];
  }

  private readonly turned = (event: WheelEvent): void => {
    // Without Ctrl the wheel moves the page, as everywhere.
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY > 0 ? STEP : 1 / STEP, this.placeOf(event) ?? undefined);
  };

  private readonly pressed = (event: PointerEvent): void => {
    this.hasMoved = false;
    if (this.seen !== null) this.dragged = { x: event.clientX, y: event.clientY, seen: this.seen };
  };

  private readonly moved = (event: PointerEvent): void => {
    const { dragged, drawing } = this;
    if (dragged === null || drawing === null || event.buttons === 0) return;
    const scale = drawing.getScreenCTM()?.a ?? 1;
    const [dx, dy] = [event.clientX - dragged.x, event.clientY - dragged.y];
    if (!this.hasMoved && Math.hypot(dx, dy) < 4) return;
    this.hasMoved = true;
    const [west, south, east, north] = dragged.seen;
    this.seen = [west - dx / scale, south + dy / scale, east - dx / scale, north + dy / scale];
  };

  private readonly released = (event: PointerEvent): void => {
    this.dragged = null;
    if (this.hasMoved) return;
    if (this.picking === "draw") {
      const at = this.placeOf(event);
      if (at !== null) this.tell("corner-set", at);
      return;
    }
    const uid = event.target instanceof Element ? event.target.closest<SVGGElement>(".ground-zone")?.dataset["uid"] : undefined;
    if (uid !== undefined) this.tell("zone-picked", uid);
  };

  /** Where the pointer is on the ground, to the centimetre. */
  private placeOf(event: MouseEvent): EastNorth | null {
    const matrix = this.drawing?.getScreenCTM()?.inverse();
    if (matrix === undefined) return null;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return [Math.round(x * 100) / 100, Math.round(-y * 100) / 100];
  }

  private tell(name: string, detail: string | EastNorth): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Leave some room around, so that the edge is seen. */
function widened(box: Box | null): Box | null {
  if (box === null) return null;
  const [west, south, east, north] = box;
  const room = Math.max(east - west, north - south) * 0.03;
  return [west - room, south - room, east + room, north + room];
}

/** The path of a surface, with north up. */
function path(surface: Surface): string {
  return surface.coordinates
    .flat()
    .map((ring) => `M${ring.map(([x, y]) => `${x} ${-y}`).join("L")}Z`)
    .join("");
}

/** What a list entry of a zone says. */
export function nameOfZone(zone: ZoneInForce): string {
  return zone.label === "" ? interpolate(gettext("without a symbol (%(uid)s)"), { uid: zone.uid.slice(0, 8) }) : zone.label;
}
