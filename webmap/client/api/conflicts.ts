/** What pages ask and tell the server about conflicts. The address comes from the page. */
import type {
  ConflictDetail, ConflictPage, ConflictWay, Difference, Heat, MapConflict, Matrix, NewDecision, NewEvent, RuleView, RunView, Severity, Underway,
} from "./conflict-types";
import type { Area } from "./drafts";
import { getJson, sendJson, type Sending, withQuery } from "./http";

/** Filters by the names that addresses give them; what is not wanted is not there. */
export type Asked = Readonly<Record<string, string>>;

/** Conflicts of one draft, or of the whole city (`draft` null): one method per address, each throws. */
export class ConflictServer {
  constructor(
    /** Where /planning/ lies. */
    private readonly root: string,
    readonly draft: number | null,
    private readonly token: () => string,
  ) {}

  async rules(): Promise<readonly RuleView[]> {
    return (await getJson<{ rules: readonly RuleView[] }>(`${this.root}/conflict-rules`)).rules;
  }

  async runs(signal?: AbortSignal): Promise<readonly RunView[]> {
    return (await getJson<{ runs: readonly RunView[] }>(withQuery(`${this.root}/conflicts/runs`, { draft: this.draft }), signal)).runs;
  }

  run(id: number): Promise<RunView> {
    return getJson(`${this.root}/conflicts/runs/${id}`);
  }

  start(): Promise<RunView> {
    return sendJson(`${this.root}/conflicts/runs`, { draft: this.draft }, this.post());
  }

  cancel(id: number): Promise<RunView> {
    return sendJson(`${this.root}/conflicts/runs/${id}/cancel`, {}, this.post());
  }

  difference(after: number, before: number, signal?: AbortSignal): Promise<Difference> {
    return getJson(withQuery(`${this.root}/conflicts/runs/${after}/difference`, { before }), signal);
  }

  /** Bring the results of the draft up to its last edit and tell the difference to run `since`. Throws ServerProblem `conflicts_never_run`. */
  refresh(since: number | null, signal?: AbortSignal): Promise<Difference | Underway> {
    return sendJson(withQuery(`${this.root}/drafts/${this.draft ?? 0}/conflicts/refresh`, { since }), {}, { ...this.post(), signal });
  }

  list(asked: Asked, after: string | null, limit: number, signal?: AbortSignal): Promise<ConflictPage> {
    return getJson(withQuery(`${this.root}/conflicts`, { draft: this.draft, ...asked, after, limit }), signal);
  }

  /** How many are open, by severity: a run counts those that somebody settled as well. */
  async openCounts(): Promise<Readonly<Record<Severity, number>>> {
    const count = async (severity: Severity): Promise<number> => (await this.list({ state: "open", severity }, null, 1)).total;
    const [blocks, warns, notes] = await Promise.all([count("blocks"), count("warns"), count("notes")]);
    return { blocks, warns, notes };
  }

  detail(key: string, signal?: AbortSignal): Promise<ConflictDetail> {
    return getJson(`${this.root}/conflicts/${key}`, signal);
  }

  tell(key: string, event: NewEvent): Promise<ConflictDetail> {
    return sendJson(`${this.root}/conflicts/${key}/events`, event, this.post());
  }

  decide(decision: NewDecision): Promise<unknown> {
    return sendJson(`${this.root}/precedence-decisions`, decision, this.post());
  }

  async ways(key: string, signal?: AbortSignal): Promise<readonly ConflictWay[]> {
    return (await sendJson<{ ways: readonly ConflictWay[] }>(`${this.root}/conflicts/${key}/ways`, {}, { ...this.post(), signal })).ways;
  }

  matrix(signal?: AbortSignal): Promise<Matrix> {
    return getJson(withQuery(`${this.root}/conflicts/matrix`, { draft: this.draft }), signal);
  }

  map(area: Area, signal?: AbortSignal): Promise<{ conflicts: readonly MapConflict[]; is_cut: boolean }> {
    return getJson(withQuery(`${this.root}/conflicts/map`, { draft: this.draft, box: area.join(",") }), signal);
  }

  heat(signal?: AbortSignal): Promise<Heat> {
    return getJson(withQuery(`${this.root}/conflicts/heat`, { draft: this.draft }), signal);
  }

  /** Where a report of what the filters let through lies. */
  report(ending: "csv" | "gpkg" | "pdf", asked: Asked): string {
    return withQuery(`${this.root}/conflicts/report.${ending}`, { draft: this.draft, ...asked });
  }

  private post(): Sending {
    return { method: "POST", token: this.token() };
  }
}
