/** The panels beside the map and what they tell. */
import { html, type TemplateResult } from "lit";

import type { Area, DraftServer } from "../api/drafts";
import type { Action, DraftDescription, EditBrief, Fault, Surface, Variant, ZoneChange } from "../api/draft-types";
import { sentenceFor } from "../elements/trouble";
import type { WayChoice } from "../panels/fault-list";
import type { ContentChange } from "../panels/zone-form";
import type { ContentsChange } from "../panels/zone-table";
import type { Bench } from "./bench";
import { NormWatch } from "./norm-watch";
import { boxOfSurface } from "./geometry/surfaces";
import type { Panel, SidePanels } from "./elements/side-panels";
import type { QueuedChange } from "./state/outbox";
import type { Sync } from "./state/sync";

/** So many edits a page of the history has. */
const PAGE = 50;
/** Panels are drawn anew when edits have stopped coming for so long. */
const REST_MS = 250;

export interface PanelEnds {
  onFaults(faults: readonly Fault[], selected: string | null): void;
  fit(box: Area): void;
  /** Let ground stand out for a moment. */
  light(ground: Surface): void;
  put(action: Action, changes: readonly QueuedChange[]): void;
  undo(number: number): void;
  warn(text: string): void;
  /** What the panel of conflicts shows, and how many of them stop the approval. */
  conflicts(): { readonly content: TemplateResult; readonly blocking: number };
}

/**
 * The five panels.
 *
 * Owns what they show: faults with their ways, variants, the history and its open edit. Public: `zonesChanged`,
 * `selected`, `edited`, `showFaults`, `draw`, `show`, `element`.
 */
export class Panels {
  readonly element: SidePanels;
  private faults: readonly Fault[] = [];
  private fault: string | null = null;
  private ways: WayAnswer | null = null;
  private variants: readonly Variant[] = [];
  private edits: readonly EditBrief[] = [];
  private hasMore = true;
  private detail: { readonly number: number; readonly changes: readonly ZoneChange[] } | null = null;
  private drawing = 0;
  private reading = 0;
  private readonly norms: NormWatch;

  constructor(
    private readonly server: DraftServer,
    private readonly sync: Sync,
    private readonly bench: Bench,
    private readonly description: DraftDescription,
    private readonly language: string,
    private readonly ends: PanelEnds,
  ) {
    const element = document.querySelector<SidePanels>("side-panels");
    if (element === null) throw new Error("the page lacks <side-panels>");
    this.element = element;
    this.norms = new NormWatch(server, () => { this.draw(); });
    // The list of drafts leads straight to the history.
    if (location.hash === "#history") element.panel = "history";
    this.listen();
  }

  zonesChanged(): void {
    this.draw();
  }

  selected(): void {
    this.norms.ask(this.bench.selection);
    this.draw();
  }

  /** Something was saved: faults and history are other ones. */
  edited(): void {
    clearTimeout(this.reading);
    this.reading = window.setTimeout(() => void this.read(), REST_MS);
  }

  /** Put the draft's own faults on the map again. */
  showFaults(): void {
    this.ends.onFaults(this.faults, this.fault);
  }

  private async read(): Promise<void> {
    try {
      const [faults, edits, variants] = await Promise.all([
        this.server.faults(),
        this.sync.edits({ limit: PAGE }),
        this.server.variants(),
      ]);
      this.faults = faults;
      this.variants = variants;
      this.edits = edits;
      this.hasMore = edits.length === PAGE;
      if (!faults.some(({ key }) => key === this.fault)) [this.fault, this.ways] = [null, null];
      this.showFaults();
      this.norms.ask(this.bench.selection);
      this.draw();
    } catch {
      // Read again with the next edit or news; the banner tells of a lost connection.
    }
  }

  /** Open one of the panels. */
  show(panel: Panel): void {
    this.element.show(panel);
  }

  draw(): void {
    clearTimeout(this.drawing);
    this.drawing = window.setTimeout(() => {
      this.element.faults = this.faults.length;
      this.element.blocking = this.ends.conflicts().blocking;
      this.element.content = this.content(this.element.panel);
    }, 30);
  }

  private content(panel: Panel): TemplateResult {
    const { bench, language, description } = this;
    const isReadOnly = !description.may_edit;
    const zones = this.sync.store.all();
    const chosen = new Set(bench.selection);
    if (panel === "zone") {
      return html`<zone-form .zones=${zones.filter(({ uid }) => chosen.has(uid))} .functions=${description.functions} .language=${language}
        .check=${this.norms.findings} .isReadOnly=${isReadOnly}></zone-form>
        <variant-list .variants=${this.variants.filter(({ uid }) => chosen.has(uid))} .language=${language} .isReadOnly=${isReadOnly}></variant-list>`;
    }
    if (panel === "table") {
      return html`<zone-table .zones=${zones} .functions=${description.functions} .selected=${chosen} .language=${language} .isReadOnly=${isReadOnly}></zone-table>`;
    }
    if (panel === "faults") {
      return html`<fault-list .faults=${this.faults} .selected=${this.fault} .ways=${this.ways} .labels=${this.labels()} .language=${language}
        .isReadOnly=${isReadOnly}></fault-list>`;
    }
    if (panel === "conflicts") return this.ends.conflicts().content;
    const zone = chosen.size === 1 ? (bench.selection[0] ?? null) : null;
    return html`<edit-history .edits=${this.edits} .zone=${zone} .zoneLabel=${zone === null ? "" : (this.sync.store.shown(zone)?.label ?? "")}
      .detail=${this.detail} .hasMore=${this.hasMore} .isReadOnly=${isReadOnly} .language=${language}></edit-history>`;
  }

  private labels(): ReadonlyMap<string, string> {
    return new Map(this.sync.store.all().map(({ uid, label }) => [uid, label]));
  }

  private on<T>(name: string, act: (detail: T) => void): void {
    this.element.addEventListener(name, (event) => {
      if (event instanceof CustomEvent) act(event.detail as T);
    });
  }

  private listen(): void {
    this.on<Panel>("panel-chosen", () => { this.draw(); });
    this.on<ContentChange>("content-changed", ({ uids, content }) => {
      this.ends.put(uids.length > 1 ? "bulk" : "attributes", uids.map((uid) => this.change(uid, { content })));
    });
    this.on<ContentsChange>("contents-changed", (changes) => {
      this.ends.put("bulk", changes.map(({ uid, content }) => this.change(uid, { content })));
    });
    this.on<readonly string[]>("zones-selected", (uids) => { this.bench.select(uids); });
    this.on<string>("zone-shown", (uid) => {
      const zone = this.sync.store.shown(uid);
      this.bench.select([uid]);
      if (zone !== undefined) this.ends.fit(zone.box);
    });
    this.on<Variant>("variant-shown", ({ state }) => {
      this.ends.fit(boxOfSurface(state.boundary));
      this.ends.light(state.boundary);
    });
    this.on<Variant>("variant-taken", (variant) => {
      const { version: _, boundary, ...content } = variant.state;
      this.ends.put("resolve", [this.change(variant.uid, { boundary, content })]);
    });
    this.on<Variant>("variant-dropped", (variant) => void this.drop(variant));
    this.on<string>("fault-shown", (key) => { this.showFault(key); });
    this.on<string>("repair-asked", (key) => void this.askWays(key));
    this.on<WayChoice>("way-chosen", ({ way }) => {
      this.ends.put("repair", way.changes.map((change) => ({ ...change, after: this.sync.store.lastKeyOf(change.uid) })));
    });
    this.on<number>("edit-shown", (number) => void this.open(number));
    this.on<number>("undo-asked", (number) => { this.ends.undo(number); });
    this.on<null>("more-wanted", () => void this.more());
  }

  private change(uid: string, what: Partial<QueuedChange>): QueuedChange {
    return { uid, based_on: this.sync.store.savedVersion(uid), after: this.sync.store.lastKeyOf(uid), ...what };
  }

  private showFault(key: string): void {
    const fault = this.faults.find((one) => one.key === key);
    if (fault === undefined) return;
    this.fault = key;
    const [west, south, east, north] = fault.box;
    // A sliver alone would fill the map: its surroundings say which one it is.
    const margin = Math.max(15, (east - west + north - south) / 4);
    this.ends.fit([west - margin, south - margin, east + margin, north + margin]);
    this.showFaults();
    this.draw();
  }

  private async askWays(key: string): Promise<void> {
    this.showFault(key);
    try {
      this.ways = { key, ways: await this.server.ways(key) };
    } catch (error) {
      this.ends.warn(sentenceFor(error));
    }
    this.draw();
  }

  private async drop({ id }: Variant): Promise<void> {
    try {
      await this.server.dropVariant(id);
      this.variants = this.variants.filter((one) => one.id !== id);
    } catch (error) {
      this.ends.warn(sentenceFor(error));
    }
    this.draw();
  }

  private async open(number: number): Promise<void> {
    try {
      this.detail = { number, changes: (await this.server.edit(number)).changes };
    } catch (error) {
      this.ends.warn(sentenceFor(error));
    }
    this.draw();
  }

  private async more(): Promise<void> {
    const last = this.edits.at(-1);
    if (last === undefined) return;
    try {
      const further = await this.sync.edits({ before: last.number, limit: PAGE });
      this.edits = [...this.edits, ...further];
      this.hasMore = further.length === PAGE;
    } catch (error) {
      this.ends.warn(sentenceFor(error));
    }
    this.draw();
  }
}

interface WayAnswer {
  readonly key: string;
  readonly ways: readonly WayChoice["way"][];
}
