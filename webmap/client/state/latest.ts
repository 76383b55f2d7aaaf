/** Waiting for answers of which only the newest counts. */

export type Progress<T> =
  | { readonly kind: "idle" }
  | { readonly kind: "waiting"; readonly slow: boolean }
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown };

/** Waits shorter than this are felt as immediate; a loading sign would only flicker. */
export const SLOW_AFTER_MS = 300;

/**
 * Runs one question at a time; a new one gives up the one before.
 *
 * Owns the running question. `ask` starts one, `forget` gives it up; every change is told to
 * `changed`, and an answer that comes too late is told to nobody.
 */
export class Latest<T> {
  progress: Progress<T> = { kind: "idle" };
  private running: AbortController | null = null;

  constructor(private readonly changed: (progress: Progress<T>) => void) {}

  async ask(question: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    this.become({ kind: "waiting", slow: false });
    const slow = setTimeout(() => {
      if (this.running === mine) this.become({ kind: "waiting", slow: true });
    }, SLOW_AFTER_MS);
    try {
      const value = await question(mine.signal);
      if (this.running === mine) this.become({ kind: "done", value });
    } catch (error) {
      if (this.running === mine) this.become({ kind: "failed", error });
    } finally {
      clearTimeout(slow);
    }
  }

  forget(): void {
    this.running?.abort();
    this.running = null;
    this.become({ kind: "idle" });
  }

  private become(progress: Progress<T>): void {
    this.progress = progress;
    this.changed(progress);
  }
}
