/** What the sketch would open, asked while it is drawn. */
import type { DraftServer } from "../api/drafts";
import type { Fault } from "../api/draft-types";
import { asked, type Prepared } from "./state/gestures";
import type { Gesture } from "./tools/tool";

/** The hand rests this long before we ask. */
const REST_MS = 350;

/** Asks for the newest sketch only. Owns the question under way. Public: `ask`, `stop`. */
export class Checking {
  private timer = 0;
  private asking: AbortController | null = null;

  constructor(
    private readonly server: DraftServer,
    private readonly prepare: (gesture: Gesture) => Prepared,
    private readonly onFaults: (faults: readonly Fault[]) => void,
  ) {}

  ask(gesture: Gesture): void {
    this.stop();
    this.timer = window.setTimeout(() => void this.run(gesture), REST_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  private async run(gesture: Gesture): Promise<void> {
    const { changes } = this.prepare(gesture);
    // What builds on an edit that is still on its way is checked when that has arrived.
    if (changes.length === 0 || changes.some(({ after }) => after !== null)) return;
    const asking = new AbortController();
    this.asking = asking;
    try {
      const opened = await this.server.check(asked(gesture, changes), asking.signal);
      if (this.asking === asking) this.onFaults(opened);
    } catch {
      // A sketch that cannot be checked (no connection, crossing itself just now) is checked on saving.
    }
  }
}
