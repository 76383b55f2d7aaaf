/** A run in the background: started, looked after until it is over, cancelled. */
import type { RunView } from "../api/conflict-types";

/** How often a run under way is asked after, in milliseconds. */
export const ASK_MS = 700;

/** What every run tells, whatever it works out. */
export type AnyRun = Pick<RunView, "id" | "state" | "done" | "total" | "step">;

/** Where runs are started and asked after. */
export interface RunServer<R extends AnyRun> {
  start(): Promise<R>;
  run(id: number): Promise<R>;
  cancel(id: number): Promise<R>;
}

export type RunProgress<R extends AnyRun = RunView> =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly run: R; readonly isCancelling: boolean }
  | { readonly kind: "failed"; readonly error: unknown };

/** Whether a run is under way. */
export function isUnderWay({ state }: AnyRun): boolean {
  return state === "queued" || state === "running";
}

/** Share of a run that is done, 0 to 1; null while nobody knows. */
export function shareOf({ done, total }: AnyRun): number | null {
  return total > 0 ? Math.min(1, done / total) : null;
}

/**
 * Watches one run at a time.
 *
 * Owns the run under way. Public: `progress`, `start`, `watch`, `cancel`. Every change is told to
 * `changed`, the end of a run to `over`.
 */
export class RunWatch<R extends AnyRun = RunView> {
  progress: RunProgress<R> = { kind: "idle" };
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly server: RunServer<R>,
    private readonly changed: () => void,
    private readonly over: (run: R) => void,
  ) {}

  async start(): Promise<void> {
    if (this.progress.kind === "running") return;
    await this.trying(() => this.server.start());
  }

  /** Look after a run that somebody started. */
  watch(run: R): void {
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

  private async trying(question: () => Promise<R>): Promise<void> {
    try {
      this.watch(await question());
    } catch (error) {
      clearTimeout(this.timer);
      this.become({ kind: "failed", error });
    }
  }

  private become(progress: RunProgress<R>): void {
    this.progress = progress;
    this.changed();
  }
}
