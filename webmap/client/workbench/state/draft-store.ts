/** The draft as the planner sees it: what the server has, and over it what is still on its way. */
import type { Content, Surface, Zone } from "../../api/draft-types";
import { area_m2, boxOfSurface } from "../geometry/surfaces";
import type { QueuedEdit } from "./outbox";

/** A zone whose boundary was loaded. */
export type DrawnZone = Zone & { readonly boundary: Surface };

const NO_CONTENT: Content = {
  label: "", function: "", land_use_code: "", density: "", storeys: "", floor_area_ratio: "", population: null, note: "",
};

function isDrawn(zone: Zone): zone is DrawnZone {
  return zone.boundary !== null;
}

/** Which zones look otherwise than before. */
export interface Shift {
  readonly changed: readonly Zone[];
  readonly removed: readonly string[];
}

/**
 * The zones of the draft.
 *
 * Owns what was loaded and the zones as they are shown. Public: `take`, `overlay`, `shown`, `all`,
 * `drawn`, `savedVersion`, `lastKeyOf`.
 */
export class DraftStore {
  private readonly saved = new Map<string, Zone>();
  private queue: readonly QueuedEdit[] = [];
  private readonly over = new Map<string, Zone | null>();

  /** Take in what the server says; a zone that came without its boundary keeps the one of its version. */
  take(zones: readonly Zone[], removed: readonly string[] = []): Shift {
    for (const uid of removed) this.saved.delete(uid);
    for (const zone of zones) {
      const there = this.saved.get(zone.uid);
      if (there !== undefined && there.version > zone.version) continue;
      const boundary = zone.boundary ?? (there?.version === zone.version ? there.boundary : null);
      this.saved.set(zone.uid, { ...zone, boundary });
    }
    this.rebuild();
    return this.shift([...zones.map(({ uid }) => uid), ...removed]);
  }

  /** Show these edits over what is saved. */
  overlay(queue: readonly QueuedEdit[]): Shift {
    const touched = new Set([...this.queue, ...queue].flatMap(({ changes }) => changes.map(({ uid }) => uid)));
    this.queue = queue;
    this.rebuild();
    return this.shift([...touched]);
  }

  /** The zone as the planner sees it; undefined where there is none (any more). */
  shown(uid: string): Zone | undefined {
    const over = this.over.get(uid);
    return over === undefined ? this.saved.get(uid) : (over ?? undefined);
  }

  /** All zones as the planner sees them, with or without boundary. */
  all(): Zone[] {
    const found: Zone[] = [];
    for (const uid of new Set([...this.saved.keys(), ...this.over.keys()])) {
      const zone = this.shown(uid);
      if (zone !== undefined) found.push(zone);
    }
    return found;
  }

  /** The boundary of a zone, if it was loaded. */
  drawn(uid: string): DrawnZone | undefined {
    const zone = this.shown(uid);
    return zone !== undefined && isDrawn(zone) ? zone : undefined;
  }

  /** The version that the server last told, null for a zone that it does not know yet. */
  savedVersion(uid: string): number | null {
    return this.saved.get(uid)?.version ?? null;
  }

  /** The last edit on its way that changes a zone. */
  lastKeyOf(uid: string): string | null {
    return this.queue.findLast(({ changes }) => changes.some((change) => change.uid === uid))?.key ?? null;
  }

  private shift(uids: readonly string[]): Shift {
    const changed: Zone[] = [];
    const removed: string[] = [];
    for (const uid of new Set(uids)) {
      const zone = this.shown(uid);
      if (zone === undefined) removed.push(uid);
      else changed.push(zone);
    }
    return { changed, removed };
  }

  private rebuild(): void {
    this.over.clear();
    for (const { changes } of this.queue) {
      for (const { uid, based_on, boundary, content, is_removed } of changes) {
        if (is_removed === true) {
          this.over.set(uid, null);
          continue;
        }
        const before = this.shown(uid);
        const surface = boundary ?? before?.boundary ?? null;
        if (before === undefined && surface === null) continue;
        this.over.set(uid, {
          ...(before ?? { ...NO_CONTENT, uid, version: based_on ?? 0, area_m2: 0, box: [0, 0, 0, 0] }),
          ...content,
          uid,
          boundary: surface,
          ...(boundary === undefined ? {} : { area_m2: area_m2(boundary), box: boxOfSurface(boundary) }),
        });
      }
    }
  }
}
