/** Tools that work on what is picked: merge, cut by an existing line, buffer, copy. */
import type { EastNorth, GroundFeature, Surface } from "../../api/draft-types";
import { movesBetween, squareUp } from "../geometry/squares";
import { boxOfSurface } from "../geometry/surfaces";
import { moveVertex, type Named } from "../geometry/topology";
import { CannotDo } from "../geometry/trouble";
import type { Pointed, Sketch } from "../sketch";
import type { DrawnZone } from "../state/draft-store";
import { gettext } from "../../text/gettext";
import { newZones, piecesOf, splitGesture } from "./sketching";
import { BaseTool, type Desk, type Gesture, type ToolName } from "./tool";

type Operations = typeof import("../geometry/operations");

/** Do a piece of work with JSTS and save what comes of it. */
async function work(desk: Desk, make: (run: Operations) => Promise<Gesture | null> | Gesture | null): Promise<void> {
  try {
    const gesture = await make(await import("../geometry/operations"));
    if (gesture !== null) desk.commit(gesture);
  } catch (error) {
    if (!(error instanceof CannotDo)) throw error;
    desk.cannot(error.trouble);
  }
}

/** Clicks add zones to the selection or take them out; Enter goes on. */
abstract class ChooseTool extends BaseTool {
  override click(p: Pointed): void {
    const zone = this.desk.zoneAt(p.raw);
    if (zone === undefined) return;
    const now = this.desk.selected().map(({ uid }) => uid);
    this.desk.select(now.includes(zone.uid) ? now.filter((uid) => uid !== zone.uid) : [...now, zone.uid]);
  }
}

export class MergeTool extends ChooseTool {
  override readonly name: ToolName = "merge";

  override get prompt(): string {
    return this.desk.selected().length < 2
      ? gettext("Click the zones that shall become one")
      : gettext("Click further zones, or press Enter to put the selected ones together");
  }

  override finish(): boolean {
    const zones = this.desk.selected();
    if (zones.length < 2) {
      this.desk.cannot("two_needed");
      return true;
    }
    void work(this.desk, (run) => this.merge(zones, run));
    return true;
  }

  private async merge(zones: readonly DrawnZone[], run: Operations): Promise<Gesture | null> {
    const whole = run.merged(zones.map(({ boundary }) => boundary));
    const chosen = await this.desk.questions.merged(zones, whole.coordinates.length);
    if (chosen === null) return null;
    const people = zones.reduce((sum, { population }) => sum + (population ?? 0), 0);
    const contents = new Map(chosen.adds_population ? [[chosen.keeps, { population: people }]] : []);
    this.desk.select([chosen.keeps]);
    return {
      action: "merge",
      redrawn: new Map([[chosen.keeps, whole]]),
      contents,
      removed: zones.map(({ uid }) => uid).filter((uid) => uid !== chosen.keeps),
    };
  }
}

export class CutTool extends BaseTool {
  override readonly name: ToolName = "cut";
  private line: GroundFeature | undefined;

  override get prompt(): string {
    return this.desk.selected().length === 0
      ? gettext("Click the zone that shall be cut")
      : gettext("Click the plot, line or other zone along whose edge to cut");
  }

  override get sketch(): Sketch {
    const lines = this.line?.boundary.coordinates.flat() ?? [];
    return { lines: lines.map((points) => ({ points, look: "cut" as const })) };
  }

  override move(p: Pointed): void {
    const before = this.line;
    this.line = this.desk.selected().length > 0 ? this.desk.groundAt(p.raw) : undefined;
    if (before?.id !== this.line?.id) this.desk.sketched();
  }

  override click(p: Pointed): void {
    const zones = this.desk.selected();
    if (zones.length === 0) {
      const zone = this.desk.zoneAt(p.raw);
      this.desk.select(zone ? [zone.uid] : []);
      this.desk.sketched();
      return;
    }
    const ground = this.desk.groundAt(p.raw);
    if (ground === undefined) {
      this.desk.cannot("no_ground");
      return;
    }
    void work(this.desk, (run) => splitGesture(this.desk, piecesOf(zones, run.edgesOf(ground.boundary), run), "cut"));
  }
}

export class BufferTool extends ChooseTool {
  override readonly name: ToolName = "buffer";

  override get prompt(): string {
    return this.desk.selected().length === 0
      ? gettext("Click the zones around which to draw a buffer")
      : gettext("Press Enter to say how wide the buffer shall be");
  }

  override finish(): boolean {
    const zones = this.desk.selected();
    if (zones.length === 0) {
      this.desk.cannot("no_selection");
      return true;
    }
    void work(this.desk, async (run) => {
      const wanted = await this.desk.questions.buffer();
      if (wanted === null) return null;
      const grown = run.buffered(zones.map(({ boundary }) => boundary), wanted.metres, wanted.corners);
      const [first] = zones;
      if (wanted.replaces && first !== undefined && zones.length === 1) {
        return { action: "buffer", redrawn: new Map([[first.uid, grown]]) };
      }
      return newZones(this.desk, [{ boundary: grown, content: this.desk.newContent() }], run, "buffer");
    });
    return true;
  }
}

export class CopyTool extends BaseTool {
  override readonly name: ToolName = "copy";
  private picked: readonly GroundFeature[] = [];
  private under: GroundFeature | undefined;

  override get prompt(): string {
    return this.picked.length === 0
      ? gettext("Click plots, lines or zones of other plans to copy them (zoom in to see them)")
      : gettext("Click further ones, or press Enter to make zones of them");
  }

  override get sketch(): Sketch {
    const all = this.under === undefined ? this.picked : [...this.picked, this.under];
    return { surfaces: all.map(({ boundary }, i) => ({ surface: boundary, look: i < this.picked.length ? ("picked" as const) : ("ghost" as const) })) };
  }

  override move(p: Pointed): void {
    const before = this.under;
    this.under = this.desk.groundAt(p.raw);
    if (before?.id !== this.under?.id) this.desk.sketched();
  }

  override click(p: Pointed): void {
    const found = this.desk.groundAt(p.raw);
    if (found === undefined) return;
    const is_in = this.picked.some(({ id }) => id === found.id);
    this.picked = is_in ? this.picked.filter(({ id }) => id !== found.id) : [...this.picked, found];
    this.desk.sketched();
  }

  override finish(): boolean {
    if (this.picked.length === 0) return false;
    const copies = this.picked.map(({ boundary, kind, label }) => ({
      boundary,
      content: { ...this.desk.newContent(), ...(kind === "zone" ? { label } : {}) },
    }));
    void work(this.desk, (run) => newZones(this.desk, copies, run, "copy"));
    this.drop();
    return true;
  }

  override back(): boolean {
    if (this.picked.length === 0) return false;
    this.picked = this.picked.slice(0, -1);
    this.desk.sketched();
    return true;
  }

  override drop(): boolean {
    const was = this.picked.length > 0;
    [this.picked, this.under] = [[], undefined];
    this.desk.sketched();
    return was;
  }
}

/** Make right angles of the selected zones; common corners move in the neighbours as well. */
export function squareSelected(desk: Desk): void {
  const redrawn = new Map<string, Surface>();
  for (const zone of desk.selected()) {
    const moves = movesBetween(zone.boundary, squareUp(zone.boundary));
    for (const [from, to] of moves) {
      for (const [uid, surface] of moveVertex(zonesOver(desk, from, redrawn), from, to)) redrawn.set(uid, surface);
    }
  }
  if (redrawn.size > 0) desk.commit({ action: "redraw", redrawn });
}

function zonesOver(desk: Desk, [e, n]: EastNorth, redrawn: Named): Named {
  const there = desk.zonesIn([e, n, e, n]).map(({ uid, boundary }) => [uid, redrawn.get(uid) ?? boundary] as const);
  return new Map(there);
}

/** Take the selected zones out of the draft. */
export function removeSelected(desk: Desk): boolean {
  const removed = desk.selected().map(({ uid }) => uid);
  if (removed.length === 0) return false;
  desk.select([]);
  desk.commit({ action: "remove", removed });
  return true;
}

/** The box around zones, to bring them into view. */
export function boxAround(zones: readonly DrawnZone[]): readonly [number, number, number, number] | null {
  if (zones.length === 0) return null;
  return zones
    .map(({ boundary }) => boxOfSurface(boundary))
    .reduce(([w, s, e, n], [w2, s2, e2, n2]) => [Math.min(w, w2), Math.min(s, s2), Math.max(e, e2), Math.max(n, n2)]);
}
