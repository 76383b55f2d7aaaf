/** Edits on their way to the server: kept until it has acknowledged them, sent in the order they were made. */
import type { Action, Change, EditAnswer, EditRequest } from "../../api/draft-types";
import { NoConnection, ServerProblem } from "../../api/http";

/** A change that may build on an edit that is still on its way. */
export interface QueuedChange extends Change {
  /** Key of the edit in the queue that last changed the zone before this one. */
  readonly after: string | null;
}

export interface QueuedEdit {
  /** Names the edit for good: sent twice it is saved once. */
  readonly key: string;
  readonly action: Action;
  readonly why: string;
  readonly accept: string | null;
  readonly changes: readonly QueuedChange[];
  /** ISO time at which the hand made it. */
  readonly made_at: string;
}

/** How the queue stands. */
export type Progress =
  | { readonly kind: "idle" }
  | { readonly kind: "sending"; readonly waiting: number }
  | { readonly kind: "offline"; readonly waiting: number }
  | { readonly kind: "refused"; readonly waiting: number; readonly edit: QueuedEdit; readonly problem: ServerProblem };

export interface OutboxEnds {
  /** Send one edit; throws as api/ does. */
  send(edit: EditRequest, key: string): Promise<EditAnswer>;
  /** Whether the device has a connection at all. */
  isOnline(): boolean;
  /** Keep the queue where a reload finds it. */
  keep(queue: readonly QueuedEdit[]): void;
  onSaved(edit: QueuedEdit, answer: EditAnswer): void;
  onProgress(progress: Progress): void;
  /** Call `act` after so many milliseconds. */
  later(act: () => void, ms: number): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** A server that is busy or being restarted (5xx), or asks us to slow down, is asked again. */
function isPassing(error: unknown): boolean {
  return error instanceof NoConnection || (error instanceof ServerProblem && (error.status >= 500 || error.status === 429));
}

/**
 * The queue of edits.
 *
 * Owns the order and the versions: an edit that builds on an earlier one of the queue takes the
 * version that the earlier one's answer gives. Public: `queue`, `progress`, `put`, `withdraw`,
 * `withdrawLast`, `replaceRefused`, `retry`.
 */
export class Outbox {
  private waiting: readonly QueuedEdit[];
  private state: Progress = { kind: "idle" };
  private is_sending = false;
  private wait_ms = FIRST_WAIT_MS;

  constructor(
    private readonly ends: OutboxEnds,
    kept: readonly QueuedEdit[] = [],
  ) {
    this.waiting = kept;
  }

  get queue(): readonly QueuedEdit[] {
    return this.waiting;
  }

  get progress(): Progress {
    return this.state;
  }

  /** Add an edit and send it when those before it are saved. */
  put(edit: QueuedEdit): void {
    this.become([...this.waiting, edit]);
    void this.run();
  }

  /** Take back the last edit that has not gone out; null where there is none. */
  withdrawLast(): QueuedEdit | null {
    const last = this.waiting.at(-1);
    if (last === undefined || (this.is_sending && this.waiting.length === 1)) return null;
    this.become(this.waiting.slice(0, -1));
    if (this.state.kind === "refused" && this.state.edit.key === last.key) this.tell({ kind: "idle" });
    return last;
  }

  /** Take back the refused edit and all that build on it; returns them, the refused one first. */
  withdrawRefused(): readonly QueuedEdit[] {
    if (this.state.kind !== "refused") return [];
    const gone = new Set([this.state.edit.key]);
    for (const edit of this.waiting) {
      if (edit.changes.some(({ after }) => after !== null && gone.has(after))) gone.add(edit.key);
    }
    const taken = this.waiting.filter(({ key }) => gone.has(key));
    this.become(this.waiting.filter(({ key }) => !gone.has(key)));
    this.tell({ kind: "idle" });
    void this.run();
    return taken;
  }

  /** Send another edit in place of the refused one; later ones that build on it build on this. */
  replaceRefused(edit: Omit<QueuedEdit, "key">, key: string): void {
    if (this.state.kind !== "refused") return;
    const refused = this.state.edit.key;
    const rest = this.waiting.filter((one) => one.key !== refused);
    this.become([{ ...edit, key }, ...rest.map((one) => rebased(one, refused, (change) => ({ ...change, after: key })))]);
    this.tell({ kind: "idle" });
    void this.run();
  }

  /** Try again now: the connection may be back, or the planner asked. */
  retry(): void {
    this.wait_ms = FIRST_WAIT_MS;
    if (this.state.kind === "refused") this.tell({ kind: "idle" });
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.is_sending || this.state.kind === "refused") return;
    this.is_sending = true;
    try {
      for (let edit = this.waiting[0]; edit !== undefined; edit = this.waiting[0]) {
        if (this.state.kind !== "offline") this.tell({ kind: "sending", waiting: this.waiting.length });
        if (!(await this.sendOne(edit))) return;
      }
      this.tell({ kind: "idle" });
    } finally {
      this.is_sending = false;
    }
  }

  private async sendOne(edit: QueuedEdit): Promise<boolean> {
    try {
      if (!this.ends.isOnline()) throw new NoConnection(edit.key);
      const { action, why, accept, changes } = edit;
      const plain = changes.map(({ after: _, ...change }) => change);
      const answer = await this.ends.send({ action, why, accept, changes: plain }, edit.key);
      this.wait_ms = FIRST_WAIT_MS;
      this.settle(edit, answer);
      if (this.state.kind === "offline") this.tell({ kind: "sending", waiting: this.waiting.length });
      return true;
    } catch (error) {
      if (isPassing(error)) {
        this.tell({ kind: "offline", waiting: this.waiting.length });
        this.ends.later(() => void this.run(), this.wait_ms);
        this.wait_ms = Math.min(this.wait_ms * 2, LONGEST_WAIT_MS);
        return false;
      }
      if (!(error instanceof ServerProblem)) throw error;
      this.tell({ kind: "refused", waiting: this.waiting.length, edit, problem: error });
      return false;
    }
  }

  private settle(edit: QueuedEdit, answer: EditAnswer): void {
    const versions = new Map(answer.zones.map(({ uid, version }) => [uid, version]));
    const rest = this.waiting.filter(({ key }) => key !== edit.key);
    this.become(
      rest.map((one) =>
        rebased(one, edit.key, (change) => ({
          ...change,
          based_on: versions.get(change.uid) ?? change.based_on,
          after: null,
        })),
      ),
    );
    this.ends.onSaved(edit, answer);
  }

  private become(queue: readonly QueuedEdit[]): void {
    this.waiting = queue;
    this.ends.keep(queue);
  }

  private tell(progress: Progress): void {
    this.state = progress;
    this.ends.onProgress(progress);
  }
}

function rebased(edit: QueuedEdit, on: string, how: (change: QueuedChange) => QueuedChange): QueuedEdit {
  if (!edit.changes.some(({ after }) => after === on)) return edit;
  return { ...edit, changes: edit.changes.map((change) => (change.after === on ? how(change) : change)) };
}

