/** What the tab of coverage draws: bands around a kind of service, facilities, plots from near by. */
import type { EastNorth } from "../api/draft-types";
import type { Area } from "../api/drafts";
import type { ReachServer } from "../api/reach";
import type { Areas, InView, TenthSquares } from "../api/reach-types";
import { sentenceFor } from "../elements/trouble";
import type { ReachMap } from "../map/reach-map";
import { Latest } from "../state/latest";
import type { Look } from "../state/reach-view";

/** Wider than this (metres) plots are too small to be told apart. */
export const PLOTS_FROM_M = 1_600;

/** What the legend has to say besides the signs. */
export interface Drawn {
  readonly areas: Areas | null;
  readonly tenths: TenthSquares | null;
  readonly areasTrouble: string;
  readonly isReading: boolean;
  readonly hasPlots: boolean;
  /** States of the plots that are drawn; none: the map is too far away, or there are too many. */
  readonly states: ReadonlySet<string>;
}

/**
 * Draws coverage while its tab is open.
 *
 * Owns what it read. Public: `drawn`, `placeOf`, `show` (a kind and how; null: nothing any more), `forget` (figures are new: read all again).
 * Every change is told to `changed`.
 */
export class CoverageMap {
  private kind: string | null = null;
  private look: Look = "bands";
  private known = new Map<string, Areas>();
  private areas: Areas | null = null;
  private trouble = "";
  private tenths: TenthSquares | null = null;
  private inView: InView | null = null;
  private stop: (() => void) | null = null;

  private readonly asking = new Latest<Areas>((progress) => {
    if (progress.kind === "done") {
      [this.areas, this.trouble] = [progress.value, ""];
      this.map.showBands(progress.value);
    } else if (progress.kind === "failed") this.trouble = sentenceFor(progress.error);
    this.changed();
  });
  private readonly squaring = new Latest<TenthSquares>((progress) => {
    if (progress.kind === "done") {
      [this.tenths, this.trouble] = [progress.value, ""];
      this.map.showTenths(progress.value);
    } else if (progress.kind === "failed") this.trouble = sentenceFor(progress.error);
    this.changed();
  });
  private readonly looking = new Latest<InView>((progress) => {
    if (progress.kind !== "done") return;
    this.inView = progress.value;
    this.map.showPlots(progress.value.plots);
    this.map.showFacilities(progress.value.facilities);
    this.changed();
  });

  constructor(
    private readonly map: ReachMap,
    private readonly server: ReachServer,
    private readonly changed: () => void,
    private readonly picked: (plot: string) => void,
  ) {}

  get drawn(): Drawn {
    return {
      areas: this.areas, tenths: this.tenths, areasTrouble: this.trouble,
      isReading: [this.asking, this.squaring].some(({ progress }) => progress.kind === "waiting"),
      hasPlots: this.inView?.has_plots ?? true, states: new Set(this.inView?.plots.map(({ state }) => state)),
    };
  }

  /** Where a plot or a facility in view lies. */
  placeOf(key: string | null): EastNorth | null {
    const { plots = [], facilities = [] } = this.inView ?? {};
    return plots.find(({ uuid }) => uuid === key)?.place ?? facilities.find((one) => one.key === key)?.place ?? null;
  }

  show(kind: string | null, look: Look = "bands"): void {
    if (kind === this.kind && look === this.look) return;
    const isSameKind = kind === this.kind;
    [this.kind, this.look] = [kind, look];
    [this.areas, this.tenths, this.trouble] = [null, null, ""];
    this.map.showBands(null);
    this.map.showTenths(null);
    this.asking.forget();
    this.squaring.forget();
    if (!isSameKind) this.inView = null;
    if (kind === null) {
      this.stop?.();
      this.stop = null;
      this.looking.forget();
      return;
    }
    this.stop ??= this.map.listen({
      viewed: (area) => { this.see(area); },
      picked: (thing, key) => { if (thing === "plot") this.picked(key); },
    });
    this.see(this.map.area);
    this.readGround(kind);
  }

  forget(): void {
    this.known = new Map();
    const { kind, look } = this;
    this.kind = null;
    this.show(kind, look);
  }

  private readGround(kind: string): void {
    if (kind === "") return;
    if (this.look === "tenths") {
      void this.squaring.ask((signal) => this.server.squares(kind, signal));
      return;
    }
    void this.asking.ask(async (signal) => {
      const areas = this.known.get(kind) ?? await this.askedFor(kind, signal);
      this.known.set(kind, areas);
      return areas;
    });
  }

  /** What the run of the city published is there at once; the rest is worked out. */
  private async askedFor(kind: string, signal: AbortSignal): Promise<Areas> {
    const published = this.server.draft === null ? await this.server.bands(kind, signal) : null;
    return published !== null && published.features.length > 0 ? published : this.server.areas(kind, [], signal);
  }

  private see(area: Area): void {
    const { kind } = this;
    if (kind === null) return;
    const isFar = Math.min(area[2] - area[0], area[3] - area[1]) > PLOTS_FROM_M;
    void this.looking.ask(async (signal) => {
      const found = await this.server.map(kind, area, signal);
      return isFar || this.look === "tenths" ? { ...found, plots: [] } : found;
    });
  }
}
