/** Tools that begin with a drawn line or ring: draw, hole, reshape, split, offset. */
import type { EastNorth, Surface } from "../../api/draft-types";
import { area_m2, boxOf, boxOfSurface, enclosed } from "../geometry/surfaces";
import { CannotDo } from "../geometry/trouble";
import { isSame } from "../geometry/points";
import { squared } from "../geometry/squares";
import { traced } from "../geometry/trace";
import type { Named } from "../geometry/topology";
import type { Pointed, Sketch } from "../sketch";
import type { DrawnZone } from "../state/draft-store";
import { gettext } from "../../text/gettext";
import { BaseTool, type Desk, type Gesture, type ToolName } from "./tool";

type Operations = typeof import("../geometry/operations");

function surfacesOf(zones: readonly DrawnZone[]): Named {
  return new Map(zones.map(({ uid, boundary }) => [uid, boundary]));
}

/** Draws corner after corner; what is made of them says the tool. */
abstract class SketchTool extends BaseTool {
  private corners: readonly EastNorth[] = [];
  private hover: readonly EastNorth[] = [];
  private is_working = false;

  protected abstract readonly least: number;
  /** Make the edit of the corners; throws CannotDo. */
  protected abstract make(points: readonly EastNorth[], run: Operations): Promise<Gesture | null> | Gesture | null;
  protected abstract get begin(): string;

  override get points(): readonly EastNorth[] {
    return this.corners;
  }

  override get prompt(): string {
    if (this.corners.length === 0) return this.begin;
    if (this.corners.length < this.least) return gettext("Click the next corner · Backspace takes the last one back · Esc drops the sketch");
    return this.encloses
      ? gettext("Click the next corner · click the first one, double-click or Enter to finish")
      : gettext("Click the next corner · double-click or Enter to finish");
  }

  override get sketch(): Sketch {
    const [first] = this.corners;
    const whole = [...this.corners, ...this.hover];
    const surfaces = this.encloses && whole.length > 2 ? [{ surface: enclosed(whole), look: "new" as const }] : [];
    const last = this.corners.at(-1);
    return {
      surfaces,
      lines: [
        ...(this.corners.length > 1 ? [{ points: this.corners, look: "drawn" as const }] : []),
        ...(last && this.hover.length > 0 ? [{ points: [last, ...this.hover], look: "rubber" as const }] : []),
      ],
      points: this.corners.map((at) => ({ at, look: at === first ? ("common" as const) : ("vertex" as const) })),
    };
  }

  override click(p: Pointed): void {
    if (this.is_working) return;
    const [first] = this.corners;
    const next = this.nextFrom(p);
    const at = next.at(-1);
    const last = this.corners.at(-1);
    if (at === undefined || (last !== undefined && isSame(at, last))) return;
    if (this.encloses && first !== undefined && this.corners.length >= this.least && isSame(at, first)) {
      this.corners = [...this.corners, ...next.slice(0, -1)];
      this.finish();
      return;
    }
    this.become([...this.corners, ...next]);
  }

  override move(p: Pointed): void {
    if (this.corners.length === 0 || this.is_working) return;
    this.hover = this.nextFrom(p);
    this.desk.sketched(this.tentative());
  }

  override put(at: EastNorth): boolean {
    this.become([...this.corners, at]);
    return true;
  }

  override resume(points: readonly EastNorth[]): void {
    this.become(points);
  }

  override back(): boolean {
    if (this.corners.length === 0) return false;
    this.become(this.corners.slice(0, -1));
    return true;
  }

  override drop(): boolean {
    const was = this.corners.length > 0;
    this.become([]);
    return was;
  }

  override finish(): boolean {
    if (this.corners.length < this.least || this.is_working) return false;
    void this.work();
    return true;
  }

  /** What would be made if the planner finished now, for the check that runs meanwhile. */
  protected tentative(): Gesture | null {
    return null;
  }

  /** The corners with the one under the pointer. */
  protected get all(): readonly EastNorth[] {
    return [...this.corners, ...this.hover];
  }

  private async work(): Promise<void> {
    this.is_working = true;
    try {
      const gesture = await this.make(this.corners, await import("../geometry/operations"));
      if (gesture === null) return;
      this.become([]);
      this.desk.commit(gesture);
    } catch (error) {
      if (!(error instanceof CannotDo)) throw error;
      this.desk.cannot(error.trouble);
    } finally {
      this.is_working = false;
    }
  }

  private become(corners: readonly EastNorth[]): void {
    this.corners = corners;
    this.hover = [];
    this.desk.sketched(corners.length > 0 ? this.tentative() : null);
  }

  /** The corners that a click here adds: one, or a way along edges. */
  private nextFrom(p: Pointed): readonly EastNorth[] {
    const { options, index } = this.desk;
    const [before, last] = [this.corners.at(-2), this.corners.at(-1)];
    const [first] = this.corners;
    // The sketch's own first corner is a target as well: that closes it.
    if (this.encloses && first !== undefined && this.corners.length >= this.least) {
      const reach = p.resolution_m * 10;
      if (Math.hypot(p.raw[0] - first[0], p.raw[1] - first[1]) <= reach) return [first];
    }
    if (last !== undefined && options.traces && p.target !== null) {
      return [...(traced(index, last, p.at) ?? []), p.at];
    }
    const is_square = options.right_angles !== p.shift;
    if (is_square && before !== undefined && last !== undefined && p.target === null) return [squared(before, last, p.at)];
    return [p.at];
  }
}

/** New zones, kept to free ground, taking it from others, or as drawn. */
export function newZones(
  desk: Desk,
  surfaces: readonly { readonly boundary: Surface; readonly content: Partial<DrawnZone> }[],
  run: Operations,
  action: Gesture["action"],
): Gesture {
  const { overlap } = desk.options;
  const redrawn = new Map<string, Surface>();
  const removed: string[] = [];
  const made: { boundary: Surface; content: Partial<DrawnZone> }[] = [];
  for (const { boundary, content } of surfaces) {
    const below = desk.zonesIn(boxOfSurface(boundary));
    if (overlap === "avoid") {
      made.push({ content, boundary: run.clipped(boundary, below.map((zone) => zone.boundary)) });
      continue;
    }
    made.push({ content, boundary });
    if (overlap === "allow") continue;
    for (const zone of below) {
      const before = redrawn.get(zone.uid) ?? zone.boundary;
      const left = run.without(before, boundary);
      if (area_m2(left) <= run.NOTHING_M2) removed.push(zone.uid);
      else if (area_m2(before) - area_m2(left) > run.NOTHING_M2) redrawn.set(zone.uid, left);
    }
  }
  for (const uid of removed) redrawn.delete(uid);
  return { action, made, redrawn, removed, selects: true };
}

export class DrawTool extends SketchTool {
  override readonly name: ToolName = "draw";
  protected readonly least = 3;

  override get encloses(): boolean {
    return true;
  }

  protected get begin(): string {
    return gettext("Click the first corner of the new zone, or type or paste its coordinates");
  }

  protected make(points: readonly EastNorth[], run: Operations): Gesture {
    run.drawn(points, []);
    return newZones(this.desk, [{ boundary: enclosed(points), content: this.desk.newContent() }], run, "draw");
  }

  protected override tentative(): Gesture | null {
    const corners = this.all;
    if (corners.length < 3) return null;
    return { action: "draw", made: [{ boundary: enclosed(corners), content: this.desk.newContent() }] };
  }
}

export class HoleTool extends SketchTool {
  override readonly name: ToolName = "hole";
  protected readonly least = 3;

  override get encloses(): boolean {
    return true;
  }

  protected get begin(): string {
    return gettext("Click the first corner of the hole, inside a zone");
  }

  protected make(points: readonly EastNorth[], run: Operations): Gesture {
    const redrawn = new Map<string, Surface>();
    const [chosen] = this.desk.selected();
    const [inside] = points;
    const zone = chosen ?? (inside && this.desk.zoneAt(inside));
    if (zone === undefined) throw new CannotDo("no_ground");
    redrawn.set(zone.uid, run.holed(zone.boundary, points));
    return { action: "hole", redrawn };
  }
}

export class ReshapeTool extends SketchTool {
  override readonly name: ToolName = "reshape";
  protected readonly least = 2;

  protected get begin(): string {
    return gettext("Select a zone, then draw its new edge: from the old edge, round, and back to it");
  }

  protected make(points: readonly EastNorth[], run: Operations): Gesture {
    const [zone] = this.desk.selected();
    if (zone === undefined) throw new CannotDo("no_selection");
    const around = surfacesOf(this.desk.zonesIn(boxOf([...points, ...zone.boundary.coordinates.flat(2)])));
    const all = new Map([...around, [zone.uid, zone.boundary]]);
    if (this.desk.options.overlap === "allow") {
      return { action: "reshape", redrawn: new Map([[zone.uid, run.reshaped(zone.boundary, points)]]) };
    }
    return { action: "reshape", redrawn: run.reshapedWithNeighbours(zone.uid, all, points) };
  }
}

/** Population of a zone shared among pieces by their area; the sum stays. */
export function sharedPopulation(population: number, areas: readonly number[]): number[] {
  const total = areas.reduce((sum, one) => sum + one, 0);
  const shares = areas.map((one) => Math.floor((population * one) / total));
  const rest = population - shares.reduce((sum, one) => sum + one, 0);
  return shares.map((share, i) => (i === 0 ? share + rest : share));
}

/** The pieces of zones that were cut, as one edit: the largest goes on under the zone's name. */
export async function splitGesture(
  desk: Desk,
  cut: readonly (readonly [DrawnZone, readonly Surface[]])[],
  action: "split" | "cut",
): Promise<Gesture | null> {
  const way = await desk.questions.splitting(cut.flatMap(([, pieces]) => pieces));
  if (way === null) return null;
  const redrawn = new Map<string, Surface>();
  const made: { boundary: Surface; content: Partial<DrawnZone> }[] = [];
  const contents = new Map<string, Partial<DrawnZone>>();
  for (const [zone, [largest, ...others]] of cut) {
    if (largest === undefined) continue;
    redrawn.set(zone.uid, largest);
    const { label, land_use_code, density, storeys, floor_area_ratio, note, population } = zone;
    const shares = population === null ? [] : sharedPopulation(population, [largest, ...others].map(area_m2));
    if (way === "all" && population !== null) contents.set(zone.uid, { population: shares[0] ?? 0 });
    others.forEach((boundary, i) => {
      const all = { label, land_use_code, density, storeys, floor_area_ratio, note, population: shares[i + 1] ?? null };
      made.push({ boundary, content: { function: zone.function, ...(way === "all" ? all : {}) } });
    });
  }
  return { action, redrawn, made, contents };
}

export class SplitTool extends SketchTool {
  override readonly name: ToolName = "split";
  protected readonly least = 2;

  protected get begin(): string {
    return gettext("Draw a line right across the zone; only selected zones are split, or all where none is");
  }

  protected make(points: readonly EastNorth[], run: Operations): Promise<Gesture | null> {
    const chosen = this.desk.selected();
    const zones = chosen.length > 0 ? chosen : this.desk.zonesIn(boxOf(points));
    return splitGesture(this.desk, piecesOf(zones, [points], run), "split");
  }
}

/** The zones that lines cut, with their pieces; throws CannotDo where they cut none. */
export function piecesOf(
  zones: readonly DrawnZone[],
  lines: readonly (readonly EastNorth[])[],
  run: Operations,
): (readonly [DrawnZone, readonly Surface[]])[] {
  const cut: (readonly [DrawnZone, readonly Surface[]])[] = [];
  for (const zone of zones) {
    try {
      cut.push([zone, run.split(zone.boundary, lines)]);
    } catch (error) {
      if (!(error instanceof CannotDo)) throw error;
    }
  }
  if (cut.length === 0) throw new CannotDo("not_across");
  return cut;
}

export class OffsetTool extends SketchTool {
  override readonly name: ToolName = "offset";
  protected readonly least = 2;

  protected get begin(): string {
    return gettext("Draw the axis (tracing follows edges); its distances to the red lines are asked at the end");
  }

  protected async make(points: readonly EastNorth[], run: Operations): Promise<Gesture | null> {
    const wanted = await this.desk.questions.offset();
    if (wanted === null) return null;
    const strip = run.offset(points, wanted.left, wanted.right);
    return newZones(this.desk, [{ boundary: strip, content: this.desk.newContent() }], run, "offset");
  }
}
