/** The tab of scenarios: what if a service stood elsewhere, and who would gain and who lose. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import "./place-field";
import "./scenario-about";
import "./scenario-changes";
import "./scenario-effects";
import "./scenario-gains";
import "./scenario-list";
import "./scenario-room";
import "./scenario-tools";
import "./zone-people";
import type { Description } from "./scenario-about";
import type { ScenarioTools } from "./scenario-tools";
import { pointsText, shareOrDash, signedPoints } from "./scenario-words";
import { metresText, peopleText } from "./words";
import type { PeopledZone } from "./zone-people";
import type { EastNorth } from "../api/draft-types";
import type { Area } from "../api/drafts";
import { getJson } from "../api/http";
import { ScenarioServer } from "../api/reach-scenarios";
import type { KindView } from "../api/reach-types";
import type { ChangedPlot, ChangeView, KindEffect, NewChange, ScenarioView } from "../api/scenario-types";
import { icon } from "../elements/icon";
import { sentenceFor } from "../elements/trouble";
import type { ReachMap } from "../map/reach-map";
import { effectId } from "../state/effects";
import { shareOf } from "../state/run-watch";
import { ScenarioDesk } from "../state/scenario-desk";
import { inForce, nextRedo, nextUndo } from "../state/undoing";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** In a window no wider than this, in metres of ground, plots are shown one by one. */
const PLOTS_M = 1000;

/** Around a zone so much is shown, in metres. */
const ZONE_MARGIN_M = 150;

/** The parameters of the address that are this tab's. */
const OWN = { scenario: "scenario", kind: "service", norm: "row", other: "with" } as const;

/**
 * Puts list, tools, effects and map of scenarios together.
 *
 * Owns which scenario is open, and its part of the address. Public: `scope` (plan version; null: the city), `map`, `kinds`,
 * `functions` (names of what zones are for), `zonesInForce` (where those are asked for), `planning`, `token`, `isDraft`, `language`.
 */
@customElement("reach-scenarios")
export class ReachScenarios extends LitElement {
  @property({ attribute: false }) scope: number | null = null;
  @property({ attribute: false }) map!: ReachMap;
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) functions: readonly { readonly code: string; readonly name: string }[] = [];
  @property({ attribute: false }) zonesInForce = "";
  @property({ attribute: false }) planning = "";
  @property({ attribute: false }) token = "";
  @property({ attribute: false }) isDraft = false;
  @property({ attribute: false }) language = "vi";
  @state() private selected: string | null = null;
  @state() private plot: ChangedPlot | null = null;
  @state() private zones: readonly PeopledZone[] | null = null;
  @query("scenario-tools") private readonly tools!: ScenarioTools | null;
  private desk!: ScenarioDesk;
  private isReadingZones = false;
  private isToFit = false;
  private quit: () => void = () => undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const server = new ScenarioServer(this.planning, this.scope, () => this.token);
    this.desk = new ScenarioDesk(server, () => { this.changed(); });
    this.quit = this.map.listen({
      picked: (thing, key) => { this.picked(thing, key); },
      moved: (target, place) => void this.make({ action: "move", target, place }),
      clicked: () => { this.choose(null); },
      viewed: () => { this.showPeople(); },
    });
    addEventListener("popstate", this.wentBack);
    document.addEventListener("keydown", this.pressed);
    void this.desk.readList();
    this.readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.quit();
    this.desk.stop();
    removeEventListener("popstate", this.wentBack);
    document.removeEventListener("keydown", this.pressed);
  }

  // --- the address ---

  private readAddress(): void {
    const said = new URLSearchParams(location.search);
    const [key, kind, norm, other] = [OWN.scenario, OWN.kind, OWN.norm, OWN.other].map((name) => said.get(name) ?? "");
    this.desk.looking = { kind: kind ?? "", norm: norm ?? "", other: null };
    if (!key) {
      if (this.desk.scenario !== null) this.desk.close();
    } else if (key !== this.desk.scenario?.key) {
      void this.desk.open(key).then(() => {
        if (other) this.desk.look({ other });
        this.fit();
      });
    }
  }

  private writeAddress(isStep: boolean): void {
    const said = new URLSearchParams(location.search);
    const { scenario, looking } = this.desk;
    const values = {
      [OWN.scenario]: scenario?.key ?? "", [OWN.kind]: scenario === null ? "" : looking.kind, [OWN.norm]: scenario === null ? "" : looking.norm,
      [OWN.other]: looking.other ?? "",
    };
    for (const [name, value] of Object.entries(values)) {
      if (value === "") said.delete(name);
      else said.set(name, value);
    }
    const text = said.toString();
    const address = location.pathname + (text === "" ? "" : `?${text}`);
    if (isStep) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }

  private readonly wentBack = (): void => {
    if (new URLSearchParams(location.search).get("view") === "scenarios") this.readAddress();
  };

  // --- what happens ---

  private changed(): void {
    this.showOnMap();
    if (this.isToFit) this.fit();
    // Changes name their zones.
    if (this.isDraft && this.desk.scenario?.changes.some(({ action }) => action === "people") === true) void this.readZones();
    this.requestUpdate();
  }

  private async open(key: string): Promise<void> {
    await this.desk.open(key);
    this.writeAddress(true);
    this.fit();
    await this.focusTitle();
  }

  private async begin(send: () => Promise<void>): Promise<void> {
    const before = this.desk.scenario?.key;
    await send();
    if (this.desk.scenario === null || this.desk.scenario.key === before) return;
    this.writeAddress(true);
    await this.focusTitle();
  }

  private async focusTitle(): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>("#scenario-title")?.focus({ preventScroll: true });
  }

  private async make(change: NewChange): Promise<void> {
    const isDone = await this.desk.change(change);
    // What was dragged stands where it was.
    if (!isDone) this.showOnMap();
    else this.writeAddress(false);
    if (isDone && (change.action === "add" || change.action === "close")) this.selected = null;
    this.plot = null;
    await this.updateComplete;
    // Where the form was that had the focus, there is nothing now.
    if (isDone && document.activeElement === document.body) this.querySelector<HTMLElement>(".scenario-step")?.focus({ preventScroll: true });
  }

  private look(what: Partial<ScenarioDesk["looking"]>): void {
    this.desk.look(what);
    this.choose(null);
    this.writeAddress(false);
  }

  private close(): void {
    this.selected = null;
    this.desk.close();
    this.writeAddress(true);
    this.map.showFacilities([]);
    this.map.showSquares(null);
    this.map.showPlots([]);
    this.map.showRoads([]);
  }

  private async withdraw(): Promise<void> {
    await this.desk.withdraw();
    if (this.desk.scenario === null) this.close();
  }

  private picked(thing: string, key: string): void {
    if (thing === "facility") this.choose(key);
    else if (thing === "plot") this.plot = this.desk.comparison?.plots.find(({ uuid }) => uuid === key) ?? null;
  }

  private choose(key: string | null): void {
    this.selected = key;
    this.plot = null;
    this.map.select(key);
  }

  private async readZones(): Promise<void> {
    if (this.zones !== null || this.scope === null || this.isReadingZones) return;
    this.isReadingZones = true;
    try {
      const { zones } = await getJson<{ zones: readonly PeopledZone[] }>(`${this.planning}/drafts/${this.scope}/zones?geometry=no`);
      this.zones = [...zones].sort((one, other) => one.label.localeCompare(other.label, "vi", { numeric: true }));
    } catch (error) {
      this.desk.error = error;
      this.requestUpdate();
    }
    this.isReadingZones = false;
  }

  /** Read the zones in force at a place: of plans of several levels, one above the other. */
  private async readZonesAt([east, north]: EastNorth): Promise<void> {
    this.zones = null;
    try {
      const { features } = await getJson<{ features: readonly { properties: Omit<PeopledZone, "box"> }[] }>(`${this.zonesInForce}&bbox=${east},${north},${east},${north}&limit=50`);
      this.zones = features.map(({ properties: { uid, label, function: code, population, plan } }) => ({ uid, label, function: code, population, box: null, ...(plan === undefined ? {} : { plan }) }));
    } catch (error) {
      [this.zones, this.desk.error] = [[], error];
    }
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.desk.scenario === null) return;
    const isField = event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
    if (event.key === "Escape" && this.tools?.drop() === true) event.preventDefault();
    else if (!isField && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      void (event.shiftKey ? this.desk.redo() : this.desk.undo());
    } else if (!isField && event.ctrlKey && event.key.toLowerCase() === "y") {
      event.preventDefault();
      void this.desk.redo();
    }
  };

  // --- the map ---

  private showOnMap(): void {
    const { scenario, facilities, isSending } = this.desk;
    if (scenario === null) return;
    this.map.showFacilities(facilities, () => scenario.is_mine && !isSending);
    this.map.showRoads(inForce(scenario.changes).flatMap(({ axis, number }) => (axis === null ? [] : [{ key: String(number), axis }])));
    this.map.select(this.selected);
    this.showPeople();
  }

  /** Who gains and who loses: by squares, and near by plots; where not all of these are listed, by both. */
  private showPeople(): void {
    const { comparison, scenario } = this.desk;
    if (scenario === null) return;
    const [west, south, east, north] = this.map.area;
    const isNear = east - west <= PLOTS_M;
    const plots = isNear ? (comparison?.plots ?? []) : [];
    this.map.showSquares(isNear && comparison?.is_cut === false ? null : (comparison?.squares ?? null));
    this.map.showPlots(plots.filter(({ place: [e, n] }) => e >= west && e <= east && n >= south && n <= north)
      .map(({ uuid, place, is }) => ({ uuid, place, state: is })));
  }

  /** Show all that changes, once it is known whom it touches. */
  private fit(): void {
    const { scenario, comparison, isComparing } = this.desk;
    this.isToFit = scenario !== null && comparison === null && isComparing;
    if (scenario === null || this.isToFit) return;
    const squares = (comparison?.squares ?? []).map(([east, north]): EastNorth => [east + 50, north + 50]);
    const places = inForce(scenario.changes).flatMap(({ place, axis, from }) => [...(place === null ? [] : [place]), ...(from === null ? [] : [from]), ...(axis ?? [])]);
    if (places.length > 0) this.map.fitPlaces([...places, ...squares]);
  }

  private showChange({ place, from, axis }: ChangeView): void {
    this.map.fitPlaces([...(place === null ? [] : [place]), ...(from === null ? [] : [from]), ...(axis ?? [])]);
    if (matchMedia("(max-width: 999px)").matches) document.querySelector(".reach-map")?.scrollIntoView();
  }

  // --- what is drawn ---

  protected override render(): TemplateResult {
    const { desk } = this;
    const { scenario } = desk;
    if (scenario === null) {
      return html`${this.trouble()}
        <scenario-list .scenarios=${desk.list} .isSending=${desk.isSending} .language=${this.language}
          @scenario-opened=${(event: CustomEvent<string>) => void this.open(event.detail)}
          @scenario-begun=${(event: CustomEvent<string>) => void this.begin(() => desk.begin(event.detail))}></scenario-list>`;
    }
    return html`<div class="scenario-open" data-key=${scenario.key} data-edits=${scenario.edits}>
      ${this.bar(scenario)}
      ${this.trouble()}
      ${scenario.kinds.length === 0 ? nothing : this.gains(scenario)}
      ${scenario.is_mine
        ? html`<h3 class="reach-subtitle">${gettext("Change something")}</h3>
          <scenario-tools .map=${this.map} .kinds=${this.kinds} .kind=${desk.looking.kind} .facilities=${desk.facilities} .selected=${this.selected}
            .zones=${this.zones} .isDraft=${this.isDraft} .nameOf=${(code: string) => this.functions.find((one) => one.code === code)?.name ?? code} .isSending=${desk.isSending}
            .language=${this.language}
            @change-wanted=${(event: CustomEvent<NewChange>) => void this.make(event.detail)}
            @kind-looked-at=${(event: CustomEvent<string>) => { this.look({ kind: event.detail, norm: "" }); }}
            @facility-chosen=${(event: CustomEvent<string>) => { this.chooseListed(event.detail); }}
            @zones-picked=${(event: CustomEvent<EastNorth>) => void this.readZonesAt(event.detail)}
            @zones-wanted=${() => void this.readZones()}
            @zone-shown=${(event: CustomEvent<Area>) => { this.map.fit(event.detail, ZONE_MARGIN_M); }}></scenario-tools>`
        : this.foreign(scenario)}
      <scenario-changes .changes=${scenario.changes} .leftOut=${scenario.left_out} .kinds=${this.kinds}
        .zoneName=${(uid: string) => this.zones?.find((zone) => zone.uid === uid)?.label ?? ""} .isMine=${scenario.is_mine} .isSending=${desk.isSending}
        .language=${this.language}
        @change-taken-back=${(event: CustomEvent<number>) => void desk.takeBack(event.detail)}
        @change-shown=${(event: CustomEvent<ChangeView>) => { this.showChange(event.detail); }}></scenario-changes>
      <scenario-effects .effects=${scenario.kinds} .all=${scenario.all_services} .chosen=${desk.effect === null ? "" : effectId(desk.effect)} .language=${this.language}
        @effect-chosen=${(event: CustomEvent<KindEffect>) => { this.look({ kind: event.detail.kind, norm: event.detail.norm }); }}></scenario-effects>
      ${scenario.is_mine
        ? html`<scenario-about .scenario=${scenario} .isDraft=${this.isDraft} .isSending=${desk.isSending}
            @scenario-described=${(event: CustomEvent<Description>) => void desk.describe(event.detail)}
            @copy-wanted=${() => void this.copy(scenario)} @withdraw-wanted=${() => void this.withdraw()}></scenario-about>`
        : nothing}
    </div>`;
  }

  private bar(scenario: ScenarioView): TemplateResult {
    const { desk } = this;
    const [back, forward] = [nextUndo(scenario.changes), nextRedo(scenario.changes)];
    return html`<div class="scenario-bar">
      <button type="button" class="button small-button" @click=${() => { this.close(); }}>‹ ${gettext("Scenarios")}</button>
      <h2 id="scenario-title" tabindex="-1">${scenario.title}</h2>
      ${scenario.is_mine
        ? html`<span class="scenario-undo" role="group" aria-label=${gettext("Undo and redo")}>
            <button type="button" class="button small-button" data-do="undo" ?disabled=${back === null || desk.isSending} title="Ctrl+Z" @click=${() => void desk.undo()}>${icon("tool-undo")}${gettext("Undo")}</button>
            <button type="button" class="button small-button" data-do="redo" ?disabled=${forward === null || desk.isSending} title="Ctrl+Shift+Z" @click=${() => void desk.redo()}>${icon("tool-redo")}${gettext("Redo")}</button>
          </span>`
        : nothing}
      ${this.waiting()}
      ${this.stepped()}
    </div>`;
  }

  private trouble(): TemplateResult | typeof nothing {
    const { desk } = this;
    if (desk.error === null) return nothing;
    return html`<div class="scenario-trouble" role="alert"><p class="form-refusal">${sentenceFor(desk.error)}</p>
      ${desk.refused === null
        ? nothing
        : html`<p>${gettext("You now see what is there. Your change was not made.")}
            <button type="button" class="button small-button main-button" @click=${() => void desk.insist()}>${gettext("Make it all the same")}</button></p>`}
      <button type="button" class="button small-button" @click=${() => { desk.forget(); }}>${gettext("Close")}</button></div>`;
  }

  private waiting(): TemplateResult | typeof nothing {
    const { base, scenario, isSending } = this.desk;
    if (base === null) {
      return isSending ? html`<p class="scenario-busy" role="status">${gettext("Working out who gains and who loses…")}</p>` : nothing;
    }
    if (base.state === "failed" || base.state === "cancelled") {
      return html`<div class="scenario-trouble" role="alert"><p class="form-refusal">${gettext("What is reached without changes could not be worked out, so there is nothing to compare with yet.")}</p>
        <button type="button" class="button small-button" @click=${() => { if (scenario !== null) void this.desk.open(scenario.key); }}>${gettext("Try again")}</button></div>`;
    }
    const share = shareOf(base);
    return html`<div class="scenario-wait" role="status"><label>${gettext("First what is reached without changes is worked out; changes can be made meanwhile.")}
      ${share === null ? html`<progress></progress>` : html`<progress max="1" value=${share}></progress>`}</label></div>`;
  }

  /** What the last step did, at once and in one line. */
  private stepped(): TemplateResult | typeof nothing {
    const { step, scenario } = this.desk;
    if (scenario === null) return nothing;
    const { effect } = step ?? {};
    return html`<p class="scenario-step" role="status" tabindex="-1" ?hidden=${step === null}>${step === null
      ? nothing
      : effect == null || step.was === null
        ? gettext("That changes nobody’s distance enough to count.")
        : html`${interpolate(gettext("That changed %(service)s:"), { service: effect.name })} ${shareOrDash(step.was, this.language)} → <b>${shareOrDash(effect.after, this.language)}</b>
          ${step.points === null ? nothing : html`<span class="gains-points">${signedPoints(step.points, this.language)}</span>`}${step.others > 0
            ? html`, ${interpolate(ngettext("and %(count)s other norm", "and %(count)s other norms", step.others), { count: step.others })}`
            : nothing}
          <a href="#gains-title">${gettext("Who gains, who loses")}</a>`}</p>`;
  }

  private gains(scenario: ScenarioView): TemplateResult {
    const { desk } = this;
    const all = scenario.all_services;
    return html`${all === null
        ? nothing
        : html`<p class="scenario-all">${gettext("Every service near enough:")} ${shareOrDash(all.before, this.language)} → <b>${shareOrDash(all.after, this.language)}</b>
            <span class="gains-points">${pointsText(all.before, all.after, this.language)}</span></p>`}
      ${desk.effect === null
        ? html`<p class="form-note">${gettext("No norm with a distance speaks of this service on the day in question: who gains cannot be told.")}</p>`
        : html`<scenario-gains .effect=${desk.effect} .comparison=${desk.comparison} .others=${(desk.list ?? []).filter(({ key }) => key !== scenario.key)}
            .other=${desk.looking.other} .isComparing=${desk.isComparing} .language=${this.language}
            @other-chosen=${(event: CustomEvent<string>) => { this.look({ other: event.detail === "" ? null : event.detail }); }}></scenario-gains>`}
      ${this.shownPlot()}
      ${this.legend()}
      <scenario-room .room=${desk.room} .isOpen=${desk.isRoomWanted} .language=${this.language}
        @room-wanted=${(event: CustomEvent<boolean>) => { desk.wantRoom(event.detail); }}></scenario-room>`;
  }

  private shownPlot(): TemplateResult | typeof nothing {
    const { plot } = this;
    if (plot === null) return nothing;
    const way = (metres: number | null): string => (metres === null ? gettext("no way") : metresText(metres, this.language));
    return html`<p class="scenario-plot" role="status">${interpolate(gettext("Plot: %(before)s before, %(after)s after; %(people)s people."), {
      before: way(plot.before_m), after: way(plot.after_m), people: plot.people === null ? "?" : peopleText(plot.people, this.language),
    })} <a href="/parcels/${plot.uuid}/reach/">${gettext("All services of this plot")}</a></p>`;
  }

  private legend(): TemplateResult | typeof nothing {
    const { comparison, facilities } = this.desk;
    const signs = facilities.some(({ state: now }) => now !== "as_is")
      ? html`<span>${gettext("Services: + added, × closed, → moved, ↑ other capacity")}</span>`
      : nothing;
    if (comparison === null || comparison.squares.length === 0) return signs === nothing ? nothing : html`<p class="scenario-legend">${signs}</p>`;
    return html`<p class="scenario-legend">${signs}<span data-what="gain">${gettext("Squares of 100 m on the map: green, people gain")}</span>
      <span data-what="lose">${gettext("red with a dashed edge, people lose")}</span>
      ${comparison.is_cut ? html`<span>${gettext("Nearer, the plots with most people are shown one by one.")}</span>` : html`<span>${gettext("Nearer, plots are shown one by one.")}</span>`}</p>`;
  }

  private chooseListed(key: string): void {
    this.choose(key === "" ? null : key);
    const facility = this.desk.facilities.find((one) => one.key === key);
    if (facility === undefined) return;
    const [west, south, east, north] = this.map.area;
    const [e, n] = facility.place;
    if (e < west || e > east || n < south || n > north) this.map.fitPlaces([facility.place]);
  }

  private foreign(scenario: ScenarioView): TemplateResult {
    return html`<div class="scenario-foreign"><p>${interpolate(gettext("This scenario is by %(name)s. You can look at it, and go on from it in a copy of your own."), { name: scenario.by })}</p>
      <button type="button" class="button small-button main-button" ?disabled=${this.desk.isSending} @click=${() => void this.copy(scenario)}>${gettext("Copy to change it")}</button></div>`;
  }

  private copy(scenario: ScenarioView): Promise<void> {
    return this.begin(() => this.desk.copy(interpolate(gettext("%(title)s (copy)"), { title: scenario.title }).slice(0, 200)));
  }
}
