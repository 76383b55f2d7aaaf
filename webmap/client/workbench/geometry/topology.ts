/** Shared edges stay shared: what happens to one zone's vertices happens to its neighbours' as well. */
import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { distance, distanceTo, footAt, isSame, keyOf } from "./points";
import { type Box, boxOfSurface, isInBox, isSameSurface, mapped, meet, ringsOf, surfaceOf, tidied, verticesOf } from "./surfaces";

/** A zone by name. */
export type Named = ReadonlyMap<string, Surface>;

/**
 * Nearer than this a vertex lies on an edge, or two vertices are one.
 *
 * A tenth of a millimetre: a thousand times finer than any survey (1 cm on cadastral maps,
 * TT 25/2014/TT-BTNMT art. 7), ten thousand times coarser than the rounding of doubles at 2,000 km.
 */
export const SAME_M = 1e-4;

/** Put a vertex into every ring of a surface whose edge passes through it, unless it is there. */
export function withVertex(surface: Surface, vertex: EastNorth): Surface {
  const rings = surface.coordinates.map((polygon) => polygon.map((ring) => ringWith(ring, vertex)));
  const is_changed = rings.some((polygon, i) => polygon.some((ring, k) => ring !== surface.coordinates[i]?.[k]));
  return is_changed ? surfaceOf(rings) : surface;
}

function ringWith(ring: Ring, vertex: EastNorth): Ring {
  if (ring.some((one) => isSame(one, vertex))) return ring;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a === undefined || b === undefined) continue;
    const along = footAt(vertex, a, b);
    if (along > 0 && along < 1 && distanceTo(vertex, a, b) <= SAME_M) {
      return [...ring.slice(0, i), vertex, ...ring.slice(i)];
    }
  }
  return ring;
}

/** Move every vertex that equals `from`, in all the surfaces; return those that changed. */
export function moveVertex(zones: Named, from: EastNorth, to: EastNorth): Map<string, Surface> {
  const changed = new Map<string, Surface>();
  for (const [uid, surface] of zones) {
    if (!verticesOf(surface).some((vertex) => isSame(vertex, from))) continue;
    changed.set(uid, tidied(mapped(surface, (vertex) => (isSame(vertex, from) ? to : vertex))));
  }
  return changed;
}

/** Take a vertex out of every surface that has it; a ring of a triangle goes with it. */
export function removeVertex(zones: Named, gone: EastNorth): Map<string, Surface> {
  const changed = new Map<string, Surface>();
  for (const [uid, surface] of zones) {
    if (!verticesOf(surface).some((vertex) => isSame(vertex, gone))) continue;
    const polygons = surface.coordinates.map((polygon) =>
      polygon.map((ring) => {
        const open = ring.slice(0, -1).filter((vertex) => !isSame(vertex, gone));
        const [first] = open;
        return first === undefined ? [] : [...open, first];
      }),
    );
    changed.set(uid, tidied(surfaceOf(polygons)));
  }
  return changed;
}

/** The zones that have this very vertex. */
export function sharersOf(zones: Named, vertex: EastNorth): string[] {
  return [...zones].filter(([, surface]) => verticesOf(surface).some((one) => isSame(one, vertex))).map(([uid]) => uid);
}

/**
 * Make an edit topological.
 *
 * `changed` holds the new surfaces, `around` the zones beside them as they are. A vertex that came
 * into being beside another (rounding of a computed crossing) takes that one's coordinates; a vertex
 * on a neighbour's edge is put into the neighbour, and the other way round. Returns all surfaces that
 * differ from `around`. Vertices that were there before keep their exact coordinates.
 */
export function weave(changed: Named, around: Named): Map<string, Surface> {
  const reach = joined([...changed.values()].map(boxOfSurface));
  const near = new Map([...around].filter(([uid, surface]) => !changed.has(uid) && meet(boxOfSurface(surface), reach, SAME_M)));
  const known = vertexIndex([...around.values()]);
  const settled = new Map<string, EastNorth>();
  const settle = (vertex: EastNorth): EastNorth => {
    if (known.has(vertex)) return vertex;
    const key = keyOf(vertex);
    const found = settled.get(key) ?? known.near(vertex) ?? vertex;
    settled.set(key, found);
    if (found === vertex) known.add(vertex);
    return found;
  };
  const woven = new Map<string, Surface>();
  for (const [uid, surface] of changed) woven.set(uid, tidied(mapped(surface, settle)));
  // What is new goes into whatever passes through it; what was there goes into what is new.
  const fresh = [...woven.values()].flatMap(verticesOf);
  const all = new Map([...near, ...woven]);
  const there = [...near.values()].flatMap(verticesOf).filter((vertex) => isInBox(vertex, widened(reach)));
  const result = new Map<string, Surface>();
  for (const [uid, surface] of all) {
    const box = widened(boxOfSurface(surface));
    let now = surface;
    for (const vertex of woven.has(uid) ? [...fresh, ...there] : fresh) {
      if (isInBox(vertex, box)) now = withVertex(now, vertex);
    }
    const before = around.get(uid);
    if (before === undefined || !isSameSurface(before, now)) result.set(uid, now);
  }
  return result;
}

function joined(boxes: readonly Box[]): Box {
  return boxes.reduce<Box>(
    ([w, s, e, n], [w2, s2, e2, n2]) => [Math.min(w, w2), Math.min(s, s2), Math.max(e, e2), Math.max(n, n2)],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
}

function widened([w, s, e, n]: Box): Box {
  return [w - SAME_M, s - SAME_M, e + SAME_M, n + SAME_M];
}

interface VertexIndex {
  has(vertex: EastNorth): boolean;
  near(vertex: EastNorth): EastNorth | undefined;
  add(vertex: EastNorth): void;
}

/** Vertices by cells of a centimetre, so that the nearest within SAME_M lies in one of nine. */
function vertexIndex(surfaces: readonly Surface[]): VertexIndex {
  const CELL_M = 0.01;
  const exact = new Set<string>();
  const cells = new Map<string, EastNorth[]>();
  const add = (vertex: EastNorth): void => {
    const key = keyOf(vertex);
    if (exact.has(key)) return;
    exact.add(key);
    const cell = `${Math.floor(vertex[0] / CELL_M)} ${Math.floor(vertex[1] / CELL_M)}`;
    cells.set(cell, [...(cells.get(cell) ?? []), vertex]);
  };
  for (const surface of surfaces) for (const ring of ringsOf(surface)) ring.forEach(add);
  return {
    add,
    has: (vertex) => exact.has(keyOf(vertex)),
    near: (vertex) => {
      const [column, row] = [Math.floor(vertex[0] / CELL_M), Math.floor(vertex[1] / CELL_M)];
      let best: EastNorth | undefined;
      for (let i = -1; i <= 1; i++) {
        for (let k = -1; k <= 1; k++) {
          for (const one of cells.get(`${column + i} ${row + k}`) ?? []) {
            const away = distance(one, vertex);
            if (away <= SAME_M && (best === undefined || away < distance(best, vertex))) best = one;
          }
        }
      }
      return best;
    },
  };
}
