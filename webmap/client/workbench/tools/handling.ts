/** Tools that take hold of zones: select, vertices, move, rotate. */
import type { EastNorth, Surface } from "../../api/draft-types";
import { bearing, distance, isSame, turned } from "../geometry/points";
import type { Edge } from "../geometry/snap";
import { boxOf, boxOfSurface, centreOf, enclosed, holds, mapped, verticesOf } from "../geometry/surfaces";
import { moveVertex, type Named, removeVertex, SAME_M, sharersOf, withVertex } from "../geometry/topology";
import type { Pointed, Sketch } from "../sketch";
import type { DrawnZone } from "../state/draft-store";
import { gettext, interpolate } from "../../text/gettext";
import { BaseTool, type Gesture, REACH_PX, type ToolName } from "./tool";

function box(a: EastNorth, b: EastNorth): Surface {
  return enclosed([a, [b[0], a[1]], b, [a[0], b[1]]]);
}

/** Click, shift-click, and a box with Shift held. */
export class SelectTool extends BaseTool {
  override readonly name: ToolName = "select";
  private from: EastNorth | null = null;
  private to: EastNorth | null = null;

  override get prompt(): string {
    return gettext("Click a zone to select it · Shift-click adds one · Shift-drag selects in a box");
  }

  override get sketch(): Sketch {
    if (this.from === null || this.to === null) return {};
    return { surfaces: [{ surface: box(this.from, this.to), look: "picked" }] };
  }

  override click(p: Pointed): void {
    const zone = this.desk.zoneAt(p.raw);
    const now = this.desk.selected().map(({ uid }) => uid);
    if (!p.shift && !p.ctrl) this.desk.select(zone ? [zone.uid] : []);
    else if (zone) this.desk.select(now.includes(zone.uid) ? now.filter((uid) => uid !== zone.uid) : [...now, zone.uid]);
  }

  override down(p: Pointed): boolean {
    if (!p.shift) return false;
    this.from = p.raw;
    return true;
  }

  override drag(p: Pointed): void {
    this.to = p.raw;
    this.desk.sketched();
  }

  override up(): void {
    const { from, to } = this;
    [this.from, this.to] = [null, null];
    this.desk.sketched();
    if (from === null || to === null) return;
    const area = boxOf([from, to]);
    const inside = this.desk.zonesIn(area).filter(({ boundary }) =>
      verticesOf(boundary).every(([e, n]) => e >= area[0] && e <= area[2] && n >= area[1] && n <= area[3]),
    );
    const now = this.desk.selected().map(({ uid }) => uid);
    this.desk.select([...new Set([...now, ...inside.map(({ uid }) => uid)])]);
  }
}

interface Held {
  readonly from: EastNorth;
  /** The vertex is put into the edge with this gesture. */
  readonly is_new: boolean;
  readonly names: readonly string[];
}

/** Takes vertices, in all zones that have them, and puts new ones into edges. */
export class VertexTool extends BaseTool {
  override readonly name: ToolName = "vertex";
  private near: Held | null = null;
  private held: Held | null = null;
  private to: EastNorth | null = null;
  private is_dragging = false;

  override get prompt(): string {
    if (this.held !== null) return gettext("Click (or let go) where the corner shall be · Esc leaves it where it was");
    if (this.near !== null && this.near.names.length > 1 && !this.near.is_new) {
      return interpolate(gettext("Take this corner of %(count)s zones: it moves in all of them · Delete takes it out"), { count: this.near.names.length });
    }
    return gettext("Click or drag a corner to move it, an edge to put a corner in · Delete takes out the corner under the pointer");
  }

  override get sketch(): Sketch {
    const changed = this.held && this.to ? this.changed(this.held, this.to) : new Map<string, Surface>();
    const near = this.held ?? this.near;
    const selected = this.desk.selected().flatMap(({ boundary }) => verticesOf(boundary));
    return {
      surfaces: [...changed.values()].map((surface) => ({ surface, look: "changed" as const })),
      points: [
        ...selected.map((at) => ({ at, look: "vertex" as const })),
        ...(near ? [{ at: this.held && this.to ? this.to : near.from, look: near.is_new ? ("preview" as const) : ("picked" as const) }] : []),
      ],
    };
  }

  override get points(): readonly EastNorth[] {
    return this.held === null ? [] : [this.held.from];
  }

  override counts({ a, b }: Edge): boolean {
    const { held } = this;
    // Edges that move along would hold the corner at its old place.
    return held === null || !(isSame(a, held.from) || isSame(b, held.from) || (held.is_new && onEdge(held.from, a, b)));
  }

  override down(p: Pointed): boolean {
    if (this.held !== null) {
      this.to = p.at;
      return true;
    }
    const found = this.find(p);
    if (found === null) return false;
    this.held = found;
    this.to = null;
    this.is_dragging = false;
    this.desk.sketched();
    return true;
  }

  override drag(p: Pointed): void {
    this.is_dragging = true;
    this.follow(p);
  }

  override up(p: Pointed): void {
    if (this.held === null) return;
    // A click takes the corner up, and the next one puts it down; a drag does both.
    if (this.is_dragging || this.to !== null) this.place(p.at);
  }

  override move(p: Pointed): void {
    if (this.held !== null) {
      this.follow(p);
      return;
    }
    const before = this.near;
    this.near = this.find(p);
    if (before?.from !== this.near?.from) this.desk.sketched();
  }

  override put(at: EastNorth): boolean {
    if (this.held === null) return false;
    this.place(at);
    return true;
  }

  override drop(): boolean {
    const was = this.held !== null;
    [this.held, this.near, this.to] = [null, null, null];
    this.desk.sketched();
    return was;
  }

  override erase(): boolean {
    const { near } = this;
    if (near === null || near.is_new) return false;
    const redrawn = removeVertex(this.around(near.from), near.from);
    const removed = [...redrawn].filter(([, surface]) => surface.coordinates.length === 0).map(([uid]) => uid);
    for (const uid of removed) redrawn.delete(uid);
    this.near = null;
    this.desk.commit({ action: "vertex", redrawn, removed });
    return true;
  }

  private follow(p: Pointed): void {
    this.to = p.at;
    const { held } = this;
    const redrawn = held && this.changed(held, p.at);
    this.desk.sketched(redrawn && { action: "vertex", redrawn });
  }

  private place(at: EastNorth): void {
    const { held } = this;
    [this.held, this.to, this.near] = [null, null, null];
    if (held === null || isSame(held.from, at)) {
      this.desk.sketched();
      return;
    }
    const redrawn = this.changed(held, at);
    const removed = [...redrawn].filter(([, surface]) => surface.coordinates.length === 0).map(([uid]) => uid);
    for (const uid of removed) redrawn.delete(uid);
    this.desk.sketched(null);
    this.desk.commit({ action: "vertex", redrawn, removed });
  }

  private around(at: EastNorth): Named {
    const [e, n] = at;
    const zones = this.desk.zonesIn([e - SAME_M, n - SAME_M, e + SAME_M, n + SAME_M]);
    return new Map(zones.map(({ uid, boundary }) => [uid, boundary]));
  }

  private changed(held: Held, to: EastNorth): Map<string, Surface> {
    let zones = this.around(held.from);
    if (held.is_new) zones = new Map([...zones].map(([uid, surface]) => [uid, withVertex(surface, held.from)]));
    return moveVertex(zones, held.from, to);
  }

  /** The corner in reach, or else the place on an edge. */
  private find(p: Pointed): Held | null {
    const reach = p.resolution_m * REACH_PX;
    const mine = ({ owner }: Edge): boolean => owner.startsWith("zone:");
    const target = this.desk.index.nearest(p.raw, reach, mine);
    if (target === null) return null;
    const from = target.at;
    if (target.kind === "vertex") {
      // Taken by keyboard or finger the pointer jumps: the nearer corner wins over a far edge.
      return distance(from, p.raw) <= reach ? { from, is_new: false, names: sharersOf(this.around(from), from) } : null;
    }
    return { from, is_new: true, names: target.names };
  }
}

function onEdge(point: EastNorth, a: EastNorth, b: EastNorth): boolean {
  return distance(a, point) + distance(point, b) - distance(a, b) < SAME_M;
}

/** Holds zones at a place and puts them down at another. */
abstract class CarryTool extends BaseTool {
  protected from: EastNorth | null = null;
  protected to: EastNorth | null = null;
  private is_dragging = false;

  protected abstract changedTo(zone: DrawnZone, to: EastNorth, from: EastNorth): Surface;
  protected abstract readonly action: "move" | "rotate";

  override get sketch(): Sketch {
    const zones = this.desk.selected();
    const { from, to } = this;
    if (from === null || to === null) return {};
    return {
      surfaces: zones.flatMap((zone) => [
        { surface: zone.boundary, look: "ghost" as const },
        { surface: this.changedTo(zone, to, from), look: "changed" as const },
      ]),
      lines: [{ points: [from, to], look: "guide" }],
    };
  }

  override get points(): readonly EastNorth[] {
    return this.from === null ? [] : [this.from];
  }

  override counts({ owner }: Edge): boolean {
    return this.from === null || !this.desk.selected().some(({ uid }) => owner === `zone:${uid}`);
  }

  override down(p: Pointed): boolean {
    const inside = this.desk.selected().some(({ boundary }) => holds(boundary, p.raw));
    if (this.from !== null || !inside) return false;
    this.from = p.at;
    this.is_dragging = false;
    return true;
  }

  override drag(p: Pointed): void {
    this.is_dragging = true;
    this.move(p);
  }

  override up(p: Pointed): void {
    if (this.is_dragging && this.from !== null) this.place(p.at);
  }

  override click(p: Pointed): void {
    if (this.from !== null) {
      if (this.to !== null) this.place(p.at);
      return;
    }
    const zone = this.desk.zoneAt(p.raw);
    if (this.desk.selected().length === 0) this.desk.select(zone ? [zone.uid] : []);
    else this.from = p.at;
    this.desk.sketched();
  }

  override move(p: Pointed): void {
    if (this.from === null) return;
    this.to = p.at;
    this.desk.sketched({ action: this.action, redrawn: this.redrawn(this.from, p.at) });
  }

  override put(at: EastNorth): boolean {
    if (this.desk.selected().length === 0) return false;
    if (this.from === null) {
      this.from = at;
      this.desk.sketched();
    } else this.place(at);
    return true;
  }

  override drop(): boolean {
    const was = this.from !== null;
    [this.from, this.to] = [null, null];
    this.desk.sketched(null);
    return was;
  }

  private redrawn(from: EastNorth, to: EastNorth): Map<string, Surface> {
    return new Map(this.desk.selected().map((zone) => [zone.uid, this.changedTo(zone, to, from)]));
  }

  private place(to: EastNorth): void {
    const { from } = this;
    if (from === null || isSame(from, to)) return;
    const gesture: Gesture = { action: this.action, redrawn: this.redrawn(from, to) };
    [this.from, this.to] = [null, null];
    this.desk.sketched(null);
    this.desk.commit(gesture);
  }
}

export class MoveTool extends CarryTool {
  override readonly name: ToolName = "move";
  protected readonly action = "move";

  override get prompt(): string {
    if (this.desk.selected().length === 0) return gettext("Click the zone that shall move");
    if (this.from === null) return gettext("Click (or drag from) the point at which to hold the selected zones");
    return gettext("Click where that point shall be, or type its coordinates · Esc puts the zones back");
  }

  protected changedTo(zone: DrawnZone, to: EastNorth, from: EastNorth): Surface {
    const [de, dn] = [to[0] - from[0], to[1] - from[1]];
    // The point that was held comes to lie on its target to the last bit.
    return mapped(zone.boundary, (one) => (isSame(one, from) ? to : [one[0] + de, one[1] + dn]));
  }
}

export class RotateTool extends CarryTool {
  override readonly name: ToolName = "rotate";
  protected readonly action = "rotate";
  private pivot: EastNorth | null = null;

  override get prompt(): string {
    if (this.desk.selected().length === 0) return gettext("Click the zone that shall turn");
    if (this.from === null) return gettext("Click a point to turn by (Enter asks for the angle) · Shift-click sets the centre of the turn");
    return gettext("Click where that point shall turn to · Esc leaves the zones");
  }

  override get sketch(): Sketch {
    const centre = this.centre;
    const marks = centre ? [{ at: centre, look: "centre" as const }] : [];
    return { ...super.sketch, points: marks };
  }

  override down(p: Pointed): boolean {
    return !p.shift && super.down(p);
  }

  override click(p: Pointed): void {
    if (p.shift && this.desk.selected().length > 0) {
      this.pivot = p.at;
      this.desk.sketched();
    } else super.click(p);
  }

  override drop(): boolean {
    this.pivot = null;
    return super.drop();
  }

  override finish(): boolean {
    if (this.desk.selected().length === 0) return false;
    void this.askAngle();
    return true;
  }

  protected changedTo(zone: DrawnZone, to: EastNorth, from: EastNorth): Surface {
    const centre = this.centre ?? from;
    return this.turnedBy(zone, bearing(centre, to) - bearing(centre, from));
  }

  private async askAngle(): Promise<void> {
    const degrees = await this.desk.questions.angle();
    if (degrees === null) return;
    const redrawn = new Map(this.desk.selected().map((zone) => [zone.uid, this.turnedBy(zone, degrees)]));
    this.drop();
    this.desk.commit({ action: "rotate", redrawn });
  }

  private turnedBy(zone: DrawnZone, degrees: number): Surface {
    const centre = this.centre ?? centreOf(zone.boundary);
    return mapped(zone.boundary, (one) => turned(one, centre, degrees));
  }

  private get centre(): EastNorth | null {
    const zones = this.desk.selected();
    const [first] = zones;
    if (this.pivot !== null || first === undefined) return this.pivot;
    if (zones.length === 1) return centreOf(first.boundary);
    const [w, s, e, n] = boxOf(zones.flatMap(({ boundary }) => {
      const [west, south, east, north] = boxOfSurface(boundary);
      return [[west, south], [east, north]] as const;
    }));
    return [(w + e) / 2, (s + n) / 2];
  }
}
