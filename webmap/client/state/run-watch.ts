/** A run of the check: started, looked after until it is over, cancelled. */
import type { RunView } from "../api/conflict-types";
import type { ConflictServer } from "../api/conflicts";

/** How often a run under way is asked after, in milliseconds. */
export const ASK_MS = 700;

export type RunProgress =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly run: RunView; readonly isCancelling: boolean }
  | { readonly kind: "failed"; readonly error: unknown };

/** Whether a run is under way. */
export function isUnderWay({ state }: RunView): boolean {
  return state === "queued" || state === "running";
}

/** Share of a run that is done, 0 to 1; null while nobody knows. */
export function shareOf({ done, total }: RunView): number | null {
  return total > 0 ? Math.min(1, done / total) : null;
}

/**
 * Watches one run at a time.
 *
 * Owns the run under way. Public: `progress`, `start`, `watch`, `cancel`. Every change is told to
 * `changed`, the end of a run to `over`.
 */
export class RunWatch {
  progress: RunProgress = { kind: "idle" };
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly server: Pick<ConflictServer, "start" | "run" | "cancel">,
    private readonly changed: () => void,
    private readonly over: (run: RunView) => void,
  ) {}

  async start(): Promise<void> {
    if (this.progress.kind === "running") return;
    await this.trying(() => this.server.start());
  }

  /** Look after a run that somebody started. */
  watch(run: RunView): void {
    clearTimeout(this.timer);
    if (!isUnderWay(run)) {
      this.become({ kind: "idle" });
      this.over(run);
      return;
    }
    const isCancelling = this.progress.kind === "running" && this.progress.run.id === run.id && this.progress.isCancelling;
    this.become({ kind: "running", run, isCancelling });
    this.timer = setTimeout(() => void this.trying(() => this.server.run(run.id)), ASK_MS);
  }

  async cancel(): Promise<void> {
    if (this.progress.kind !== "running") return;
    const { run } = this.progress;
    this.become({ kind: "running", run, isCancelling: true });
    await this.trying(() => this.server.cancel(run.id));
  }

  private async trying(question: () => Promise<RunView>): Promise<void> {
    try {
      this.watch(await question());
    } catch (error) {
      clearTimeout(this.timer);
      this.become({ kind: "failed", error });
    }
  }

  private become(progress: RunProgress): void {
    this.progress = progress;
    this.changed();
  }
}
