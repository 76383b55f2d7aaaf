/** From a finished gesture to the edit that is sent. */
import type { Change, EditRequest, Surface } from "../../api/draft-types";
import { type Box, boxOfSurface } from "../geometry/surfaces";
import { weave } from "../geometry/topology";
import type { Gesture } from "../tools/tool";
import type { DraftStore, DrawnZone } from "./draft-store";
import type { QueuedChange } from "./outbox";

/** Zones beside a gesture may take vertices from it. */
const MARGIN_M = 1;

export interface Prepared {
  readonly changes: readonly QueuedChange[];
  /** Names of the new zones. */
  readonly made: readonly string[];
}

/** Make a gesture topological: neighbours take its vertices, and it takes theirs. */
export function prepare(
  gesture: Gesture,
  store: DraftStore,
  zonesIn: (box: Box) => readonly DrawnZone[],
  newUid: () => string,
): Prepared {
  const changed = new Map<string, Surface>(gesture.redrawn ?? []);
  const made = new Map((gesture.made ?? []).map((one) => [newUid(), one]));
  for (const [uid, { boundary }] of made) changed.set(uid, boundary);
  const removed = new Set(gesture.removed ?? []);
  const around = new Map<string, Surface>();
  for (const surface of changed.values()) {
    const [west, south, east, north] = boxOfSurface(surface);
    for (const zone of zonesIn([west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M])) {
      if (!removed.has(zone.uid)) around.set(zone.uid, zone.boundary);
    }
  }
  for (const uid of gesture.redrawn?.keys() ?? []) {
    const before = store.drawn(uid);
    if (before !== undefined) around.set(uid, before.boundary);
  }
  const woven = changed.size === 0 ? new Map<string, Surface>() : weave(changed, around);
  const contents = gesture.contents ?? new Map<string, never>();
  const changes: QueuedChange[] = [];
  for (const uid of new Set([...woven.keys(), ...contents.keys()])) {
    const boundary = woven.get(uid);
    const content = made.get(uid)?.content ?? contents.get(uid);
    changes.push({
      ...basis(uid, store),
      ...(boundary === undefined ? {} : { boundary }),
      ...(content === undefined ? {} : { content }),
    });
  }
  for (const uid of removed) changes.push({ ...basis(uid, store), is_removed: true });
  return { changes, made: [...made.keys()] };
}

function basis(uid: string, store: DraftStore): Pick<QueuedChange, "uid" | "based_on" | "after"> {
  return { uid, based_on: store.savedVersion(uid), after: store.lastKeyOf(uid) };
}

/** The edit as the check takes it: on what is saved. */
export function asked(gesture: Gesture, changes: readonly QueuedChange[]): EditRequest {
  const plain: Change[] = changes.map(({ after: _, ...change }) => change);
  return { action: gesture.action, why: "", accept: null, changes: plain };
}
