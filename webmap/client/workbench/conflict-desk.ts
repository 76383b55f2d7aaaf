/** Conflicts at the workbench: the line that tells of each edit, the panel, and what is on the map. */
import { html, nothing, render, type TemplateResult } from "lit";

import type { ConflictDetail, ConflictView, ConflictWay, MapConflict } from "../api/conflict-types";
import type { ConflictServer } from "../api/conflicts";
import type { Area } from "../api/drafts";
import type { Surface } from "../api/draft-types";
import { icon } from "../elements/icon";
import { sentenceFor } from "../elements/trouble";
import { differenceText } from "../state/difference";
import { Latest } from "../state/latest";
import { gettext, interpolate, ngettext } from "../text/gettext";
import { ConflictWatch } from "./conflict-watch";

export interface ConflictEnds {
  readonly language: string;
  readonly mayEdit: boolean;
  /** The page of all conflicts of the draft. */
  readonly page: string;
  nameOf(code: string): string;
  /** The panel has to be drawn anew. */
  draw(): void;
  /** Open the panel. */
  open(): void;
  /** Whether it is open. */
  isOpen(): boolean;
  fit(box: Area): void;
  showConflicts(conflicts: readonly MapConflict[], selected: string | null): void;
  showDetail(detail: ConflictDetail | null): void;
  showPreview(surfaces: readonly Surface[]): void;
  /** Apply a way as an edit like any other. */
  apply(way: ConflictWay): void;
  say(text: string): void;
}

/**
 * Owns the watch, the conflict that is open with its ways, and the line below the map. Public: `begin`,
 * `edited`, `viewed`, `show`, `content`, `blocking`.
 */
export class ConflictDesk {
  private readonly watch: ConflictWatch;
  private key: string | null = null;
  private detail: ConflictDetail | null = null;
  private ways: readonly ConflictWay[] | null = null;
  private way: number | null = null;
  private trouble = "";
  private refusal = "";
  private isSending = false;
  private onMap: readonly MapConflict[] = [];
  private area: Area | null = null;
  private said = "";
  private readonly mapping = new Latest<readonly MapConflict[]>((progress) => {
    if (progress.kind !== "done") return;
    this.onMap = progress.value;
    this.drawMap();
  });

  constructor(
    private readonly server: ConflictServer,
    private readonly line: HTMLElement,
    private readonly panels: HTMLElement,
    private readonly ends: ConflictEnds,
  ) {
    this.watch = new ConflictWatch(server, () => { this.changed(); });
    this.listen();
  }

  /** How many of the listed ones stop the approval. */
  get blocking(): number {
    return this.watch.conflicts.filter(({ severity }) => severity === "blocks").length;
  }

  async begin(): Promise<void> {
    await this.watch.begin();
    const asked = /^#conflict=([0-9a-f-]{36})$/.exec(location.hash)?.[1];
    if (asked !== undefined) this.show(asked);
    else if (location.hash === "#conflicts") this.ends.open();
  }

  /** Something was saved. */
  edited(): void {
    this.watch.edited();
  }

  /** Another area is in view. */
  viewed(area: Area): void {
    this.area = area;
    this.readMap();
  }

  /** Open a conflict in the panel. */
  show(key: string): void {
    this.ends.open();
    void this.openConflict(key);
  }

  private readMap(): void {
    const { area } = this;
    if (area === null || this.watch.known.kind !== "known") return;
    void this.mapping.ask(async (signal) => {
      const { conflicts } = await this.server.map(area, signal);
      return conflicts.filter(({ state }) => state === "open");
    });
  }

  /** All of them, or the one that is open alone: what is proposed must be seen. */
  private drawMap(): void {
    // Whoever draws sees the marks only: hatches would hide the drawing.
    const all = this.ends.isOpen() ? this.onMap : this.onMap.map((one) => ({ ...one, boundary: null }));
    this.ends.showConflicts(this.detail === null ? all : [this.detail], this.key);
  }

  private changed(): void {
    const { known, isAsking } = this.watch;
    if (!isAsking) this.readMap();
    // What was edited away needs no way out any more.
    if (!isAsking && this.key !== null && known.kind === "known" && known.difference?.solved.some(({ key }) => key === this.key) === true) this.close();
    this.drawLine();
    this.ends.draw();
  }

  // --- the line below the map ---

  private drawLine(): void {
    const { known, isAsking, total, runs } = this.watch;
    const count = interpolate(ngettext("%(count)s conflict", "%(count)s conflicts", total), { count: total });
    const running = runs.progress.kind === "running";
    const text = running
      ? gettext("Checking everything…")
      : known.kind === "known"
        ? known.difference === null ? count : differenceText(known.difference)
        : known.kind === "never" ? gettext("Never checked for conflicts") : known.kind === "failed" ? gettext("Conflicts: not known just now") : "";
    this.line.dataset["state"] = isAsking || running ? "asking" : known.kind;
    render(
      text === "" ? nothing : html`<button type="button" class="conflict-line-button" @click=${() => { this.ends.open(); }}>
        ${icon("conflict")}<span class="unseen">${gettext("Conflicts")}: </span>${text}</button>`,
      this.line,
    );
    // Only what an edit did is said aloud.
    if (!isAsking && known.kind === "known" && known.difference !== null && text !== this.said) {
      this.said = text;
      this.ends.say(`${gettext("Conflicts")}: ${text}`);
    }
  }

  // --- the panel ---

  content(): TemplateResult {
    const { watch, ends, key } = this;
    return html`<section class="conflict-panel" aria-label=${gettext("Conflicts")}>
      ${key === null ? html`${this.state()}${this.lists()}` : html`
        <conflict-detail .conflict=${this.detail} .trouble=${this.refusal} .isSending=${this.isSending} .back=${gettext("All conflicts")}
          .ways=${this.waysOut()} .language=${ends.language}></conflict-detail>`}
      ${watch.known.kind === "known" && key === null
        ? html`<p><a href=${ends.page}>${gettext("All of them with filters, map and reports")}</a></p>`
        : nothing}
    </section>`;
  }

  private waysOut(): TemplateResult | typeof nothing {
    if (!this.ends.mayEdit || this.detail?.state !== "open") return nothing;
    return html`<way-list .ways=${this.ways} .shown=${this.way} .trouble=${this.trouble} .nameOf=${(code: string) => this.ends.nameOf(code)}
      .language=${this.ends.language}></way-list>`;
  }

  private state(): TemplateResult {
    const { known, isAsking, runs } = this.watch;
    if (runs.progress.kind === "running") {
      return html`<run-line .run=${null} .progress=${runs.progress} .language=${this.ends.language} data-bare></run-line>`;
    }
    if (known.kind === "never") {
      return html`<div class="conflict-never"><p>${icon("no_data")} ${gettext("This draft was never checked: whether there are conflicts is not known. The check of everything takes a moment; after that each edit is checked at once.")}</p>
        <button type="button" class="button main-button" @click=${() => void this.watch.runs.start()}>${gettext("Check now")}</button>
        ${runs.progress.kind === "failed" ? html`<p class="form-refusal" role="alert">${sentenceFor(runs.progress.error)}</p>` : nothing}</div>`;
    }
    if (known.kind === "failed") {
      return html`<p class="form-refusal" role="alert">${gettext("What the last edit did is not known:")} ${sentenceFor(known.error)}</p>
        <button type="button" class="button small-button" @click=${() => { this.watch.edited(); }}>${gettext("Try again")}</button>`;
    }
    if (known.kind === "unknown") return html`<p class="panel-empty">${gettext("Loading…")}</p>`;
    return html`<p class="conflict-delta" aria-live="polite" ?data-asking=${isAsking}>${known.difference === null
      ? interpolate(ngettext("%(count)s conflict", "%(count)s conflicts", this.watch.total), { count: this.watch.total })
      : differenceText(known.difference)}</p>`;
  }

  private lists(): TemplateResult | typeof nothing {
    const { known, conflicts, total } = this.watch;
    if (known.kind !== "known") return nothing;
    const fresh = known.difference?.new ?? [];
    const solved = known.difference?.solved ?? [];
    const isNew = new Set(fresh.map(({ key }) => key));
    const others = conflicts.filter(({ key }) => !isNew.has(key));
    const part = (title: string, shown: readonly ConflictView[]): TemplateResult | typeof nothing => (shown.length === 0
      ? nothing
      : html`<h3>${title}</h3><conflict-list .conflicts=${shown} .selected=${this.key} .label=${title} .language=${this.ends.language}></conflict-list>`);
    if (total === 0 && solved.length === 0) return html`<p class="panel-empty no-faults">${icon("clear")}${gettext("No open conflict was found.")}</p>`;
    return html`${part(gettext("New with the last edit"), fresh)}${part(gettext("Solved by the last edit"), solved)}
      ${part(fresh.length + solved.length > 0 ? gettext("Those from before") : gettext("Open conflicts"), others)}
      ${total > conflicts.length ? html`<p class="form-note">${interpolate(gettext("and %(count)s more"), { count: total - conflicts.length })}</p>` : nothing}`;
  }

  // --- one conflict ---

  private async openConflict(key: string): Promise<void> {
    [this.key, this.detail, this.ways, this.way, this.trouble, this.refusal] = [key, null, null, null, "", ""];
    this.toTop();
    this.ends.showPreview([]);
    this.ends.draw();
    try {
      const detail = await this.server.detail(key);
      if (this.key !== key) return;
      this.detail = detail;
      this.ends.showDetail(detail);
      this.drawMap();
      this.look(detail);
      this.ends.draw();
      if (!this.ends.mayEdit || detail.state !== "open") return;
      const ways = await this.server.ways(key);
      if (this.key !== key) return;
      this.ways = ways;
      // The first way is the one that is proposed: it is seen at once.
      if (ways.length > 0) this.preview(0);
    } catch (error) {
      if (this.key !== key) return;
      this.trouble = sentenceFor(error);
    }
    this.ends.draw();
  }

  /** What is shown next begins at the top of the panel. */
  private toTop(): void {
    this.panels.querySelector("#panel")?.scrollTo(0, 0);
  }

  private look({ box: [west, south, east, north] }: ConflictDetail): void {
    const margin = Math.max(15, (east - west + north - south) / 4);
    this.ends.fit([west - margin, south - margin, east + margin, north + margin]);
  }

  private close(): void {
    [this.key, this.detail, this.ways, this.way] = [null, null, null, null];
    this.toTop();
    this.ends.showDetail(null);
    this.ends.showPreview([]);
    this.drawMap();
    this.ends.draw();
  }

  private preview(at: number): void {
    this.way = this.way === at ? null : at;
    this.ends.showPreview(this.way === null ? [] : (this.ways?.[at]?.boundary_after ?? []).map(({ boundary }) => boundary));
    this.ends.draw();
  }

  private take(at: number): void {
    const way = this.ways?.[at];
    if (way === undefined) return;
    this.ends.apply(way);
    this.ends.say(gettext("Applied. Undo takes it back."));
    this.close();
  }

  private async send(sending: (key: string) => Promise<ConflictDetail>): Promise<void> {
    const { key } = this;
    if (key === null) return;
    [this.isSending, this.refusal] = [true, ""];
    this.ends.draw();
    try {
      const detail = await sending(key);
      if (this.key === key) this.detail = detail;
      await this.watch.begin();
    } catch (error) {
      this.refusal = sentenceFor(error);
    }
    this.isSending = false;
    this.ends.draw();
  }

  private listen(): void {
    const on = <T>(name: string, act: (detail: T) => void): void => {
      this.panels.addEventListener(name, (event) => {
        if (event instanceof CustomEvent) act(event.detail as T);
      });
    };
    on("panel-chosen", () => { this.drawMap(); });
    on<string>("conflict-chosen", (key) => void this.openConflict(key));
    on("detail-closed", () => { this.close(); });
    on("place-shown", () => { if (this.detail !== null) this.look(this.detail); });
    on("run-asked", () => void this.watch.runs.start());
    on("cancel-asked", () => void this.watch.runs.cancel());
    on<number>("way-shown", (at) => { this.preview(at); });
    on<number>("way-taken", (at) => { this.take(at); });
    on<Parameters<ConflictServer["tell"]>[1]>("event-told", (event) => void this.send((key) => this.server.tell(key, event)));
    on<Parameters<ConflictServer["decide"]>[0]>("decision-made", (decision) => void this.send(async (key) => {
      await this.server.decide(decision);
      return this.server.detail(key);
    }));
  }
}
