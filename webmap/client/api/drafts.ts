/** What the workbench asks and tells the server about one draft. Addresses come from the page. */
import type {
  Content, DraftDescription, EastNorth, EditAnswer, EditBrief, EditRequest, Fault, GroundFeature, Person, Surface, Variant, Way, Zone,
  ZoneChange,
} from "./draft-types";
import type { NormAnswer } from "./norm-types";
import { getIfChanged, getJson, type Marked, sendJson, type Sending, withQuery } from "./http";

/** East, north, east, north of an area in metres. */
export type Area = readonly [number, number, number, number];

export interface News {
  readonly edit: number;
  readonly edits: readonly EditBrief[];
  readonly zones: readonly Zone[];
  readonly removed: readonly string[];
  readonly people: readonly Person[];
  /** So much happened that the zones must be read anew. */
  readonly must_reload: boolean;
}

/** Which edits are wanted, newest first. */
export interface EditsWanted {
  readonly before?: number;
  readonly zone?: string;
  readonly mine?: boolean;
  readonly limit?: number;
}

function query(area: Area): string {
  return area.join(",");
}

/** The server as the workbench sees it: one method per address, each throws. */
export class DraftServer {
  private readonly root: string;

  constructor(
    address: string,
    readonly draft: number,
    private readonly token: () => string,
  ) {
    this.root = `${address}/${draft}`;
  }

  describe(signal?: AbortSignal): Promise<DraftDescription> {
    return getJson(this.root, signal);
  }

  /** The zones whose boxes meet the area, and the number of the edit at which they were read. */
  zones(area: Area | null, signal?: AbortSignal): Promise<{ edit: number; zones: readonly Zone[] }> {
    return getJson(withQuery(`${this.root}/zones`, { bbox: area && query(area), geometry: "yes" }), signal);
  }

  /** All zones without their boundaries, for the table. */
  table(signal?: AbortSignal): Promise<{ edit: number; zones: readonly Zone[] }> {
    return getJson(withQuery(`${this.root}/zones`, { geometry: "no" }), signal);
  }

  /** Save an edit made on the state after edit `seen`; `key` makes sending it twice harmless. */
  save(edit: EditRequest, seen: number, key: string): Promise<EditAnswer> {
    return sendJson(`${this.root}/edits`, edit, this.post({ "If-Match": `"e${seen}"`, "Idempotency-Key": key }));
  }

  /** Find out which faults an edit would open; nothing changes. */
  async check(edit: EditRequest, signal?: AbortSignal): Promise<readonly Fault[]> {
    const found = await sendJson<{ opened: readonly Fault[] }>(`${this.root}/check`, edit, { ...this.post(), signal });
    return found.opened;
  }

  /** Take an edit back; `accept` is why faults that this opens are left. */
  undo(number: number, seen: number, key: string, accept: string | null): Promise<EditAnswer> {
    const headers = { "If-Match": `"e${seen}"`, "Idempotency-Key": key };
    return sendJson(`${this.root}/edits/${number}/undo`, { accept }, this.post(headers));
  }

  async edits({ before, zone, mine, limit }: EditsWanted): Promise<readonly EditBrief[]> {
    const found = await getJson<{ edits: readonly EditBrief[] }>(
      withQuery(`${this.root}/edits`, {
        before: before ?? null, zone: zone ?? null, mine: mine === true ? 1 : null, limit: limit ?? null,
      }),
    );
    return found.edits;
  }

  edit(number: number): Promise<EditBrief & { readonly changes: readonly ZoneChange[] }> {
    return getJson(`${this.root}/edits/${number}`);
  }

  /** What happened after edit `since`; null where nothing did since the answer with `mark`. */
  news(since: number, mark: string | null, signal?: AbortSignal): Promise<Marked<News>> {
    return getIfChanged(withQuery(`${this.root}/news`, { since }), mark, signal);
  }

  tellPresence(at: EastNorth | null, zone: string | null): Promise<void> {
    return sendJson(`${this.root}/presence`, { at, zone }, { method: "PUT", token: this.token() });
  }

  /** What the planning norms say of some zones; of all of them where none is named. */
  norms(zones: readonly string[] = [], signal?: AbortSignal): Promise<NormAnswer> {
    const named = new URLSearchParams(zones.map((uid) => ["zone", uid])).toString();
    return getJson(named === "" ? `${this.root}/norms` : `${this.root}/norms?${named}`, signal);
  }

  async faults(): Promise<readonly Fault[]> {
    return (await getJson<{ faults: readonly Fault[] }>(`${this.root}/faults`)).faults;
  }

  async ways(fault: string): Promise<readonly Way[]> {
    const address = `${this.root}/faults/${encodeURIComponent(fault)}/ways`;
    return (await sendJson<{ ways: readonly Way[] }>(address, {}, this.post())).ways;
  }

  async variants(): Promise<readonly Variant[]> {
    return (await getJson<{ variants: readonly Variant[] }>(`${this.root}/variants`)).variants;
  }

  keepVariant(variant: { uid: string; why: string; boundary: Surface; content?: Partial<Content> }): Promise<unknown> {
    return sendJson(`${this.root}/variants`, variant, this.post());
  }

  dropVariant(id: number): Promise<void> {
    return sendJson(`${this.root}/variants/${id}`, undefined, { method: "DELETE", token: this.token() });
  }

  /** What one may snap to and copy in the area; `is_cut` where there is more than is sent. */
  ground(area: Area, of: readonly GroundFeature["kind"][], signal?: AbortSignal): Promise<{
    features: readonly GroundFeature[]; is_cut: boolean;
  }> {
    return getJson(withQuery(`${this.root}/ground`, { bbox: query(area), of: of.map((k) => `${k}s`).join(",") }), signal);
  }

  private post(headers: Readonly<Record<string, string>> = {}): Sending {
    return { method: "POST", token: this.token(), headers };
  }
}
