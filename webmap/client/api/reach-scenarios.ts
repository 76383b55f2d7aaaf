/** What the page of reach asks and tells the server about scenarios and about sites. The address comes from the page. */
import { getJson, sendJson, type Sending, withQuery } from "./http";
import type { FacilityView, RunLine } from "./reach-types";
import type { Comparison, NewChange, NewSiting, Room, ScenarioLine, ScenarioView, SitingView } from "./scenario-types";

/** Scenarios of one plan version, or of the whole city (`draft` null): one method per address, each throws. */
export class ScenarioServer {
  private readonly root: string;

  constructor(
    /** Where /planning/ lies. */
    planning: string,
    readonly draft: number | null,
    private readonly token: () => string,
  ) {
    this.root = `${planning}/reach`;
  }

  async list(signal?: AbortSignal): Promise<readonly ScenarioLine[]> {
    return (await getJson<{ scenarios: readonly ScenarioLine[] }>(withQuery(`${this.root}/scenarios`, { draft: this.draft }), signal)).scenarios;
  }

  begin(title: string, copyOf: string | null = null): Promise<ScenarioView> {
    const body = { title, draft: this.draft, ...(copyOf === null ? {} : { copy_of: copyOf }) };
    return sendJson(`${this.root}/scenarios`, body, this.sending("POST"));
  }

  one(key: string, signal?: AbortSignal): Promise<ScenarioView> {
    return getJson(`${this.root}/scenarios/${key}`, signal);
  }

  describe(key: string, said: Partial<Pick<ScenarioLine, "title" | "is_shared" | "is_part_of_draft">>): Promise<ScenarioView> {
    return sendJson(`${this.root}/scenarios/${key}`, said, this.sending("PATCH"));
  }

  withdraw(key: string): Promise<undefined> {
    return sendJson(`${this.root}/scenarios/${key}`, undefined, this.sending("DELETE"));
  }

  /** Throws ServerProblem `scenario_went_on` (412) where `edits` is not its last change. */
  change(key: string, edits: number, change: NewChange): Promise<ScenarioView> {
    return sendJson(`${this.root}/scenarios/${key}/changes`, { edits, ...change }, this.sending("POST"));
  }

  /** Throws as `change` does. */
  undo(key: string, edits: number, number: number): Promise<ScenarioView> {
    return sendJson(`${this.root}/scenarios/${key}/undo`, { edits, number }, this.sending("POST"));
  }

  async facilities(key: string, kind: string, signal?: AbortSignal): Promise<readonly FacilityView[]> {
    const address = withQuery(`${this.root}/scenarios/${key}/facilities`, { kind });
    return (await getJson<{ facilities: readonly FacilityView[] }>(address, signal)).facilities;
  }

  /** Who gains and who loses against another scenario, or as it is (`other` null). */
  compare(key: string, kind: string, norm: string, other: string | null, signal?: AbortSignal): Promise<Comparison> {
    return getJson(withQuery(`${this.root}/scenarios/${key}/compare`, { kind, norm: norm === "" ? null : norm, with: other ?? "base" }), signal);
  }

  /** What a kind of service offers before and after: more work for the server than shares. */
  room(key: string, kind: string, signal?: AbortSignal): Promise<Room> {
    return getJson(withQuery(`${this.root}/scenarios/${key}/room`, { kind }), signal);
  }

  /** The run by which the city before any change is worked out. */
  baseRun(id: number): Promise<RunLine> {
    return getJson(`${this.root}/runs/${id}`);
  }

  private sending(method: Sending["method"]): Sending {
    return { method, token: this.token() };
  }
}

/** Searches for sites in one scope: one method per address, each throws. */
export class SitingServer {
  private readonly root: string;

  constructor(
    planning: string,
    readonly draft: number | null,
    private readonly token: () => string,
  ) {
    this.root = `${planning}/reach/siting`;
  }

  /** Without their candidates, the newest first. */
  async runs(signal?: AbortSignal): Promise<readonly SitingView[]> {
    return (await getJson<{ runs: readonly SitingView[] }>(withQuery(this.root, { draft: this.draft }), signal)).runs;
  }

  run(id: number): Promise<SitingView> {
    return getJson(`${this.root}/${id}`);
  }

  begin(asked: NewSiting): Promise<SitingView> {
    return sendJson(this.root, asked, this.post());
  }

  cancel(id: number): Promise<SitingView> {
    return sendJson(`${this.root}/${id}/cancel`, {}, this.post());
  }

  /** Write the sites of a choice (0 the best, n the n-th alternative) into a scenario; null: a new one. */
  take(id: number, choice: number, scenario: string | null, title: string): Promise<ScenarioLine> {
    return sendJson(`${this.root}/${id}/take`, { choice, scenario, ...(scenario === null ? { title } : {}) }, this.post());
  }

  private post(): Sending {
    return { method: "POST", token: this.token() };
  }
}
