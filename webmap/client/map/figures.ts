/** The figures of the map's style as canvases: hatches that fill, badges that mark a point. */
import Icon from "ol/style/Icon";

import type { DrawFigures, MarkPart } from "../api/types";

/** Share of a badge that its glyph takes, and the width of the ring around it. */
const GLYPH_SHARE = 0.62;
const RING_PX = 1.5;
const RING = "#fffdf8";

/**
 * Draws each figure once for each colour.
 *
 * Owns the canvases. Public: `hatch`, `badge`, `ground`.
 */
export class Figures {
  private readonly hatches = new Map<string, CanvasPattern | null>();
  private readonly badges = new Map<string, Icon>();

  constructor(private readonly told: DrawFigures) {}

  /** The colour of the ground. */
  get ground(): string {
    return this.told.ground;
  }

  /** A repeated figure in a colour; null where the browser or the server does not know it. */
  hatch(id: string, colour: string): CanvasPattern | null {
    const key = `${id} ${colour}`;
    let made = this.hatches.get(key);
    if (made === undefined) {
      made = this.drawHatch(id, colour);
      this.hatches.set(key, made);
    }
    return made;
  }

  /** The sign of a point. */
  badge(mark: MarkPart): Icon {
    const key = `${mark.glyph} ${mark.colour} ${mark.size_px}`;
    let made = this.badges.get(key);
    if (made === undefined) {
      made = this.drawBadge(mark);
      this.badges.set(key, made);
    }
    return made;
  }

  private drawHatch(id: string, colour: string): CanvasPattern | null {
    const pattern = this.told.patterns[id];
    const { canvas, context } = canvasOf(pattern?.width ?? 1, pattern?.height ?? 1);
    if (pattern === undefined || context === null) return null;
    context.strokeStyle = colour;
    context.lineWidth = pattern.line_px;
    // Neighbours too: strokes that cross the edge have both halves.
    for (const right of [-pattern.width, 0, pattern.width]) {
      for (const down of [-pattern.height, 0, pattern.height]) {
        for (const [[x1, y1], [x2, y2]] of pattern.strokes) {
          context.moveTo(x1 + right, y1 + down);
          context.lineTo(x2 + right, y2 + down);
        }
      }
    }
    context.stroke();
    return context.createPattern(canvas, "repeat");
  }

  private drawBadge(mark: MarkPart): Icon {
    const across = Math.ceil(mark.size_px + 2 * RING_PX);
    const { canvas, context } = canvasOf(across, across);
    if (context !== null) {
      context.translate(across / 2, across / 2);
      for (const [radius, colour] of [
        [mark.size_px / 2 + RING_PX / 2, RING],
        [mark.size_px / 2, mark.colour],
      ] as const) {
        context.beginPath();
        context.arc(0, 0, radius, 0, 2 * Math.PI);
        context.fillStyle = colour;
        context.fill();
      }
      const { box, rings } = this.told.glyphs;
      const step = (mark.size_px * GLYPH_SHARE) / box;
      context.scale(step, step);
      context.translate(-box / 2, -box / 2);
      context.fillStyle = mark.ink;
      for (const ring of rings[mark.glyph] ?? []) {
        context.beginPath();
        for (const [x, y] of ring) context.lineTo(x, y);
        context.fill();
      }
    }
    return new Icon({ img: canvas, scale: 1 / devicePixelRatio });
  }
}

/** A canvas of so many CSS pixels, sharp on this screen. */
function canvasOf(
  width: number,
  height: number,
): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D | null } {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  const context = canvas.getContext("2d");
  context?.scale(canvas.width / width, canvas.height / height);
  return { canvas, context };
}
