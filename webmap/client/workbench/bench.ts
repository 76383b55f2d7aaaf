/** The desk: zones, the tool in hand, and what the pointer means. Knows neither the page nor OpenLayers. */
import type { Content, DraftDescription, EastNorth, GroundFeature, Surface } from "../api/draft-types";
import { SnapIndex } from "./geometry/snap";
import { boxOfSurface, type Box, holds, isInBox, meet } from "./geometry/surfaces";
import type { Trouble } from "./geometry/trouble";
import type { Pointed, Sketch, SnapTarget } from "./sketch";
import type { DraftStore, DrawnZone, Shift } from "./state/draft-store";
import { gettext, interpolate } from "../text/gettext";
import { type Desk, type Gesture, type Options, type Questions, REACH_PX, type Tool, type ToolName } from "./tools/tool";
import { makeTool } from "./tools/all";

/** Farther out than this (metres to the pixel) everything is in reach of the pointer, so nothing is. */
const SNAP_LEAST_M = 3;

/** The pointer as the map tells it. */
export interface BareTouch {
  readonly raw: EastNorth;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
}

export interface BenchEnds {
  readonly questions: Questions;
  resolution_m(): number;
  onSketch(sketch: Sketch, draft: Gesture | null): void;
  onSnap(target: SnapTarget | null): void;
  onSelected(): void;
  onTool(): void;
  onTrouble(trouble: Trouble): void;
  onCommit(gesture: Gesture): void;
  say(text: string): void;
}

/**
 * Where the tools work.
 *
 * Owns the tool in hand, the selection, the options and the index of what one snaps to. Public beside
 * `Desk`: `tool`, `take`, `zonesChanged`, `showGround`, `pointed`, `touch`, `typed`.
 */
export class Bench implements Desk {
  readonly options: Options = { overlap: "avoid", right_angles: false, traces: false, snaps: true };
  readonly index = new SnapIndex();
  readonly questions: Questions;
  tool: Tool;
  private chosen: readonly string[] = [];
  private ground = new Map<string, GroundFeature>();
  private readonly indexed = new Map<string, { readonly boundary: Surface; readonly label: string }>();
  /** Function of the next new zone; null: that of the last selected one. */
  function: string;
  private last: Pointed | null = null;

  constructor(
    readonly store: DraftStore,
    private readonly description: DraftDescription,
    private readonly ends: BenchEnds,
  ) {
    this.questions = ends.questions;
    this.function = description.functions[0]?.code ?? "";
    this.tool = makeTool("select", this);
    this.index.put("extent", gettext("boundary of the plan"), description.extent);
  }

  /** Take a tool in hand; what was begun with the one before is dropped. */
  take(name: ToolName): void {
    this.tool.drop();
    this.tool = makeTool(name, this);
    this.ends.onTool();
    this.sketched(null);
  }

  /** Zones look otherwise: so does what one may snap to. */
  zonesChanged({ changed, removed }: Shift): void {
    for (const uid of removed) {
      this.index.drop(`zone:${uid}`);
      this.indexed.delete(uid);
    }
    for (const { uid, label, boundary } of changed) {
      // Rows of the table name zones that are there already: 20,000 of them.
      const mark = this.indexed.get(uid);
      if (boundary === null || (mark?.boundary === boundary && mark.label === label)) continue;
      this.indexed.set(uid, { boundary, label });
      this.index.put(`zone:${uid}`, interpolate(gettext("zone %(label)s"), { label: label === "" ? "–" : label }), boundary);
    }
    const left = this.chosen.filter((uid) => this.store.shown(uid) !== undefined);
    if (left.length !== this.chosen.length) this.select(left);
    else if ([...changed].some(({ uid }) => this.chosen.includes(uid))) this.ends.onSelected();
    this.ends.onSketch(this.tool.sketch, null);
  }

  /** Snap to these plots, lines and zones of other plans, in place of those before. */
  showGround(features: readonly GroundFeature[]): void {
    const names = { parcel: gettext("plot %(label)s"), line: gettext("line %(label)s"), zone: gettext("zone in force %(label)s") };
    const now = new Map(features.map((one) => [`${one.kind}:${one.id}`, one]));
    for (const key of this.ground.keys()) if (!now.has(key)) this.index.drop(`ground:${key}`);
    for (const [key, { kind, label, boundary }] of now) {
      if (!this.ground.has(key)) this.index.put(`ground:${key}`, interpolate(names[kind], { label }), boundary);
    }
    this.ground = now;
  }

  get groundFeatures(): readonly GroundFeature[] {
    return [...this.ground.values()];
  }

  /** Where the pointer stands after snapping. */
  pointed({ raw, shift, ctrl, alt }: BareTouch): Pointed {
    const resolution_m = this.ends.resolution_m();
    const snaps = this.options.snaps && !alt && resolution_m <= SNAP_LEAST_M;
    const target = snaps ? this.index.nearest(raw, REACH_PX * resolution_m, (edge) => this.tool.counts(edge)) : null;
    return { raw, at: target?.at ?? raw, target, resolution_m, shift, ctrl };
  }

  /** Hand the pointer's doing to the tool. */
  touch(what: "down" | "drag" | "up" | "click" | "move", touch: BareTouch): boolean {
    const p = this.pointed(touch);
    this.last = p;
    const draws = this.tool.name !== "select" && this.tool.name !== "merge";
    this.ends.onSnap(draws ? p.target : null);
    if (!this.description.may_edit && what !== "click") return false;
    if (what === "down") return this.tool.down(p);
    this.tool[what](p);
    return true;
  }

  /** The place where the pointer was last, snapped. */
  get pointer(): Pointed | null {
    return this.last;
  }

  zone(uid: string): DrawnZone | undefined {
    return this.store.drawn(uid);
  }

  zoneAt(point: EastNorth): DrawnZone | undefined {
    // A zone that lies on another (a fault) is the smaller one, or nobody could take hold of it.
    return this.zonesIn([...point, ...point]).filter(({ boundary }) => holds(boundary, point))
      .sort((one, other) => one.area_m2 - other.area_m2)[0];
  }

  zonesIn(box: Box): readonly DrawnZone[] {
    const found: DrawnZone[] = [];
    for (const zone of this.store.all()) {
      if (zone.boundary === null || !meet(zone.box, box)) continue;
      const drawn = this.store.drawn(zone.uid);
      if (drawn !== undefined) found.push(drawn);
    }
    return found;
  }

  groundAt(point: EastNorth): GroundFeature | undefined {
    return [...this.ground.values()]
      .filter(({ boundary }) => isInBox(point, boxOfSurface(boundary)) && holds(boundary, point))
      .sort((one, other) => sizeOf(one.boundary) - sizeOf(other.boundary))[0];
  }

  selected(): readonly DrawnZone[] {
    return this.chosen.flatMap((uid) => this.store.drawn(uid) ?? []);
  }

  get selection(): readonly string[] {
    return this.chosen;
  }

  select(uids: readonly string[]): void {
    this.chosen = uids;
    this.ends.onSelected();
    this.ends.onTool();
  }

  newContent(): Partial<Content> {
    return { function: this.function };
  }

  commit(gesture: Gesture): void {
    this.ends.onCommit(gesture);
    this.ends.onTool();
  }

  sketched(draft: Gesture | null = null): void {
    this.ends.onSketch(this.tool.sketch, draft);
    this.ends.onTool();
  }

  cannot(trouble: Trouble): void {
    this.ends.onTrouble(trouble);
  }

  say(text: string): void {
    this.ends.say(text);
  }
}

function sizeOf(surface: Surface): number {
  const [west, south, east, north] = boxOfSurface(surface);
  return (east - west) * (north - south);
}
