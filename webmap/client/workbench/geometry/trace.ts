/** Following edges that are there: the shortest way along them between two points. */
import type { EastNorth } from "../../api/draft-types";
import { distance, isSame, keyOf } from "./points";
import type { SnapIndex } from "./snap";
import { SAME_M } from "./topology";

/** So many vertices are looked at, about a city block on every side; beyond, the way is a straight line. */
const MOST_VERTICES = 4000;

/**
 * Return the vertices between `from` and `to` on the shortest way along edges, without the two ends.
 *
 * Null where there is no way, or one of the two lies on no edge.
 */
export function traced(index: SnapIndex, from: EastNorth, to: EastNorth): EastNorth[] | null {
  if (isSame(from, to)) return null;
  const ends = new Map<string, EastNorth>();
  const goals = stepsFrom(index, to);
  if (goals.length === 0) return null;
  for (const goal of goals) ends.set(keyOf(goal), goal);
  const onOneEdge = index.edgesNear(from, SAME_M).some((edge) => index.edgesNear(to, SAME_M).includes(edge));
  const cost = new Map<string, number>();
  const before = new Map<string, EastNorth | null>();
  const open = new Queue();
  for (const start of stepsFrom(index, from)) {
    reach(start, distance(from, start), null);
  }
  let best = onOneEdge ? distance(from, to) : Infinity;
  let last: EastNorth | null = null;
  for (let looked = 0; looked < MOST_VERTICES; looked++) {
    const next = open.take();
    if (next === null || next.cost >= best) break;
    if (next.cost > (cost.get(keyOf(next.at)) ?? Infinity)) continue;
    if (ends.has(keyOf(next.at))) {
      const whole = next.cost + distance(next.at, to);
      if (whole < best) [best, last] = [whole, next.at];
    }
    for (const { a, b } of index.edgesAt(next.at)) {
      const other = isSame(a, next.at) ? b : a;
      reach(other, next.cost + distance(a, b), next.at);
    }
  }
  if (best === Infinity) return null;
  const way: EastNorth[] = [];
  for (let at = last; at !== null; at = before.get(keyOf(at)) ?? null) way.unshift(at);
  return way.filter((vertex) => !isSame(vertex, from) && !isSame(vertex, to));

  function reach(at: EastNorth, so_far: number, by: EastNorth | null): void {
    const key = keyOf(at);
    if (so_far >= (cost.get(key) ?? Infinity)) return;
    cost.set(key, so_far);
    before.set(key, by);
    open.put({ at, cost: so_far });
  }
}

/** The vertices to which one can go from a point: itself, or the ends of the edge on which it lies. */
function stepsFrom(index: SnapIndex, point: EastNorth): EastNorth[] {
  if (index.edgesAt(point).length > 0) return [point];
  return index.edgesNear(point, SAME_M).flatMap(({ a, b }) => [a, b]);
}

interface Waiting {
  readonly at: EastNorth;
  readonly cost: number;
}

/** A binary heap: the cheapest first. */
class Queue {
  private readonly heap: Waiting[] = [];

  put(waiting: Waiting): void {
    const { heap } = this;
    let i = heap.push(waiting) - 1;
    while (i > 0) {
      const above = (i - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.cost <= waiting.cost) break;
      heap[i] = parent;
      heap[above] = waiting;
      i = above;
    }
  }

  take(): Waiting | null {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(waiting: Waiting): void {
    const { heap } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && right.cost < below.cost) [child, below] = [child + 1, right];
      if (below.cost >= waiting.cost) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = waiting;
  }
}
