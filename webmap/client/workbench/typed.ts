/** Corners that are typed or pasted instead of clicked. */
import type { EastNorth } from "../api/draft-types";
import type { Vn2000 } from "../crs/vn2000";
import { gettext } from "../text/gettext";
import type { Bench } from "./bench";
import { askCorner, askCorners, type Entering } from "./elements/entering";
import { enclosed } from "./geometry/surfaces";
import type { BenchMap } from "./map/bench-map";
import type { Sketch } from "./sketch";
import type { ToolName } from "./tools/tool";

/** Around typed corners so much is shown, in metres. */
const MARGIN_M = 20;

export interface TypedEnds {
  sketch(): Sketch;
  take(tool: ToolName): void;
  warn(text: string): void;
}

/** Asks for corners and hands them to the tool. Owns nothing. Public: `one`, `table`, `bringIntoView`. */
export class Typed {
  constructor(
    private readonly bench: Bench,
    private readonly map: BenchMap,
    private readonly zone: Vn2000,
    private readonly language: string,
    private readonly ends: TypedEnds,
  ) {}

  /** Ask for one corner. */
  async one(): Promise<void> {
    if (this.bench.tool.name === "select") this.ends.take("draw");
    const at = await askCorner(this.entering());
    if (at === null) return;
    if (!this.bench.tool.put(at)) this.ends.warn(gettext("This tool takes no typed corner now."));
    else this.bringIntoView([at]);
  }

  /** Ask for a table of corners. */
  async table(): Promise<void> {
    if (!this.bench.tool.encloses) this.ends.take("draw");
    const corners = await askCorners(this.entering());
    if (corners === null) return;
    for (const at of corners) this.bench.tool.put(at);
    this.bringIntoView(corners);
  }

  /** Move the map if one of the points is out of sight. */
  bringIntoView(points: readonly EastNorth[]): void {
    const [west, south, east, north] = this.map.area;
    if (points.every(([e, n]) => e >= west && e <= east && n >= south && n <= north)) return;
    const [es, ns] = [points.map(([e]) => e), points.map(([, n]) => n)];
    this.map.fit([Math.min(...es) - MARGIN_M, Math.min(...ns) - MARGIN_M, Math.max(...es) + MARGIN_M, Math.max(...ns) + MARGIN_M]);
  }

  private entering(): Entering {
    return {
      zone: this.zone,
      language: this.language,
      last: this.bench.tool.points.at(-1) ?? null,
      preview: (points) => { this.preview(points); },
    };
  }

  private preview(points: readonly EastNorth[] | null): void {
    const sketch = this.ends.sketch();
    if (points === null) {
      this.map.showSketch(sketch);
      return;
    }
    const whole = points.length > 2 ? [{ surface: enclosed(points), look: "new" as const }] : [];
    this.map.showSketch({
      ...sketch,
      surfaces: [...(sketch.surfaces ?? []), ...whole],
      points: [...(sketch.points ?? []), ...points.map((at) => ({ at, look: "preview" as const }))],
    });
    this.bringIntoView(points);
  }
}
