/** The conflicts of the draft that is being drawn, brought up to date after each edit. */
import type { ConflictView, Difference, RunView } from "../api/conflict-types";
import type { ConflictServer } from "../api/conflicts";
import { ServerProblem } from "../api/http";
import { Latest } from "../state/latest";
import { isUnderWay, RunWatch } from "../state/run-watch";

/** Edits that follow each other faster are asked about once, in milliseconds. */
export const REST_MS = 120;
/** More of them are listed on the page of conflicts. */
const MOST_LISTED = 100;

export type Known =
  /** Not asked yet. */
  | { readonly kind: "unknown" }
  /** There was no run: whether there are conflicts nobody knows. */
  | { readonly kind: "never" }
  /** `difference` is what the last edits did, null where nothing was edited since the page was opened. */
  | { readonly kind: "known"; readonly run: RunView; readonly difference: Difference | null }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Asks the server after each edit and keeps the newest answer.
 *
 * Owns what is known. Public: `known`, `isAsking`, `conflicts` (open ones, worst first), `total`, `runs`
 * (the run under way), `begin`, `edited`; `changed` is told of every change. It never holds up an edit.
 */
export class ConflictWatch {
  known: Known = { kind: "unknown" };
  conflicts: readonly ConflictView[] = [];
  total = 0;
  isAsking = false;
  readonly runs: RunWatch;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly latest: Latest<Known>;

  constructor(
    private readonly server: Pick<ConflictServer, "list" | "refresh" | "start" | "run" | "runs" | "cancel">,
    private readonly changed: () => void,
  ) {
    this.runs = new RunWatch(server, () => { changed(); }, () => { this.edited(); });
    this.latest = new Latest<Known>((progress) => {
      this.isAsking = progress.kind === "waiting";
      if (progress.kind === "done") this.known = progress.value;
      else if (progress.kind === "failed") this.known = { kind: "failed", error: progress.error };
      changed();
    });
  }

  /** Ask what is known, and bring it up to date where that is not done. */
  async begin(): Promise<void> {
    await this.latest.ask(async (signal) => {
      const run = await this.read(signal);
      if (run !== null) return { kind: "known", run, difference: null };
      const [newest] = await this.server.runs(signal);
      if (newest !== undefined && isUnderWay(newest)) this.runs.watch(newest);
      return { kind: "never" };
    });
    if (this.known.kind === "known" && !this.known.run.is_current) this.edited();
  }

  /** Something was saved: what is known is of before. */
  edited(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.latest.ask((signal) => this.refreshed(signal)), REST_MS);
  }

  private async refreshed(signal: AbortSignal): Promise<Known> {
    try {
      // After a check of everything the last run is not the one that is shown.
      const answer = await this.server.refresh(this.known.kind === "known" ? this.known.run.id : null, signal);
      if (!("new" in answer)) {
        // All has to be checked anew; what is shown meanwhile is of before.
        this.runs.watch(answer.run);
        return this.known;
      }
      // The numbers need not wait for the list.
      this.known = { kind: "known", run: answer.run, difference: answer };
      this.changed();
      await this.read(signal);
      return this.known;
    } catch (error) {
      if (error instanceof ServerProblem && error.code === "conflicts_never_run") return { kind: "never" };
      throw error;
    }
  }

  private async read(signal: AbortSignal): Promise<RunView | null> {
    const page = await this.server.list({ state: "open" }, null, MOST_LISTED, signal);
    [this.conflicts, this.total] = [page.conflicts, page.total];
    return page.run;
  }
}
