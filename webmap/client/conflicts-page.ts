/** The page of conflicts: who tells whom. */
import { html, nothing, render, type TemplateResult } from "lit";

import type {
  ConflictDetail, ConflictView, Difference, Heat, HeatCell, Matrix, NewDecision, NewEvent, RuleView, RunView, Severity,
} from "./api/conflict-types";
import { ConflictServer } from "./api/conflicts";
import type { Area } from "./api/drafts";
import { getJson } from "./api/http";
import type { MapDescription } from "./api/types";
import type { CellChoice } from "./conflicts/conflict-matrix";
import { backTo, mapLegend, steps, tabsLine } from "./conflicts/page-parts";
import type { RunPair } from "./conflicts/run-difference";
import { countText } from "./conflicts/words";
import type { MapTool } from "./elements/map-tools";
import { icon } from "./elements/icon";
import { sentenceFor } from "./elements/trouble";
import type { BaseMap } from "./map/base-map";
import type { ConflictMap } from "./map/conflict-map";
import { ALL_OPEN, asked, type ConflictsView, type Filters, isThrough, readView, type Sort, writeView } from "./state/conflict-view";
import { Latest } from "./state/latest";
import { isUnderWay, RunWatch } from "./state/run-watch";
import { gettext, interpolate, ngettext } from "./text/gettext";

/** What Django tells the page. */
export interface ConflictsSettings {
  readonly planning: string;
  readonly draft: number | null;
  readonly map: string;
  readonly epsg: number;
  readonly box: Area;
  readonly base: BaseMap;
  readonly wards: readonly { readonly code: string; readonly name: string }[];
  /** Codes of the plans that a decision may let prevail. */
  readonly plans: readonly string[];
  /** Where the draft is drawn, "" where it is not. */
  readonly workbench: string;
  readonly token: string;
  readonly sprite: string;
  readonly language: string;
}

/** Elements draw themselves a moment after they are told. */
function drawn(): Promise<unknown> {
  return new Promise(requestAnimationFrame);
}

/** So many conflicts a page of the list has. */
const PAGE = 50;

interface Listed {
  readonly total: number;
  readonly conflicts: readonly ConflictView[];
  readonly next: string | null;
}

/**
 * Puts headline, list, detail and map together.
 *
 * Owns what is shown and the address that says so. Public: `start`.
 */
export class ConflictsPage {
  private readonly server: ConflictServer;
  private readonly wards: ReadonlyMap<string, string>;
  private readonly watch: RunWatch;
  private view: ConflictsView;
  private map: ConflictMap | null = null;
  private rules: readonly RuleView[] = [];
  private runs: readonly RunView[] = [];
  private run: RunView | null | undefined = undefined;
  private last: RunView["state"] = "done";
  private listed: Listed | null = null;
  private trouble = "";
  private detail: ConflictDetail | null = null;
  private refusal = "";
  private isSending = false;
  private matrix: Matrix | null = null;
  private heat: Heat | null = null;
  private difference: Difference | null = null;
  private isCut = false;
  private base: readonly string[];
  /** What was in view and which row was opened, for whoever comes back. */
  private area: Area | null = null;
  private left: string | null = null;

  private readonly listing = new Latest<Listed>((progress) => {
    if (progress.kind === "done") [this.listed, this.trouble] = [progress.value, ""];
    else if (progress.kind === "failed") this.trouble = sentenceFor(progress.error);
    this.draw();
  });
  private readonly mapping = new Latest<Awaited<ReturnType<ConflictServer["map"]>>>((progress) => {
    if (progress.kind !== "done") return;
    this.isCut = progress.value.is_cut;
    const families = new Map(this.rules.map(({ code, family }) => [code, family]));
    this.map?.showConflicts(progress.value.conflicts.filter((one) => isThrough(one, this.view.filters, (rule) => families.get(rule) ?? "")));
    this.draw();
  });

  constructor(
    private readonly settings: ConflictsSettings,
    private readonly place: HTMLElement,
  ) {
    this.server = new ConflictServer(settings.planning, settings.draft, () => settings.token);
    this.wards = new Map(settings.wards.map(({ code, name }) => [code, name]));
    this.base = settings.base.layers.filter(({ is_shown }) => is_shown).map(({ id }) => id);
    this.view = readView(location.search);
    this.watch = new RunWatch(this.server, () => { this.draw(); }, (run) => void this.ended(run));
  }

  async start(): Promise<void> {
    this.draw();
    this.listen();
    const drawing = this.startMap();
    try {
      [this.rules] = await Promise.all([this.server.rules(), this.readRuns(), drawing]);
    } catch (error) {
      this.trouble = sentenceFor(error);
    }
    this.readTab();
    await this.open(this.view.conflict);
    document.documentElement.dataset["conflicts"] = "ready";
  }

  private async startMap(): Promise<void> {
    const { epsg, base, box, map } = this.settings;
    const [city, { ConflictMap: Drawing }] = await Promise.all([getJson<MapDescription>(map), import("./map/conflict-map")]);
    const crs = city.crs.find((one) => one.epsg === epsg);
    if (crs === undefined) throw new RangeError(`the server lists no EPSG:${epsg}`);
    const target = this.place.querySelector<HTMLElement>("#map");
    if (target === null) return;
    this.map = new Drawing(target, {
      crs, base, box, moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      listener: {
        onViewed: () => { this.readMap(); },
        onPicked: (key) => void this.go({ conflict: key }),
        onCell: (cell) => { this.showCell(cell); },
      },
    });
  }

  // --- what is read ---

  private async readRuns(): Promise<void> {
    this.runs = await this.server.runs();
    const done = this.runs.find(({ state }) => state === "done");
    this.run = done === undefined ? null : { ...done, counts: await this.server.openCounts() };
    const [newest] = this.runs;
    if (newest !== undefined && isUnderWay(newest)) this.watch.watch(newest);
    this.draw();
  }

  private async ended(run: RunView): Promise<void> {
    this.last = run.state;
    [this.matrix, this.heat, this.difference] = [null, null, null];
    try {
      await this.readRuns();
    } catch (error) {
      this.trouble = sentenceFor(error);
    }
    this.readTab();
    this.readMap();
  }

  private readTab(): void {
    const { tab } = this.view;
    this.map?.showHeat(tab === "heat" ? this.heat : null);
    if (tab === "list" || tab === "map") void this.readList();
    else if (tab === "matrix" && this.matrix === null) void this.reading(async () => { this.matrix = await this.server.matrix(); });
    else if (tab === "heat" && this.heat === null) {
      void this.reading(async () => {
        this.heat = await this.server.heat();
        if (this.view.tab !== "heat") return;
        this.map?.showHeat(this.heat);
        this.map?.showWhole();
      });
    } else if (tab === "difference") void this.readDifference();
  }

  private async reading(read: () => Promise<void>): Promise<void> {
    try {
      this.trouble = "";
      await read();
    } catch (error) {
      this.trouble = sentenceFor(error);
    }
    this.draw();
  }

  private readList(): Promise<void> {
    const { filters, sort } = this.view;
    return this.listing.ask(async (signal) => this.server.list({ ...asked(filters), sort }, null, PAGE, signal));
  }

  private async more(): Promise<void> {
    const { listed } = this;
    if (listed?.next == null) return;
    const { filters, sort } = this.view;
    await this.listing.ask(async (signal) => {
      const further = await this.server.list({ ...asked(filters), sort }, listed.next, PAGE, signal);
      return { ...further, conflicts: [...listed.conflicts, ...further.conflicts] };
    });
    await drawn();
    this.place.querySelectorAll<HTMLElement>(".conflict-list .conflict-row")[listed.conflicts.length]?.focus();
  }

  private readMap(): void {
    const { map } = this;
    if (map === null) return;
    // Where the map stands, for whoever drives the page from outside.
    this.place.querySelector<HTMLElement>("#map")?.setAttribute("data-area", map.area.join(","));
    void this.mapping.ask((signal) => this.server.map(map.area, signal));
  }

  private get pair(): RunPair | null {
    const done = this.runs.filter(({ state }) => state === "done");
    const known = (id: number | null): number | undefined => done.find((run) => run.id === id)?.id;
    const after = known(this.view.after) ?? done[0]?.id;
    const at = done.findIndex(({ id }) => id === after);
    const before = known(this.view.before) ?? done[at + 1]?.id ?? done[1]?.id;
    return after === undefined || before === undefined ? null : { before, after };
  }

  private async readDifference(): Promise<void> {
    const { pair } = this;
    if (pair === null) return;
    this.difference = null;
    this.draw();
    await this.reading(async () => { this.difference = await this.server.difference(pair.after, pair.before); });
  }

  // --- what is shown ---

  /** Show another view and say so in the address. */
  private async go(what: Partial<ConflictsView>): Promise<void> {
    const before = this.view;
    this.view = { ...before, ...what };
    const address = location.pathname + writeView(this.view, this.settings.draft);
    if (what.conflict !== undefined && what.conflict !== before.conflict) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    await this.shown(before);
  }

  private async shown(before: ConflictsView): Promise<void> {
    const { view } = this;
    if (view.filters !== before.filters) this.readMap();
    if (view.tab !== before.tab || view.filters !== before.filters || view.sort !== before.sort || view.before !== before.before || view.after !== before.after) {
      this.readTab();
    }
    if (view.conflict !== before.conflict) await this.open(view.conflict);
    this.draw();
  }

  private async open(key: string | null): Promise<void> {
    this.map?.select(key);
    this.refusal = "";
    if (key === null) {
      this.detail = null;
      this.map?.showDetail(null);
      if (this.area !== null) this.map?.fit(this.area, 0);
      this.area = null;
      this.draw();
      await drawn();
      if (this.left !== null) this.place.querySelector<HTMLElement>(`.conflict-row[data-key="${this.left}"]`)?.focus();
      return;
    }
    this.left = key;
    // Whoever comes back finds the map as it was.
    this.area ??= this.map?.area ?? null;
    if (this.detail?.key !== key) this.detail = null;
    this.draw();
    await this.reading(async () => {
      const detail = await this.server.detail(key);
      if (this.view.conflict !== key) return;
      this.detail = detail;
      this.map?.showDetail(detail);
      this.map?.fit(detail.box);
    });
    await drawn();
    // The pane begins at its top, and so does whoever listens to it.
    this.place.querySelector<HTMLElement>("#conflict-title")?.focus({ preventScroll: true });
    this.place.querySelector(".conflicts-pane")?.scrollTo(0, 0);
    if (matchMedia("(max-width: 999px)").matches) this.place.querySelector(".conflicts-map")?.scrollIntoView();
  }

  private showCell([east, north]: HeatCell): void {
    const { cell_m } = this.heat ?? { cell_m: 0 };
    void this.go({ tab: "list" });
    this.map?.fit([east, north, east + cell_m, north + cell_m]);
  }

  private async send(sending: (key: string) => Promise<ConflictDetail>): Promise<void> {
    const { conflict } = this.view;
    if (conflict === null) return;
    this.isSending = true;
    this.refusal = "";
    this.draw();
    try {
      const detail = await sending(conflict);
      if (this.view.conflict === conflict) this.detail = detail;
      [this.matrix, this.heat] = [null, null];
      void this.readList();
      this.readMap();
      await this.readRuns();
    } catch (error) {
      this.refusal = sentenceFor(error);
    }
    this.isSending = false;
    this.draw();
  }

  private listen(): void {
    const on = <T>(name: string, act: (detail: T) => void): void => {
      this.place.addEventListener(name, (event) => {
        if (event instanceof CustomEvent) act(event.detail as T);
      });
    };
    on("run-asked", () => void this.watch.start());
    on("cancel-asked", () => void this.watch.cancel());
    on<Severity>("severity-chosen", (severity) => void this.go({ tab: "list", conflict: null, filters: { ...ALL_OPEN, severity } }));
    on<Filters>("filters-changed", (filters) => void this.go({ filters }));
    on<Sort>("sort-changed", (sort) => void this.go({ sort }));
    on<string>("conflict-chosen", (conflict) => void this.go({ conflict }));
    on("detail-closed", () => void this.go({ conflict: null }));
    on("place-shown", () => { if (this.detail !== null) this.map?.fit(this.detail.box); });
    on("more-wanted", () => void this.more());
    on<CellChoice>("cell-chosen", ({ rule, ward }) => void this.go({ tab: "list", conflict: null, filters: { ...ALL_OPEN, rule, ward } }));
    on<HeatCell>("square-chosen", (cell) => { this.showCell(cell); });
    on<RunPair>("runs-chosen", ({ before, after }) => void this.go({ before, after }));
    on<NewEvent>("event-told", (event) => void this.send((key) => this.server.tell(key, event)));
    on<NewDecision>("decision-made", (decision) => void this.send(async (key) => {
      await this.server.decide(decision);
      return this.server.detail(key);
    }));
    on<MapTool>("tool-used", (tool) => {
      if (tool === "zoom-in") this.map?.zoomBy(1);
      else if (tool === "zoom-out") this.map?.zoomBy(-1);
      else this.map?.showWhole();
    });
    on<readonly string[]>("base-chosen", (ids) => {
      this.base = ids;
      this.map?.showBase(ids);
    });
    addEventListener("popstate", () => {
      const before = this.view;
      this.view = readView(location.search);
      void this.shown(before);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.view.conflict === null || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select") !== null) return;
      void this.go({ conflict: null });
    });
  }

  // --- what is drawn ---

  private draw(): void {
    const { view, settings } = this;
    const isDetail = view.conflict !== null;
    render(
      html`<run-line .run=${this.run} .progress=${this.watch.progress} .last=${this.last} .language=${settings.language}></run-line>
        ${tabsLine(isDetail ? null : view.tab, (tab) => void this.go({ tab, conflict: null }), (ending) => this.server.report(ending, asked(view.filters)))}
        <div class="conflicts-body" data-tab=${view.tab} ?data-detail=${isDetail}>
          <section class="conflicts-pane" id="conflicts-pane" aria-label=${isDetail ? gettext("Conflict") : gettext("Conflicts")}>
            ${this.trouble === "" ? nothing : html`<p class="form-refusal" role="alert">${this.trouble}</p>`}
            ${isDetail ? this.opened() : this.pane()}
          </section>
          <section class="conflicts-map" aria-label=${gettext("Map")}>
            <div class="map-place"><div id="map" tabindex="0" role="application" aria-label=${gettext("Map of the conflicts: arrow keys move it, plus and minus zoom; the list says the same in words")}></div>
              <div class="map-corner"><base-switch .layers=${settings.base.layers} .shown=${this.base} .hasGround=${false}></base-switch></div>
              <map-tools role="group" aria-label=${gettext("Map tools")}></map-tools></div>
            ${mapLegend(view.tab === "heat" && !isDetail, this.isCut)}
          </section>
        </div>`,
      this.place,
    );
  }

  private opened(): TemplateResult {
    const { settings, view, listed } = this;
    return html`${steps(view.conflict ?? "", listed?.conflicts ?? [], listed?.total ?? 0, (conflict) => void this.go({ conflict }))}
      <conflict-detail .conflict=${this.detail} .wards=${this.wards} .plans=${settings.plans} .workbench=${settings.workbench} .trouble=${this.refusal}
        .isSending=${this.isSending} .back=${backTo(view.tab)} .language=${settings.language}></conflict-detail>`;
  }

  private pane(): TemplateResult {
    const { view, settings, wards } = this;
    const { language } = settings;
    if (view.tab === "matrix") return html`<conflict-matrix .matrix=${this.matrix} .rules=${this.rules} .language=${language}></conflict-matrix>`;
    if (view.tab === "heat") return html`<heat-list .heat=${this.heat} .language=${language}></heat-list>`;
    if (view.tab === "difference") {
      return html`<run-difference .runs=${this.runs.filter(({ state }) => state === "done")} .pair=${this.pair} .difference=${this.difference}
        .wards=${wards} .language=${language}></run-difference>`;
    }
    const { listed } = this;
    return html`<conflict-filter .filters=${view.filters} .sort=${view.sort} .rules=${this.rules} .wards=${wards}></conflict-filter>
      ${listed === null
        ? html`<p class="panel-empty">${gettext("Loading…")}</p>`
        : html`<p class="conflict-total" role="status">${this.run === null
            ? gettext("Nothing was checked yet.")
            : interpolate(ngettext("%(count)s conflict", "%(count)s conflicts", listed.total), { count: countText(listed.total, language) })}</p>
          ${listed.total === 0 && this.run
            ? html`<p class="panel-empty">${icon("clear")}${gettext("No conflict goes through this filter.")}</p>`
            : html`<conflict-list .conflicts=${listed.conflicts} .selected=${this.left} .wards=${wards} .hasMore=${listed.next !== null} .language=${language}></conflict-list>`}`}`;
  }
}
