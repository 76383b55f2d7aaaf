/** The map page as a whole: who tells whom. */
import { html, nothing, render } from "lit";

import { type Addresses, Server } from "./api/server";
import type { Answer, Level, LonLat, MapDescription, ParcelHit, PlaceHit } from "./api/types";
import { Vn2000 } from "./crs/vn2000";
import type { AnswerCard } from "./elements/answer-card";
import type { LayerSwitch } from "./elements/layer-switch";
import type { MapTool } from "./elements/map-tools";
import type { PlaceLine } from "./elements/place-line";
import type { PlanLegend } from "./elements/plan-legend";
import type { SearchBox } from "./elements/search-box";
import { sentenceFor } from "./elements/trouble";
import { FONT } from "./map/font";
import type { PlanMap } from "./map/plan-map";
import { Latest, type Progress } from "./state/latest";
import { type PageState, readState, writeState } from "./state/page-state";
import { Format } from "./text/format";
import { gettext, interpolate } from "./text/gettext";

/** What Django tells the page. */
export interface Settings {
  readonly addresses: Addresses;
  readonly sprite: string;
  readonly language: string;
  readonly examples: readonly string[];
}

export interface Parts {
  readonly search: SearchBox;
  readonly answer: AnswerCard;
  readonly legend: PlanLegend;
  readonly layers: LayerSwitch;
  readonly line: PlaceLine;
  readonly map: HTMLElement;
  readonly message: HTMLElement;
  readonly credits: HTMLElement;
  readonly spoken: HTMLElement;
}

/** The letters whose glyphs lie in files of their own; the map draws before it would miss them. */
const LETTERS = "Đường Nguyễn Huệ, ạ ế ữ ơ ă ĩ";
const NARROW = "(max-width: 767px)";

/**
 * Puts question, answer and map together.
 *
 * Owns the page's state and its form in the address. Public: `start`.
 */
export class HomePage {
  private readonly server: Server;
  private readonly format: Format;
  private state: PageState;
  private map: PlanMap | null = null;
  private readonly answers = new Latest<Answer>((progress) => {
    this.answerMoved(progress);
  });

  constructor(
    private readonly settings: Settings,
    private readonly parts: Parts,
  ) {
    this.server = new Server(settings.addresses);
    this.format = new Format(settings.language);
    this.state = readState(location.search);
  }

  /** Begin: the question is usable at once, the map comes when it is there. */
  start(): void {
    const { search, answer, legend, layers, line } = this.parts;
    search.server = this.server;
    search.format = this.format;
    search.examples = this.settings.examples;
    line.format = this.format;
    legend.level = this.state.level;
    legend.language = this.settings.language;
    layers.language = this.settings.language;

    listen<ParcelHit>(search, "plot-chosen", (plot) => { this.open(plot.uuid); });
    listen<PlaceHit>(search, "place-chosen", (place) => {
      // A point has a box too, of no size.
      this.map?.showPlace([place.lon, place.lat], place.kind === "point" ? null : place.bbox);
    });
    listen<string>(search, "question-asked", (query) => { this.become({ query }, "replace"); });
    listen<string | null>(answer, "piece-shown", (id) => this.map?.showPiece(id));
    listen<string | null>(answer, "day-asked", (asOf) => { this.become({ asOf }, "push"); });
    listen<null>(answer, "asked-again", () => { this.askForPlot(); });
    listen<null>(answer, "closed", () => { this.become({ plot: null, asOf: null }, "push"); });
    for (const part of [legend, answer]) {
      listen<Level>(part, "level-chosen", (level) => { this.become({ level }, "replace"); });
    }
    listen<readonly string[]>(layers, "layers-chosen", (shown) => {
      this.become({ layers: shown }, "replace");
    });
    listen<string>(answer, "layer-wanted", (id) => {
      this.become({ layers: [...new Set([...layers.shown, id])] }, "replace");
    });
    listen<MapTool>(document.body, "tool-used", (tool) => { this.use(tool); });
    addEventListener("popstate", () => { this.take(readState(location.search)); });

    void this.loadMap();
    if (this.state.plot !== null) this.askForPlot();
    else if (this.state.query !== "") search.ask(this.state.query);
  }

  private open(plot: string): void {
    if (plot === this.state.plot) this.map?.showAnswer(this.openAnswer);
    else this.become({ plot }, "push");
  }

  private become(change: Partial<PageState>, how: "push" | "replace"): void {
    const state = { ...this.state, ...change };
    const address = `${location.pathname}${writeState(state)}`;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.take(state);
  }

  private take(state: PageState): void {
    const before = this.state;
    this.state = state;
    if (state.level !== before.level) {
      this.parts.legend.level = state.level;
      this.map?.showLevel(state.level);
    }
    if (state.layers !== before.layers) this.showLayers();
    if (state.plot !== before.plot || state.asOf !== before.asOf) this.askForPlot();
  }

  /** Show the layers that the address names, the usual ones where it names none. */
  private showLayers(): void {
    const { layers } = this.parts;
    layers.shown =
      this.state.layers ?? layers.layers.filter((layer) => layer.visible).map((layer) => layer.id);
    this.map?.showLayers(layers.shown);
  }

  private askForPlot(): void {
    const { plot, asOf } = this.state;
    if (plot === null) this.answers.forget();
    else void this.answers.ask((signal) => this.server.answer(plot, asOf, signal));
  }

  private answerMoved(progress: Progress<Answer>): void {
    this.parts.answer.progress = progress;
    if (progress.kind === "done") {
      document.title = `${progress.value.title} · Địa Đồ`;
      this.say(`${progress.value.title}. ${progress.value.summary}`);
    } else if (progress.kind === "failed") {
      this.say(sentenceFor(progress.error));
    }
    if (progress.kind === "done" || progress.kind === "idle") {
      this.keepMapClear();
      this.map?.showAnswer(this.openAnswer);
    }
  }

  private get openAnswer(): Answer | null {
    const { progress } = this.answers;
    return progress.kind === "done" ? progress.value : null;
  }

  private say(text: string): void {
    this.parts.spoken.textContent = text;
  }

  private async loadMap(): Promise<void> {
    const { message } = this.parts;
    render(nothing, message);
    try {
      // The map's program is the largest part; the question does not wait for it.
      const [description, program] = await Promise.all([
        this.server.map(),
        import("./map/plan-map"),
        loadLetters(),
      ]);
      this.drawMap(description, program.PlanMap);
    } catch (error) {
      const again = (): void => void this.loadMap();
      render(
        html`<p>${gettext("The map could not be loaded; the search works without it.")}</p>
          <p>${sentenceFor(error)}</p>
          <button type="button" class="button" @click=${again}>${gettext("Try again")}</button>`,
        message,
      );
    }
  }

  private drawMap(description: MapDescription, Drawing: typeof PlanMap): void {
    const { legend, layers, line, credits, map } = this.parts;
    legend.entries = description.legend;
    legend.patterns = description.figures.patterns;
    layers.layers = description.layers.filter((layer) => layer.group !== "");
    line.zone = Vn2000.among(description.crs, description.storage_epsg);
    const outside = description.outside_background;
    credits.textContent = [...description.attribution, ...(outside ? [outside.attribution] : [])].join(" · ");
    this.map = new Drawing(map, description, {
      language: this.settings.language,
      moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      listener: {
        onAsked: (place) => void this.askAt(place),
        onPointed: (place) => (line.place = place),
      },
    });
    this.keepMapClear();
    this.map.showLevel(this.state.level);
    this.showLayers();
    this.map.showAnswer(this.openAnswer);
  }

  private async askAt(place: LonLat): Promise<void> {
    this.parts.line.place = place;
    try {
      const found = await this.server.plotsAt(place);
      const [first] = found;
      if (first === undefined) {
        this.note(gettext("No plot here: a street, water, or ground without a plot in the land data."));
      } else if (found.length === 1) {
        this.note(null);
        this.open(first.uuid);
      } else {
        this.chooseAmong(found);
      }
    } catch (error) {
      this.note(sentenceFor(error));
    }
  }

  private chooseAmong(plots: readonly ParcelHit[]): void {
    const name = (plot: ParcelHit): string =>
      interpolate(gettext("Plot %(number)s, sheet %(sheet)s"), { number: plot.number, sheet: plot.sheet });
    this.say(gettext("Several plots lie here; choose one."));
    render(
      html`<p>${gettext("Several plots lie here; choose one.")}</p>
        ${plots.map(
          (plot) => html`<button type="button" class="button" @click=${() => { this.note(null); this.open(plot.uuid); }}>
            ${name(plot)}
          </button>`,
        )}`,
      this.parts.message,
    );
  }

  private note(text: string | null): void {
    if (text !== null) this.say(text);
    const close = (): void => { this.note(null); };
    render(
      text === null
        ? nothing
        : html`<p>${text}</p>
            <button type="button" class="button" @click=${close}>${gettext("Close")}</button>`,
      this.parts.message,
    );
  }

  private use(tool: MapTool): void {
    if (tool === "zoom-in") this.map?.zoomBy(1);
    else if (tool === "zoom-out") this.map?.zoomBy(-1);
    else if (tool === "whole-city") this.map?.showCity();
    else this.locate();
  }

  private locate(): void {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.map?.showHere([coords.longitude, coords.latitude], coords.accuracy),
      () => { this.note(gettext("Your device did not tell where you are.")); },
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  }

  /** On a narrow screen the sheet covers the lower part of the map, though never all of it. */
  private keepMapClear(): void {
    const covered = matchMedia(NARROW).matches && this.openAnswer !== null;
    const below = covered ? Math.round(this.parts.map.clientHeight * 0.5) : 60;
    this.map?.keepClear([70, 50, below, 50]);
  }
}

function listen<T>(target: HTMLElement, name: string, hear: (detail: T) => void): void {
  target.addEventListener(name, (event) => {
    if (event instanceof CustomEvent) hear(event.detail as T);
  });
}

async function loadLetters(): Promise<void> {
  await Promise.all([500, 600].map((weight) => document.fonts.load(`${weight} 12px "${FONT}"`, LETTERS)));
}
