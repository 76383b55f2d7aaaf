/** The tab of sites: where the next one should go, with proof of how good that is. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import "./siting-answer";
import "./siting-form";
import type { Taking } from "./siting-answer";
import { type NamedFunction, withPoints } from "./siting-form";
import { questionOf } from "./siting-words";
import { metresText, peopleText } from "./words";
import { ReachServer } from "../api/reach";
import { ScenarioServer, SitingServer } from "../api/reach-scenarios";
import type { FacilityView, KindView } from "../api/reach-types";
import type { Candidate, ScenarioLine, SitingView } from "../api/scenario-types";
import { timeText } from "../conflicts/words";
import { icon } from "../elements/icon";
import { sentenceFor } from "../elements/trouble";
import type { ReachMap } from "../map/reach-map";
import { Latest } from "../state/latest";
import { type RunProgress, RunWatch, shareOf } from "../state/run-watch";
import { marksOf, sitesOf } from "../state/siting-answer";
import { askedOf, limitOf, SITING_AT_FIRST, type SitingForm } from "../state/siting-form";
import { gettext, interpolate } from "../text/gettext";
import { readCorners } from "../workbench/geometry/corners";

/** The parameter of the address that is this tab's: the search that is shown. */
const OWN = "siting";

/**
 * Puts question, progress, answer and map together.
 *
 * Owns the question and which search is shown. Public: `scope` (plan version; null: the city), `map`, `kinds`,
 * `wanted`, `functions`, `planning`, `token`, `language`.
 */
@customElement("reach-siting")
export class ReachSiting extends LitElement {
  @property({ attribute: false }) scope: number | null = null;
  @property({ attribute: false }) map!: ReachMap;
  @property({ attribute: false }) kinds: readonly KindView[] = [];
  @property({ attribute: false }) functions: readonly NamedFunction[] = [];
  /** The kind of service that was looked at before, "" for none: most will ask about that one. */
  @property({ attribute: false }) wanted = "";
  @property({ attribute: false }) planning = "";
  @property({ attribute: false }) token = "";
  @property({ attribute: false }) language = "vi";
  @state() private form: SitingForm = SITING_AT_FIRST;
  @state() private runs: readonly SitingView[] | null = null;
  @state() private shown: SitingView | null = null;
  @state() private choice = 0;
  @state() private scenarios: readonly ScenarioLine[] = [];
  @state() private taken = "";
  @state() private isDrawing = false;
  @state() private isSending = false;
  @state() private error: unknown = null;
  private server!: SitingServer;
  private scenarioServer!: ScenarioServer;
  private reach!: ReachServer;
  private watch!: RunWatch<SitingView>;
  /** What is there already of the kind that is asked for. A search does without where that cannot be read. */
  private readonly standing = new Latest<readonly FacilityView[]>((progress) => {
    if (progress.kind === "done") this.map.showFacilities(progress.value);
  });
  private quit: () => void = () => undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kind = this.kinds.find(({ code }) => code === this.wanted);
    if (kind !== undefined && this.form === SITING_AT_FIRST) this.form = { ...SITING_AT_FIRST, kind: kind.code, limit: limitOf(kind) };
    this.server = new SitingServer(this.planning, this.scope, () => this.token);
    this.scenarioServer = new ScenarioServer(this.planning, this.scope, () => this.token);
    this.watch = new RunWatch<SitingView>({
      start: () => this.server.begin(askedOf(this.form, this.scope)),
      run: (id) => this.server.run(id),
      cancel: (id) => this.server.cancel(id),
    }, () => { this.requestUpdate(); }, (run) => void this.ended(run));
    this.reach = new ReachServer(this.planning, this.scope, () => this.token);
    this.quit = this.map.listen({
      picked: (thing, key) => { if (thing === "candidate") this.map.select(key); },
      viewed: () => { this.showStanding(); },
    });
    void this.read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.quit();
    this.standing.forget();
    this.isDrawing = false;
    this.map.stopDrawing();
  }

  private async read(): Promise<void> {
    await this.trying(async () => {
      [this.runs, this.scenarios] = await Promise.all([this.server.runs(), this.ownScenarios()]);
      const underWay = this.runs.find(({ state: now }) => now === "queued" || now === "running");
      if (underWay !== undefined) this.watch.watch(underWay);
      const asked = Number(new URLSearchParams(location.search).get(OWN));
      if (this.runs.some(({ id }) => id === asked)) await this.show(asked);
    });
  }

  private async ownScenarios(): Promise<readonly ScenarioLine[]> {
    return (await this.scenarioServer.list()).filter(({ is_mine }) => is_mine);
  }

  private async show(id: number): Promise<void> {
    await this.trying(async () => {
      this.shown = await this.server.run(id);
      [this.choice, this.taken] = [0, ""];
      this.writeAddress();
      this.showOnMap(true);
      await this.updateComplete;
      this.querySelector<HTMLElement>("#siting-title")?.focus({ preventScroll: true });
      this.scrollIntoView({ block: "start" });
    });
  }

  private async ended(run: SitingView): Promise<void> {
    await this.trying(async () => { this.runs = await this.server.runs(); });
    if (run.state === "done") await this.show(run.id);
    else if (run.state === "failed") this.error = new Error("failed");
  }

  private async begin(): Promise<void> {
    this.stopDrawing();
    [this.shown, this.error, this.taken] = [null, null, ""];
    this.writeAddress();
    this.showOnMap(false);
    await this.watch.start();
  }

  private back(): void {
    [this.shown, this.choice, this.taken] = [null, 0, ""];
    this.writeAddress();
    this.showOnMap(false);
  }

  private async take({ choice, scenario, title }: Taking): Promise<void> {
    const { shown } = this;
    if (shown === null || this.isSending) return;
    this.isSending = true;
    await this.trying(async () => {
      const line = await this.server.take(shown.id, choice, scenario, title);
      const said = new URLSearchParams({ ...(this.scope === null ? {} : { draft: String(this.scope) }), view: "scenarios", scenario: line.key, service: shown.kind });
      this.taken = `${location.pathname}?${said.toString()}`;
      this.scenarios = await this.ownScenarios();
    });
    this.isSending = false;
  }

  private writeAddress(): void {
    const said = new URLSearchParams(location.search);
    if (this.shown === null) said.delete(OWN);
    else said.set(OWN, String(this.shown.id));
    history.replaceState(null, "", `${location.pathname}?${said.toString()}`);
  }

  private async trying(act: () => Promise<void>): Promise<void> {
    try {
      this.error = null;
      await act();
    } catch (error) {
      this.error = error;
    }
  }

  // --- the map ---

  /** What is drawn: the sites of the answer, or those that somebody put down. */
  private showOnMap(fits: boolean): void {
    const { shown, form } = this;
    if (shown === null) {
      const points = form.hasDrawn ? form.points : [];
      this.map.showCandidates(points.map(({ place }, at) => ({ key: `drawn ${at}`, place, is_chosen: false, is_other: true })));
      return;
    }
    const marks = marksOf(shown, this.choice);
    this.map.showCandidates(marks);
    this.showStanding();
    if (fits) this.map.fitPlaces(marks.filter(({ is_chosen, is_other }) => is_chosen || is_other).map(({ place }) => place));
  }

  private showStanding(): void {
    const kind = this.shown?.kind ?? this.form.kind;
    if (kind === "") {
      this.standing.forget();
      this.map.showFacilities([]);
    } else void this.standing.ask(async (signal) => (await this.reach.map(kind, this.map.area, signal)).facilities);
  }

  private async drawing(): Promise<void> {
    if (this.isDrawing) {
      this.stopDrawing();
      return;
    }
    this.isDrawing = true;
    if (matchMedia("(max-width: 999px)").matches) document.querySelector(".reach-map")?.scrollIntoView();
    for (;;) {
      const place = await this.map.drawPoint();
      if (place === null) break;
      this.put(withPoints(this.form, [place]));
    }
    this.isDrawing = false;
  }

  private stopDrawing(): void {
    this.isDrawing = false;
    this.map.stopDrawing();
  }

  private put(form: SitingForm): void {
    if (!form.hasDrawn) this.stopDrawing();
    const isOther = form.kind !== this.form.kind;
    this.form = form;
    if (isOther) this.showStanding();
    this.showOnMap(false);
  }

  private showSite({ key, place }: Candidate): void {
    this.map.select(key);
    this.map.fitPlaces([place]);
    if (matchMedia("(max-width: 999px)").matches) document.querySelector(".reach-map")?.scrollIntoView();
  }

  // --- what is drawn ---

  protected override render(): TemplateResult {
    const { shown } = this;
    const { progress } = this.watch;
    return html`<h2 class="reach-title">${gettext("Where should the next one go?")}</h2>
      ${this.trouble(progress)}
      ${progress.kind === "running"
        ? this.underWay(progress.run, progress.isCancelling)
        : shown === null ? this.asking() : this.answered(shown)}`;
  }

  private trouble(progress: RunProgress<SitingView>): TemplateResult | typeof nothing {
    const error = progress.kind === "failed" ? progress.error : this.error;
    return error === null ? nothing : html`<p class="form-refusal" role="alert">${sentenceFor(error)}</p>`;
  }

  private underWay(run: SitingView, isCancelling: boolean): TemplateResult {
    const share = shareOf(run);
    return html`<div class="run-progress siting-progress">
      <label>${isCancelling ? gettext("Stopping…") : run.state === "queued" ? gettext("Waiting for its turn…") : gettext("Searching…")} <span class="run-step">${stepName(run.step)}</span>
        ${share === null ? html`<progress></progress>` : html`<progress max="1" value=${share}></progress>`}</label>
      <button type="button" class="button small-button" ?disabled=${isCancelling} @click=${() => void this.watch.cancel()}>${gettext("Cancel")}</button>
    </div>`;
  }

  private asking(): TemplateResult {
    return html`<siting-form .form=${this.form} .kinds=${this.kinds} .functions=${this.functions} .isDrawing=${this.isDrawing} .isSending=${this.isSending} .language=${this.language}
        @form-changed=${(event: CustomEvent<SitingForm>) => { this.put(event.detail); }}
        @drawing-wanted=${() => void this.drawing()}
        @sites-typed=${(event: CustomEvent<string>) => { this.typed(event.detail); }}
        @siting-begun=${() => void this.begin()}></siting-form>
      ${this.earlier()}`;
  }

  private typed(text: string): void {
    const places = readCorners(text, "guessed").corners.map(({ at }) => at);
    this.put(withPoints(this.form, places));
    this.map.fitPlaces(places);
  }

  private answered(shown: SitingView): TemplateResult {
    return html`<p><button type="button" class="button small-button" data-do="ask-again" @click=${() => { this.back(); }}>‹ ${gettext("Another question")}</button></p>
      <p class="siting-asked">${this.about(shown)}</p>
      <siting-answer .siting=${shown} .choice=${this.choice} .scenarios=${this.scenarios} .taken=${this.taken} .isSending=${this.isSending} .language=${this.language}
        .functionName=${(code: string) => this.functions.find((one) => one.code === code)?.name ?? code}
        @choice-chosen=${(event: CustomEvent<number>) => { [this.choice, this.taken] = [event.detail, ""]; this.showOnMap(true); }}
        @site-shown=${(event: CustomEvent<Candidate>) => { this.showSite(event.detail); }}
        @choice-taken=${(event: CustomEvent<Taking>) => void this.take(event.detail)}></siting-answer>
      ${this.legend(shown)}`;
  }

  private legend(shown: SitingView): TemplateResult {
    return html`<p class="scenario-legend"><span>${icon("pin")}${interpolate(gettext("Numbered on the map: the %(count)s sites of this choice; dashed rings: sites of the best choice that it leaves out; small rings: all other sites; lozenges: what is there already."), {
      count: sitesOf(shown, this.choice).length,
    })}</span></p>`;
  }

  private earlier(): TemplateResult | typeof nothing {
    const done = (this.runs ?? []).filter(({ state: now }) => now === "done");
    if (done.length === 0) return nothing;
    return html`<h3 class="reach-subtitle">${gettext("Earlier answers")}</h3>
      <ul class="scenario-list">${done.map((run) => html`<li><button type="button" class="scenario-row" data-id=${run.id} @click=${() => void this.show(run.id)}>
        <b>${this.about(run)}</b>
        <span>${[
          run.newly_people === null ? "" : interpolate(gettext("%(people)s people newly reached"), { people: peopleText(run.newly_people, this.language) }),
          run.finished_at === null ? "" : timeText(run.finished_at, this.language), run.by,
        ].filter((words) => words !== "").join(" · ")}</span></button></li>`)}</ul>`;
  }

  private about({ kind_name, limit_m, model, count, budget }: SitingView): string {
    const number = new Intl.NumberFormat(this.language);
    return [
      interpolate(gettext("%(service)s within %(distance)s"), { service: kind_name, distance: metresText(limit_m, this.language) }), questionOf(model),
      count === null ? "" : interpolate(gettext("new ones: %(count)s"), { count }),
      budget === null ? "" : interpolate(gettext("budget: %(budget)s"), { budget: number.format(budget) }),
    ].filter((words) => words !== "").join(" · ");
  }
}

/** What goes on in a search. */
function stepName(step: string): string {
  const names: Readonly<Record<string, string>> = {
    read: gettext("reading the record"), network: gettext("putting streets together"), entrances: gettext("finding entrances"), candidates: gettext("gathering sites"), ways: gettext("measuring ways"),
    solve: gettext("comparing choices"), alternatives: gettext("looking for other choices"),
  };
  return names[step] ?? "";
}
