/** Plots, control lines and zones in force in view: to snap to, to copy and to cut along. */
import type { DraftServer } from "../api/drafts";
import type { Bench } from "./bench";
import type { BenchMap } from "./map/bench-map";

/** Asked for only where plots can be told apart, in metres to the pixel. */
const LEAST_M = 1.5;

/** Loads the ground in view. Owns which area it was loaded for. Public: `load`. */
export class Ground {
  private area = "";

  constructor(
    private readonly server: DraftServer,
    private readonly bench: Bench,
    private readonly map: BenchMap,
  ) {}

  /** Load the ground of the area in view unless it is there. */
  async load(): Promise<void> {
    if (this.map.resolution_m > LEAST_M) return;
    const { area } = this.map;
    const key = area.map(Math.round).join();
    if (key === this.area) return;
    this.area = key;
    try {
      const { features } = await this.server.ground(area, ["parcel", "line", "zone"]);
      if (this.area !== key) return;
      this.bench.showGround(features);
      this.map.showGround(features);
    } catch {
      // Without it one draws on: zones are snapped to all the same.
      this.area = "";
    }
  }
}
