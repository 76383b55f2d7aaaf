/** What the pointer may be drawn to: vertices, crossings and edges of everything in view. */
import type { EastNorth, Surface } from "../../api/draft-types";
import type { SnapTarget } from "../sketch";
import { crossing, distance, isSame, keyOf, nearestOn } from "./points";
import { segmentsOf } from "./surfaces";

/** An edge and what it belongs to. */
export interface Edge {
  readonly a: EastNorth;
  readonly b: EastNorth;
  readonly owner: string;
}

/** Side of a cell of the index in metres: about the front of a few plots. */
const CELL_M = 40;
/** Longer edges than this many cells (a plan's outer line) are kept in a list of their own. */
const LONG_CELLS = 400;

/**
 * Edges by place, each under the name of its owner.
 *
 * Public: `put`, `drop`, `nearest`, `edgesNear`, `edgesAt`, `name`.
 */
export class SnapIndex {
  private readonly cells = new Map<string, Set<Edge>>();
  private readonly long = new Set<Edge>();
  private readonly byVertex = new Map<string, Set<Edge>>();
  private readonly owned = new Map<string, readonly Edge[]>();
  private readonly names = new Map<string, string>();

  /** Know the edges of a surface under `owner`, in place of what it had; `name` is what people read. */
  put(owner: string, name: string, surface: Surface): void {
    this.drop(owner);
    const edges = segmentsOf(surface).map(([a, b]) => ({ a, b, owner }));
    this.owned.set(owner, edges);
    this.names.set(owner, name);
    for (const edge of edges) {
      this.each(edge, (set) => set.add(edge));
    }
  }

  drop(owner: string): void {
    for (const edge of this.owned.get(owner) ?? []) this.each(edge, (set) => set.delete(edge));
    this.owned.delete(owner);
    this.names.delete(owner);
  }

  /** The owners whose names begin with `prefix`. */
  ownersOf(prefix: string): string[] {
    return [...this.owned.keys()].filter((owner) => owner.startsWith(prefix));
  }

  name(owner: string): string {
    return this.names.get(owner) ?? "";
  }

  /**
   * What lies within `reach_m` of a point: a vertex before a crossing before an edge, each the nearest.
   *
   * The coordinate is the target's own. `counts` says which edges do: not those that move along.
   */
  nearest(point: EastNorth, reach_m: number, counts: (edge: Edge) => boolean = () => true): SnapTarget | null {
    const edges = this.edgesNear(point, reach_m).filter(counts);
    return this.vertexOf(edges, point, reach_m) ?? this.crossingOf(edges, point, reach_m) ?? this.edgeOf(edges, point);
  }

  /** The edges that pass within `reach_m` of a point. */
  edgesNear(point: EastNorth, reach_m: number): Edge[] {
    const found = new Set<Edge>();
    const [first, last] = [cellOf([point[0] - reach_m, point[1] - reach_m]), cellOf([point[0] + reach_m, point[1] + reach_m])];
    for (let i = first[0]; i <= last[0]; i++) {
      for (let k = first[1]; k <= last[1]; k++) {
        for (const edge of this.cells.get(`${i} ${k}`) ?? []) found.add(edge);
      }
    }
    return [...found, ...this.long].filter(({ a, b }) => distance(point, nearestOn(point, a, b)) <= reach_m);
  }

  /** The edges that begin or end at this very vertex. */
  edgesAt(vertex: EastNorth): readonly Edge[] {
    return [...(this.byVertex.get(keyOf(vertex)) ?? [])];
  }

  private vertexOf(edges: readonly Edge[], point: EastNorth, reach_m: number): SnapTarget | null {
    let at: EastNorth | null = null;
    let least = reach_m;
    for (const { a, b } of edges) {
      for (const end of [a, b]) {
        const away = distance(point, end);
        if (away <= least) [at, least] = [end, away];
      }
    }
    if (at === null) return null;
    const vertex = at;
    return this.target("vertex", vertex, edges.filter(({ a, b }) => isSame(a, vertex) || isSame(b, vertex)));
  }

  private crossingOf(edges: readonly Edge[], point: EastNorth, reach_m: number): SnapTarget | null {
    let best: SnapTarget | null = null;
    let least = reach_m;
    edges.forEach((one, i) => {
      for (const other of edges.slice(i + 1)) {
        const at = crossing(one.a, one.b, other.a, other.b);
        if (at === null || distance(point, at) > least) continue;
        [best, least] = [this.target("intersection", at, [one, other]), distance(point, at)];
      }
    });
    return best;
  }

  private edgeOf(edges: readonly Edge[], point: EastNorth): SnapTarget | null {
    let best: { at: EastNorth; away: number; edge: Edge } | null = null;
    for (const edge of edges) {
      const at = nearestOn(point, edge.a, edge.b);
      const away = distance(point, at);
      if (best === null || away < best.away) best = { at, away, edge };
    }
    if (best === null) return null;
    const { at } = best;
    return this.target("edge", at, edges.filter(({ a, b }) => distance(at, nearestOn(at, a, b)) < 1e-6));
  }

  private target(kind: SnapTarget["kind"], at: EastNorth, edges: readonly Edge[]): SnapTarget {
    return { kind, at, names: [...new Set(edges.map(({ owner }) => this.name(owner)))] };
  }

  private each(edge: Edge, act: (set: Set<Edge>) => void): void {
    for (const end of [edge.a, edge.b]) act(setAt(this.byVertex, keyOf(end)));
    const cells = cellsOf(edge);
    if (cells === null) act(this.long);
    else for (const cell of cells) act(setAt(this.cells, cell));
  }
}

function setAt(sets: Map<string, Set<Edge>>, key: string): Set<Edge> {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, (set = new Set()));
  return set;
}

function cellOf([east, north]: EastNorth): readonly [number, number] {
  return [Math.floor(east / CELL_M), Math.floor(north / CELL_M)];
}

function cellsOf({ a, b }: Edge): string[] | null {
  const [[i1, k1], [i2, k2]] = [cellOf(a), cellOf(b)];
  if ((Math.abs(i2 - i1) + 1) * (Math.abs(k2 - k1) + 1) > LONG_CELLS) return null;
  const found: string[] = [];
  for (let i = Math.min(i1, i2); i <= Math.max(i1, i2); i++) {
    for (let k = Math.min(k1, k2); k <= Math.max(k1, k2); k++) found.push(`${i} ${k}`);
  }
  return found;
}
