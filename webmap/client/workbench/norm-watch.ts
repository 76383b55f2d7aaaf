/** What the planning norms say of the zones that are selected. */
import type { DraftServer } from "../api/drafts";
import type { NormFinding } from "../api/norm-types";
import { Latest } from "../state/latest";

/** Of more zones at once nobody reads the findings one by one. */
const MOST_ZONES = 100;
/** Selections and edits that follow each other faster are asked about once. */
const REST_MS = 200;

/**
 * Asks the server for findings and keeps the newest.
 *
 * Owns what was found. Public: `findings`, `ask`; `changed` is told of every other answer. Without a
 * connection there are no findings: an old one could speak of values that are no longer there.
 */
export class NormWatch {
  findings: readonly NormFinding[] = [];
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly latest: Latest<readonly NormFinding[]>;

  constructor(
    private readonly server: Pick<DraftServer, "norms">,
    changed: () => void,
  ) {
    this.latest = new Latest((progress) => {
      if (progress.kind === "waiting") return;
      this.findings = progress.kind === "done" ? progress.value : [];
      changed();
    });
  }

  /** Ask about these zones; about none, forget what was found. */
  ask(zones: readonly string[]): void {
    clearTimeout(this.pause);
    if (zones.length === 0) {
      this.latest.forget();
      return;
    }
    this.pause = setTimeout(() => {
      void this.latest.ask(async (signal) => (await this.server.norms(zones.slice(0, MOST_ZONES), signal)).findings);
    }, REST_MS);
  }
}
