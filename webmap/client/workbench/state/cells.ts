/** Loading by the area in view: the draft's ground in cells, each loaded once. */
import type { Area } from "../../api/drafts";

/** So many zones one answer shall carry. */
const ZONES_A_CELL = 400;

/**
 * Which parts of the draft were loaded.
 *
 * Owns the cells. Public: `load`.
 */
export class Cells {
  private readonly side_m: number;
  private readonly loaded = new Set<string>();

  constructor(
    private readonly extent: Area,
    zones: number,
    private readonly read: (area: Area) => Promise<void>,
  ) {
    const [west, south, east, north] = extent;
    const parts = Math.max(1, zones / ZONES_A_CELL);
    this.side_m = Math.max(50, Math.sqrt(((east - west) * (north - south)) / parts));
  }

  /** Load what is in view and was not loaded, one cell after the other, the middle first. */
  async load(view: Area): Promise<void> {
    const middle = [(view[0] + view[2]) / 2, (view[1] + view[3]) / 2] as const;
    const wanted = this.cellsIn(view).sort((one, other) => away(one.area, middle) - away(other.area, middle));
    for (const { key, area } of wanted) {
      if (this.loaded.has(key)) continue;
      this.loaded.add(key);
      try {
        await this.read(area);
      } catch (error) {
        this.loaded.delete(key);
        throw error;
      }
    }
  }

  private cellsIn([west, south, east, north]: Area): { key: string; area: Area }[] {
    const [west0, south0, east0, north0] = this.extent;
    const { side_m: side } = this;
    const found: { key: string; area: Area }[] = [];
    // A zone may stick out of the extent (that is a fault to be seen), by less than a cell.
    const least = (value: number, from: number): number => Math.max(-1, Math.floor((value - from) / side));
    const most = (value: number, from: number, to: number): number => Math.min(Math.floor((to - from) / side) + 1, Math.floor((value - from) / side));
    for (let i = least(west, west0); i <= most(east, west0, east0); i++) {
      for (let k = least(south, south0); k <= most(north, south0, north0); k++) {
        const [w, s] = [west0 + i * side, south0 + k * side];
        found.push({ key: `${i} ${k}`, area: [w, s, w + side, s + side] });
      }
    }
    return found;
  }
}

function away([west, south, east, north]: Area, [e, n]: readonly [number, number]): number {
  return Math.hypot((west + east) / 2 - e, (south + north) / 2 - n);
}
