/** Which key or button does what. */
import { gettext } from "../text/gettext";
import type { Bench } from "./bench";
import { showKeys } from "./elements/keys";
import type { Command } from "./elements/tool-bar";
import { meaningOf } from "./keyboard";
import type { BenchMap } from "./map/bench-map";
import { boxAround, removeSelected, squareSelected } from "./tools/picking";
import type { ToolName } from "./tools/tool";
import type { Typed } from "./typed";
import type { Undoing } from "./undoing";

export interface CommandEnds {
  readonly mayEdit: boolean;
  say(text: string): void;
  /** Snapping, tracing or right angles were switched. */
  onOptions(): void;
}

/**
 * Carries out what keys and buttons ask for.
 *
 * Public: `pressed`, `take`, `leave`, `command`.
 */
export class Commands {
  constructor(
    private readonly bench: Bench,
    private readonly map: BenchMap,
    private readonly typed: Typed,
    private readonly undoing: Undoing,
    private readonly ends: CommandEnds,
  ) {}

  pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
    if (event.target.closest("dialog, input, textarea, select, side-panels, .legend-list") !== null) return;
    const meant = meaningOf({ key: event.key, ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey });
    if (meant === null) return;
    // Buttons are pressed by Enter and blank.
    const isButton = event.target.closest("button, a") !== null;
    if (isButton && (meant.kind === "finish" || meant.kind === "click")) return;
    event.preventDefault();
    if (meant.kind === "tool") this.take(meant.tool);
    else if (meant.kind === "command") this.command(meant.command);
    else if (meant.kind === "finish") this.bench.tool.finish();
    else if (meant.kind === "leave") this.leave();
    else if (meant.kind === "back") this.bench.tool.back();
    else if (meant.kind === "erase") this.erase();
    else if (meant.kind === "whole") this.map.showWhole();
    else if (meant.kind === "selected") this.showSelected();
    else this.clickCentre(event.shiftKey);
  }

  /** The keyboard's pointer is the cross in the middle of the map. */
  private clickCentre(shift: boolean): void {
    const touch = { raw: this.map.centre, shift, ctrl: false, alt: false };
    this.bench.touch("move", touch);
    if (this.bench.touch("down", touch)) this.bench.touch("up", touch);
    this.bench.touch("click", touch);
  }

  leave(): void {
    if (this.bench.tool.drop()) this.ends.say(gettext("The sketch was dropped."));
    else if (this.bench.tool.name !== "select") this.take("select");
    else this.bench.select([]);
  }

  private erase(): void {
    if (!this.ends.mayEdit || this.bench.tool.erase()) return;
    removeSelected(this.bench);
  }

  take(tool: ToolName): void {
    if (!this.ends.mayEdit && tool !== "select") return;
    this.bench.take(tool);
    this.ends.say(this.bench.tool.prompt);
  }

  command(command: Command): void {
    const { options } = this.bench;
    if (command === "keys") {
      void showKeys();
      return;
    }
    if (!this.ends.mayEdit) return;
    if (command === "undo") void this.undoing.undo();
    else if (command === "redo") void this.undoing.redo();
    else if (command === "remove") this.erase();
    else if (command === "square") squareSelected(this.bench);
    else if (command === "numbers") void this.typed.one();
    else if (command === "corners") void this.typed.table();
    else {
      if (command === "snaps") options.snaps = !options.snaps;
      else if (command === "traces") options.traces = !options.traces;
      else options.right_angles = !options.right_angles;
      this.ends.onOptions();
      const titles = { snaps: gettext("Snapping"), traces: gettext("Tracing"), right_angles: gettext("Right angles") };
      this.ends.say(`${titles[command]}: ${options[command] ? gettext("on") : gettext("off")}`);
    }
  }

  private showSelected(): void {
    const box = boxAround(this.bench.selected());
    if (box !== null) this.map.fit(box);
  }
}
