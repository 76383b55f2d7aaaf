/** Asking every two seconds what others did; slower while nobody looks. */
import type { News } from "../../api/drafts";
import type { Marked } from "../../api/http";

const SEEN_MS = 2000;
const HIDDEN_MS = 15_000;
/** After a failed question, so that a server that starts again is not overrun. */
const FAILED_MS = 5000;

export interface NewsEnds {
  ask(since: number, mark: string | null): Promise<Marked<News>>;
  isHidden(): boolean;
  onNews(news: News): void;
  /** The server answers (again), or does not. */
  onReached(is_reached: boolean): void;
  later(act: () => void, ms: number): () => void;
}

/**
 * The questions about news.
 *
 * Owns up to which edit the page knows. Public: `seen`, `start`, `askNow`.
 */
export class NewsPoll {
  private mark: string | null = null;
  private is_asking = false;
  private stop: () => void = () => undefined;

  constructor(
    private readonly ends: NewsEnds,
    private since: number,
  ) {}

  /** The number of the last edit that the page knows. */
  get seen(): number {
    return this.since;
  }

  start(): void {
    this.plan(SEEN_MS);
  }

  /** Ask at once: the page is looked at again. */
  askNow(): void {
    this.stop();
    void this.ask();
  }

  private plan(ms: number): void {
    this.stop();
    this.stop = this.ends.later(() => void this.ask(), ms);
  }

  private async ask(): Promise<void> {
    if (this.is_asking) return;
    this.is_asking = true;
    let wait = this.ends.isHidden() ? HIDDEN_MS : SEEN_MS;
    try {
      const { mark, value } = await this.ends.ask(this.since, this.mark);
      this.ends.onReached(true);
      this.mark = mark;
      if (value !== null) {
        if (value.edit !== this.since) this.mark = null;
        this.since = Math.max(this.since, value.edit);
        this.ends.onNews(value);
      }
    } catch {
      // Whatever it was, the next answer tells; what must be said is said by the outbox.
      this.ends.onReached(false);
      wait = FAILED_MS;
    } finally {
      this.is_asking = false;
      this.plan(wait);
    }
  }
}
