/** The draft between the page and the server: reading, sending, hearing of others, undoing. */
import type { Area, DraftServer, EditsWanted, News } from "../../api/drafts";
import type { Action, DraftDescription, EditAnswer, EditBrief, Person, Zone } from "../../api/draft-types";
import { NoConnection, ServerProblem } from "../../api/http";
import { boxOfSurface } from "../geometry/surfaces";
import { Cells } from "./cells";
import { DraftStore, type Shift } from "./draft-store";
import type { Keeper } from "./keeping";
import { NewsPoll } from "./news";
import { Outbox, type Progress, type QueuedChange, type QueuedEdit } from "./outbox";
import { nextRedo, nextUndo } from "./undo";

/** So far back undo looks for an own edit: as many as one answer carries. */
const UNDO_DEPTH = 100;

export interface SyncEnds {
  isHidden(): boolean;
  isOnline(): boolean;
  later(act: () => void, ms: number): () => void;
  newKey(): string;
  now(): string;
  onZones(shift: Shift): void;
  onProgress(progress: Progress): void;
  onSaved(answer: EditAnswer): void;
  /** Others changed these zones; people are here. */
  onOthers(edits: readonly EditBrief[], zones: readonly Zone[]): void;
  onPeople(people: readonly Person[]): void;
  /** So much happened that the page must be read anew. */
  onOutdated(): void;
}

/** What came of undo or redo. */
export type Undone =
  | { readonly kind: "withdrawn"; readonly edit: QueuedEdit }
  | { readonly kind: "done"; readonly answer: EditAnswer }
  | { readonly kind: "nothing" }
  | { readonly kind: "offline" }
  | { readonly kind: "refused"; readonly number: number; readonly problem: ServerProblem };

/**
 * The draft's way to the server and back.
 *
 * Owns the store, the outbox and the questions about news. Public: `store`, `outbox`, `start`, `show`,
 * `loadTable`, `put`, `undo`, `redo`, `undoEdit`, `seen`, `askNow`.
 */
export class Sync {
  readonly store = new DraftStore();
  readonly outbox: Outbox;
  private readonly news: NewsPoll;
  private readonly cells: Cells;
  /** Edits that were taken out of the queue before they went, the last one last. */
  private withdrawn: readonly QueuedEdit[] = [];

  constructor(
    private readonly server: DraftServer,
    description: DraftDescription,
    keeper: Keeper,
    private readonly ends: SyncEnds,
  ) {
    this.outbox = new Outbox(
      {
        send: (edit, key) => server.save(edit, this.news.seen, key),
        isOnline: () => ends.isOnline(),
        keep: (queue) => void keeper.keep({ queue }),
        onSaved: (_edit, answer) => { this.saved(answer); },
        onProgress: (progress) => {
          ends.onZones(this.store.overlay(this.outbox.queue));
          ends.onProgress(progress);
        },
        later: (act, ms) => void ends.later(act, ms),
      },
      keeper.now.queue,
    );
    this.news = new NewsPoll(
      {
        ask: (since, mark) => server.news(since, mark),
        isHidden: () => ends.isHidden(),
        onNews: (news) => { this.heard(news); },
        onReached: (is_reached) => {
          if (is_reached && this.outbox.progress.kind === "offline") this.outbox.retry();
        },
        later: (act, ms) => ends.later(act, ms),
      },
      description.edit,
    );
    this.cells = new Cells(boxOfSurface(description.extent), description.zones, async (area) => {
      ends.onZones(this.store.take((await server.zones(area)).zones));
    });
  }

  /** The number of the last edit that the page knows. */
  get seen(): number {
    return this.news.seen;
  }

  /** Begin to hear of others, and send what a reload left. */
  start(): void {
    this.ends.onZones(this.store.overlay(this.outbox.queue));
    this.news.start();
    if (this.outbox.queue.length > 0) this.outbox.retry();
  }

  /** Load what lies in view. */
  show(area: Area): Promise<void> {
    return this.cells.load(area);
  }

  /** Load the rows of all zones for the table. */
  async loadTable(): Promise<void> {
    this.ends.onZones(this.store.take((await this.server.table()).zones));
  }

  /** Put an edit into the queue. */
  put(action: Action, changes: readonly QueuedChange[], why = ""): string {
    const key = this.ends.newKey();
    this.withdrawn = [];
    this.outbox.put({ key, action, why, accept: null, changes, made_at: this.ends.now() });
    this.ends.onZones(this.store.overlay(this.outbox.queue));
    return key;
  }

  /** Ask for news at once, and send what waits. */
  askNow(): void {
    this.news.askNow();
    if (this.outbox.progress.kind === "offline") this.outbox.retry();
  }

  async undo(): Promise<Undone> {
    const edit = this.outbox.withdrawLast();
    if (edit !== null) {
      this.withdrawn = [...this.withdrawn, edit];
      this.ends.onZones(this.store.overlay(this.outbox.queue));
      return { kind: "withdrawn", edit };
    }
    return this.undoChosen(nextUndo);
  }

  async redo(): Promise<Undone> {
    const edit = this.withdrawn.at(-1);
    if (edit === undefined) return this.undoChosen(nextRedo);
    this.withdrawn = this.withdrawn.slice(0, -1);
    this.outbox.put(edit);
    this.ends.onZones(this.store.overlay(this.outbox.queue));
    return { kind: "withdrawn", edit };
  }

  /** Take back one edit of the history. */
  async undoEdit(number: number, accept: string | null = null): Promise<Undone> {
    try {
      const answer = await this.server.undo(number, this.news.seen, this.ends.newKey(), accept);
      this.saved(answer);
      return { kind: "done", answer };
    } catch (error) {
      if (error instanceof NoConnection) return { kind: "offline" };
      if (error instanceof ServerProblem) return { kind: "refused", number, problem: error };
      throw error;
    }
  }

  edits(wanted: EditsWanted): Promise<readonly EditBrief[]> {
    return this.server.edits(wanted);
  }

  private async undoChosen(choose: (edits: readonly EditBrief[]) => number | null): Promise<Undone> {
    try {
      const number = choose(await this.server.edits({ mine: true, limit: UNDO_DEPTH }));
      return number === null ? { kind: "nothing" } : await this.undoEdit(number);
    } catch (error) {
      if (error instanceof NoConnection) return { kind: "offline" };
      if (error instanceof ServerProblem) return { kind: "refused", number: 0, problem: error };
      throw error;
    }
  }

  private saved(answer: EditAnswer): void {
    this.ends.onZones(this.store.take(answer.zones, answer.removed));
    this.ends.onSaved(answer);
  }

  private heard(news: News): void {
    if (news.must_reload) {
      this.ends.onOutdated();
      return;
    }
    const others = new Set(news.edits.filter(({ by_me }) => !by_me).flatMap(({ zones }) => zones));
    this.ends.onZones(this.store.take(news.zones, news.removed));
    this.ends.onPeople(news.people);
    if (news.edits.length > 0) this.ends.onOthers(news.edits, news.zones.filter(({ uid }) => others.has(uid)));
  }
}
