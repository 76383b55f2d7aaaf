/** The page of reach: who tells whom. */
import { html, nothing, render, type TemplateResult } from "lit";

import type { EastNorth } from "./api/draft-types";
import type { Area } from "./api/drafts";
import { getJson } from "./api/http";
import { ReachServer } from "./api/reach";
import type { CoverageRun, Figure, KindView, NetworkIssue, NetworkQuality, NormCheck, PlotDetail } from "./api/reach-types";
import type { MapDescription } from "./api/types";
import { barPatterns } from "./charts/share-bar";
import type { MapTool } from "./elements/map-tools";
import { sentenceFor } from "./elements/trouble";
import type { BaseMap } from "./map/base-map";
import type { ReachMap } from "./map/reach-map";
import { normOf } from "./reach/figures";
import { CoverageMap } from "./reach/coverage-map";
import { coverageLegend, lookSwitch, tabsLine } from "./reach/page-parts";
import { issueKey } from "./reach/reach-network";
import { isUnderWay, RunWatch } from "./state/run-watch";
import { type ReachTab, type ReachView, readReachView, writeReachView } from "./state/reach-view";
import { gettext } from "./text/gettext";

/** What Django tells the page. */
export interface ReachSettings {
  readonly planning: string;
  /** The plan version that is looked at; null: the city. */
  readonly draft: number | null;
  readonly is_draft: boolean;
  readonly map: string;
  readonly epsg: number;
  readonly box: Area;
  readonly base: BaseMap;
  readonly wards: readonly { readonly code: string; readonly name: string }[];
  readonly kinds: readonly KindView[];
  /** Where zones in force are asked for by a `bbox` in the storage system. */
  readonly zones: string;
  /** Functions of ground in the zones of the scope. */
  readonly functions: readonly { readonly code: string; readonly name: string }[];
  /** Where the draft is drawn, "" where it is not. */
  readonly workbench: string;
  /** The public page of a plot, `{uuid}` for its identity. */
  readonly plot: string;
  readonly token: string;
  readonly sprite: string;
  readonly language: string;
}

/**
 * Puts headline, tabs and map together.
 *
 * Owns what is shown and the address that says so. Public: `start`.
 *
 * An element of a tab gets `scope` (the plan version; null: the city), `map`, `kinds`, `functions` (of ground),
 * `planning` (where the server listens), `token` and `language`; the map is empty when it comes, and emptied when it goes.
 */
export class ReachPage {
  private readonly server: ReachServer;
  private readonly wards: ReadonlyMap<string, string>;
  private readonly watch: RunWatch<CoverageRun>;
  private view: ReachView;
  private map: ReachMap | null = null;
  private run: CoverageRun | null | undefined = undefined;
  private last: CoverageRun["state"] = "done";
  private figures: readonly Figure[] = [];
  private trouble = "";
  private plot: PlotDetail | null = null;
  private plotTrouble = "";
  private coverage: CoverageMap | null = null;
  private norms: NormCheck | null = null;
  private quality: NetworkQuality | null = null;
  private issue: string | null = null;
  private tabTrouble = "";
  private base: readonly string[];

  constructor(
    private readonly settings: ReachSettings,
    private readonly place: HTMLElement,
  ) {
    this.server = new ReachServer(settings.planning, settings.draft, () => settings.token);
    this.wards = new Map(settings.wards.map(({ code, name }) => [code, name]));
    this.base = settings.base.layers.filter(({ is_shown }) => is_shown).map(({ id }) => id);
    this.view = readReachView(location.search);
    this.watch = new RunWatch(this.server, () => { this.draw(); }, (run) => void this.ended(run));
  }

  async start(): Promise<void> {
    this.draw();
    this.listen();
    try {
      await Promise.all([this.readRuns(), this.startMap()]);
    } catch (error) {
      this.trouble = sentenceFor(error);
    }
    this.showTab();
    if (this.view.plot !== null) await this.openPlot(this.view.plot);
    this.draw();
    document.documentElement.dataset["reach"] = "ready";
  }

  private async startMap(): Promise<void> {
    const { epsg, base, box, map } = this.settings;
    const [city, { ReachMap: Drawing }] = await Promise.all([getJson<MapDescription>(map), import("./map/reach-map")]);
    const crs = city.crs.find((one) => one.epsg === epsg);
    if (crs === undefined) throw new RangeError(`the server lists no EPSG:${epsg}`);
    const target = this.place.querySelector<HTMLElement>("#map");
    if (target === null) return;
    this.map = new Drawing(target, { crs, base, box, moves: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    this.map.listen({ picked: (thing, key) => { if (thing === "issue") this.pickIssue(key); } });
    this.coverage = new CoverageMap(this.map, this.server, () => { this.draw(); }, (plot) => { this.go({ plot }); });
  }

  // --- what is read ---

  private async readRuns(): Promise<void> {
    const runs = await this.server.runs();
    const done = runs.find(({ state }) => state === "done") ?? null;
    this.figures = done === null ? [] : await this.server.figures({});
    this.run = done;
    const [newest] = runs;
    if (newest !== undefined && isUnderWay(newest)) this.watch.watch(newest);
    this.draw();
  }

  private async ended(run: CoverageRun): Promise<void> {
    this.last = run.state;
    if (run.state === "done") this.coverage?.forget();
    try {
      await this.readRuns();
    } catch (error) {
      this.trouble = sentenceFor(error);
    }
    this.draw();
  }

  // --- what is shown ---

  /** Show another view and say so in the address. */
  private go(what: Partial<ReachView>): void {
    const before = this.view;
    this.view = { ...before, ...what };
    const address = location.pathname + writeReachView(this.view, this.settings.draft, location.search);
    const isStep = this.view.tab !== before.tab || this.view.kind !== before.kind || this.view.plot !== before.plot;
    if (isStep) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.shown(before);
  }

  private shown(before: ReachView): void {
    const { view } = this;
    if (view.tab !== before.tab) {
      this.coverage?.show(null);
      this.map?.clear();
    }
    this.showTab();
    if (view.plot !== before.plot || (view.plot !== null && view.kind !== before.kind)) void this.openPlot(view.plot);
    this.draw();
    if (view.kind !== before.kind) void this.turnTo("#reach-kind-title, .kind-row[data-kind=\"" + before.kind + "\"]");
  }

  private showTab(): void {
    const { tab, kind, look } = this.view;
    if (tab === "coverage" && this.run) this.coverage?.show(kind, kind === "" ? "bands" : look);
    else if (tab === "norms" && this.norms === null && this.settings.draft !== null) {
      void this.reading(async () => { this.norms = await this.server.norms(); });
    } else if (tab === "network" && this.quality === null) void this.reading(async () => { this.quality = await this.server.quality(); });
  }

  private async reading(read: () => Promise<void>): Promise<void> {
    this.tabTrouble = "";
    try {
      await read();
    } catch (error) {
      this.tabTrouble = sentenceFor(error);
    }
    this.draw();
  }

  private showIssue(issue: NetworkIssue): void {
    if (issue.place === null) return;
    this.issue = issueKey(issue);
    this.map?.select(this.issue);
    this.map?.fitPlaces([issue.place]);
    this.draw();
  }

  private pickIssue(key: string): void {
    const issue = this.quality?.issues.find((one) => issueKey(one) === key);
    if (issue !== undefined) this.showIssue(issue);
  }

  private showIssues(issues: readonly NetworkIssue[]): void {
    this.map?.showIssues(issues.flatMap((issue) => (issue.place === null ? [] : [{ key: issueKey(issue), place: issue.place }])));
  }

  /** Bring what was opened to whoever reads or listens. */
  private async turnTo(selector: string): Promise<void> {
    await new Promise(requestAnimationFrame);
    this.place.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
    const pane = this.place.querySelector("#reach-pane");
    if (pane !== null && pane.getBoundingClientRect().top < 0) pane.scrollIntoView();
  }

  private async openPlot(uuid: string | null): Promise<void> {
    this.map?.select(uuid);
    this.map?.showWay(null);
    this.plotTrouble = "";
    if (this.plot?.uuid !== uuid) this.plot = null;
    this.draw();
    if (uuid === null) return;
    try {
      const plot = await this.server.plot(uuid, this.view.kind);
      if (this.view.plot !== uuid) return;
      this.plot = plot;
      const service = plot.services.find(({ kind }) => kind === this.view.kind);
      const place = (key: string | null): EastNorth | null => this.coverage?.placeOf(key) ?? null;
      this.map?.showWay(plot.way, place(uuid), place(service?.facility ?? null));
    } catch (error) {
      this.plotTrouble = sentenceFor(error);
    }
    this.draw();
    await this.turnTo("#reach-plot-title");
  }

  private listen(): void {
    const on = <T>(name: string, act: (detail: T) => void): void => {
      this.place.addEventListener(name, (event) => {
        if (event instanceof CustomEvent) act(event.detail as T);
      });
    };
    on("run-asked", () => void this.watch.start());
    on("cancel-asked", () => void this.watch.cancel());
    on<string>("kind-chosen", (kind) => { this.go({ kind, norm: "", plot: null }); });
    on<string>("norm-chosen", (norm) => { this.go({ norm }); });
    on("plot-closed", () => { this.go({ plot: null }); });
    on<string>("way-chosen", (kind) => { this.go({ kind, norm: "" }); });
    on<NetworkIssue>("issue-chosen", (issue) => { this.showIssue(issue); });
    on<readonly NetworkIssue[]>("issues-shown", (issues) => { this.showIssues(issues); });
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
      this.view = readReachView(location.search);
      this.shown(before);
    });
  }

  // --- what is drawn ---

  private draw(): void {
    const { view, settings, server } = this;
    const reports = view.tab === "coverage" && this.run ? [["PDF", server.report("report.pdf")], ["CSV", server.report("report.csv")]] as const : [];
    render(
      html`${barPatterns()}
        <reach-run .run=${this.run} .figures=${this.figures} .kinds=${settings.kinds} .wards=${this.wards} .progress=${this.watch.progress}
          .last=${this.last} .language=${settings.language}></reach-run>
        ${tabsLine(view.tab, (tab) => { this.go({ tab, plot: null }); }, reports)}
        <div class="reach-body" data-tab=${view.tab}>
          <section class="reach-pane" id="reach-pane" aria-label=${this.nameOf(view.tab)}>
            ${this.trouble === "" ? nothing : html`<p class="form-refusal" role="alert">${this.trouble}</p>`}
            ${this.pane()}
          </section>
          <section class="reach-map" aria-label=${gettext("Map")}>
            ${view.tab === "coverage" && this.coverage !== null && this.run
              ? html`${view.kind === "" ? nothing : lookSwitch(view.look, (look) => { this.go({ look }); })}${coverageLegend(view.kind, this.coverage.drawn, settings.language)}`
              : nothing}
            <div class="map-place"><div id="map" tabindex="0" role="application" aria-label=${gettext("Map of reach: arrow keys move it, plus and minus zoom; lists and tables say the same in words")}></div>
              <div class="map-corner"><base-switch .layers=${settings.base.layers} .shown=${this.base} .hasGround=${false}></base-switch></div>
              <map-tools role="group" aria-label=${gettext("Map tools")}></map-tools></div>
          </section>
        </div>
        ${this.more()}`,
      this.place,
    );
  }

  private nameOf(tab: ReachTab): string {
    return {
      coverage: gettext("Coverage"), scenarios: gettext("Scenarios"), siting: gettext("Where next"), network: gettext("Streets"), norms: gettext("Norms"),
    }[tab];
  }

  private pane(): TemplateResult | typeof nothing {
    const { settings, map } = this;
    const { draft: scope, kinds, language, planning, token } = settings;
    switch (this.view.tab) {
      case "scenarios":
        return map === null ? nothing : html`<reach-scenarios .scope=${scope} .map=${map} .kinds=${kinds} .planning=${planning} .token=${token}
          .functions=${settings.functions} .zonesInForce=${settings.zones} .language=${language} .isDraft=${settings.is_draft}></reach-scenarios>`;
      case "siting":
        return map === null ? nothing : html`<reach-siting .scope=${scope} .map=${map} .kinds=${kinds} .wanted=${this.view.kind} .functions=${settings.functions} .planning=${planning} .token=${token}
          .language=${language}></reach-siting>`;
      case "coverage":
        return this.run ? this.covered() : this.run === null ? html`<p class="reach-empty">${gettext("Once it is worked out, every service stands here with the people who have it near enough, ward by ward.")}</p>` : nothing;
      case "network":
        return html`<reach-network .quality=${this.quality} .chosen=${this.issue} .trouble=${this.tabTrouble} .language=${language}></reach-network>`;
      case "norms":
        return html`<reach-norms .check=${this.norms} .isCity=${scope === null} .trouble=${this.tabTrouble} .language=${language}></reach-norms>`;
    }
  }

  /** What has room below both. */
  private more(): TemplateResult | typeof nothing {
    const { view, figures, run, settings } = this;
    if (view.tab !== "coverage" || view.plot !== null || view.kind === "" || !run) return nothing;
    const kind = settings.kinds.find(({ code }) => code === view.kind);
    const norm = kind === undefined ? null : normOf(figures, kind, view.norm);
    return html`<reach-kind-charts class="reach-more" .kind=${view.kind} .norm=${norm?.id ?? ""} .figures=${figures} .language=${settings.language}></reach-kind-charts>`;
  }

  private covered(): TemplateResult {
    const { view, settings, figures, wards } = this;
    const { kinds, language } = settings;
    if (view.plot !== null) {
      return html`<reach-plot .plot=${this.plot} .kind=${view.kind} .page=${settings.plot.replace("{uuid}", view.plot)} .trouble=${this.plotTrouble}
        .language=${language}></reach-plot>`;
    }
    const kind = kinds.find(({ code }) => code === view.kind);
    return kind === undefined
      ? html`<reach-overview .kinds=${kinds} .figures=${figures} .wards=${wards} .language=${language}></reach-overview>`
      : html`<reach-kind .kind=${kind} .norm=${view.norm} .figures=${figures} .wards=${wards} .language=${language}></reach-kind>`;
  }
}
