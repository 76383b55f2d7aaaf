/** The workbench as a whole: who tells whom. */
import { DraftServer } from "./api/drafts";
import { getJson } from "./api/http";
import type { MapDescription } from "./api/types";
import type { BaseMap } from "./workbench/map/bench-map";

/** What Django tells the page. */
export interface BenchSettings {
  readonly drafts: string;
  readonly draft: number;
  readonly plan: string;
  readonly map: string;
  readonly token: string;
  readonly sprite: string;
  readonly language: string;
  readonly base: BaseMap;
}

/**
 * Puts the draft, the map and the tools together.
 *
 * Owns the page's parts. Public: `start`.
 */
export class WorkbenchPage {
  private readonly server: DraftServer;

  constructor(private readonly settings: BenchSettings) {
    this.server = new DraftServer(settings.drafts, settings.draft, () => settings.token);
  }

  /** Load what the page needs and draw it. */
  async start(): Promise<void> {
    const [description, city, { BenchMap }] = await Promise.all([
      this.server.describe(),
      getJson<MapDescription>(this.settings.map),
      import("./workbench/map/bench-map"),
    ]);
    const crs = city.crs.find(({ epsg }) => epsg === description.epsg);
    const target = document.getElementById("map");
    if (crs === undefined || target === null) throw new Error("the server lists no such system");
    const nothing = (): void => undefined;
    const map = new BenchMap(target, {
      crs,
      base: this.settings.base,
      extent: description.extent,
      moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      listener: {
        onDown: () => false,
        onDrag: nothing, onUp: nothing, onMove: nothing, onClick: nothing, onDouble: nothing, onViewed: nothing,
      },
    });
    map.showZones((await this.server.zones(null)).zones);
  }
}
