/** What happens to an edit that the server refused: merged, kept, repaired, accepted or taken back. */
import type { DraftServer } from "../api/drafts";
import type { Fault, Surface, ZoneConflict } from "../api/draft-types";
import { NoConnection, ServerProblem } from "../api/http";
import { sentenceFor } from "../elements/trouble";
import { gettext } from "../text/gettext";
import { askConflict, askFaults, askRefused, type ConflictWay } from "./elements/deciding";
import { area_m2 } from "./geometry/surfaces";
import { CannotDo } from "./geometry/trouble";
import { weave } from "./geometry/topology";
import type { QueuedChange, QueuedEdit } from "./state/outbox";
import type { Sync } from "./state/sync";

function listIn<T>(problem: ServerProblem, name: string): readonly T[] {
  const found = problem.values[name];
  return Array.isArray(found) ? (found as readonly T[]) : [];
}

export function faultsIn(problem: ServerProblem): readonly Fault[] {
  return listIn<Fault>(problem, "faults");
}

/**
 * Asks the planner about refused edits and does what is answered.
 *
 * Owns which edit is being asked about. Public: `decide`.
 */
export class Settling {
  private is_asking = false;

  constructor(
    private readonly sync: Sync,
    private readonly server: DraftServer,
    private readonly ends: { language: string; newKey(): string; newUid(): string; say(text: string): void; warn(text: string): void; onFaults(faults: readonly Fault[]): void; onVariants(): void },
  ) {}

  /** Ask about the edit that holds the queue up, if there is one. */
  async decide(): Promise<void> {
    const { progress } = this.sync.outbox;
    if (progress.kind !== "refused" || this.is_asking) return;
    this.is_asking = true;
    try {
      const { edit, problem } = progress;
      if (problem.code === "zones_changed") await this.conflict(edit, listIn<ZoneConflict>(problem, "zones"));
      else if (problem.code === "edit_opens_faults") await this.faults(edit, faultsIn(problem));
      else await this.refused(problem);
    } finally {
      this.is_asking = false;
    }
  }

  private async refused(problem: ServerProblem): Promise<void> {
    const decided = await askRefused(sentenceFor(problem));
    if (decided === "again") this.sync.outbox.retry();
    else if (decided === "withdraw") this.withdraw();
  }

  private withdraw(): void {
    this.sync.outbox.withdrawRefused();
    this.ends.say(gettext("The edit was taken back."));
  }

  private async conflict(edit: QueuedEdit, conflicts: readonly ZoneConflict[]): Promise<void> {
    const way = await askConflict(edit, conflicts, this.ends.language);
    if (way === null) return;
    if (way === "theirs" || way === "both") {
      if (way === "both" && !(await this.keepVariants(edit, conflicts))) return;
      this.withdraw();
      if (way === "both") this.ends.onVariants();
      return;
    }
    const byUid = new Map(conflicts.map((one) => [one.uid, one]));
    const changes = edit.changes.map((change) => {
      const conflict = byUid.get(change.uid);
      return conflict === undefined ? change : this.settled(change, conflict, way);
    });
    this.sync.outbox.replaceRefused({ ...edit, action: "resolve", changes }, this.ends.newKey());
  }

  private settled(change: QueuedChange, { now, base, merged }: ZoneConflict, way: ConflictWay): QueuedChange {
    if (now === null) {
      // The zone is gone: mine goes on under a name of its own.
      const { version: _, boundary, ...content } = base ?? { version: 0, boundary: undefined };
      const drawn = change.boundary ?? boundary;
      return { uid: this.ends.newUid(), based_on: null, after: null, ...(drawn ? { boundary: drawn } : {}), content: { ...content, ...change.content } };
    }
    if (way !== "merged" || merged === null) return { ...change, based_on: now.version, after: null };
    const { version: _, boundary, ...content } = merged;
    return { uid: change.uid, based_on: now.version, after: null, boundary, content };
  }

  /** Keep what was drawn beside the zones. Where that fails the edit stays as it is, undecided. */
  private async keepVariants(edit: QueuedEdit, conflicts: readonly ZoneConflict[]): Promise<boolean> {
    try {
      await this.sendVariants(edit, conflicts);
      return true;
    } catch (error) {
      if (!(error instanceof NoConnection) && !(error instanceof ServerProblem)) throw error;
      this.ends.warn(sentenceFor(error));
      return false;
    }
  }

  private async sendVariants(edit: QueuedEdit, conflicts: readonly ZoneConflict[]): Promise<void> {
    for (const { uid } of conflicts) {
      const change = edit.changes.find((one) => one.uid === uid);
      const boundary = change?.boundary ?? conflicts.find((one) => one.uid === uid)?.base?.boundary;
      if (change === undefined || boundary === undefined) continue;
      const why = gettext("Drawn while somebody else changed the zone");
      await this.server.keepVariant({ uid, why, boundary, ...(change.content ? { content: change.content } : {}) });
    }
  }

  private async faults(edit: QueuedEdit, faults: readonly Fault[]): Promise<void> {
    this.ends.onFaults(faults);
    const decided = await askFaults(faults, this.ends.language, { repair: edit.changes.some(({ boundary }) => boundary !== undefined) });
    this.ends.onFaults([]);
    if (decided === null) return;
    if (decided.kind === "withdraw") this.withdraw();
    else if (decided.kind === "accept") this.sync.outbox.replaceRefused({ ...edit, accept: decided.reason }, this.ends.newKey());
    else await this.repair(edit, faults, decided.kind);
  }

  /** Cut overlaps off what was drawn, or fill gaps with it. */
  private async repair(edit: QueuedEdit, faults: readonly Fault[], way: "cut" | "fill"): Promise<void> {
    const run = await import("./geometry/operations");
    const mine = new Map(edit.changes.flatMap(({ uid, boundary }) => (boundary ? [[uid, boundary] as const] : [])));
    const around = new Map<string, Surface>();
    for (const uid of faults.flatMap(({ zones }) => zones)) {
      const zone = this.sync.store.drawn(uid);
      if (zone !== undefined && !mine.has(uid)) around.set(uid, zone.boundary);
    }
    try {
      for (const fault of faults) {
        if (way === "cut" && fault.kind === "overlap") {
          const [uid] = fault.zones.filter((one) => mine.has(one));
          const other = fault.zones.find((one) => one !== uid);
          const [whole, gone] = [mine.get(uid ?? ""), around.get(other ?? "") ?? mine.get(other ?? "")];
          if (uid !== undefined && whole && gone) mine.set(uid, run.clipped(whole, [gone]));
        } else if (way === "fill" && fault.boundary !== null) {
          const uid = [...mine.keys()].find((one) => run.commonEdge_m(mine.get(one) ?? fault.boundary ?? { type: "MultiPolygon", coordinates: [] }, fault.boundary ?? { type: "MultiPolygon", coordinates: [] }) > 0);
          const whole = mine.get(uid ?? "");
          if (uid !== undefined && whole) mine.set(uid, run.merged([whole, fault.boundary]));
        }
      }
    } catch (error) {
      if (!(error instanceof CannotDo)) throw error;
      this.ends.say(gettext("This cannot be repaired at once."));
      return;
    }
    const woven = weave(mine, around);
    const changes = edit.changes.map((change) => {
      const boundary = woven.get(change.uid);
      return boundary === undefined || area_m2(boundary) === 0 ? change : { ...change, boundary };
    });
    const named = new Set(changes.map(({ uid }) => uid));
    const others = [...woven].filter(([uid]) => !named.has(uid)).map(([uid, boundary]) => ({
      uid, boundary, based_on: this.sync.store.savedVersion(uid), after: null,
    }));
    this.sync.outbox.replaceRefused({ ...edit, changes: [...changes, ...others] }, this.ends.newKey());
  }
}
