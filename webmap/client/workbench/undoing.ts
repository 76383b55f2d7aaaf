/** Undo and redo, and what is said of them. */
import { sentenceFor } from "../elements/trouble";
import { gettext } from "../text/gettext";
import type { Bench } from "./bench";
import { askFaults } from "./elements/deciding";
import type { BenchMap } from "./map/bench-map";
import { faultsIn } from "./settling";
import type { Sync, Undone } from "./state/sync";

export interface UndoEnds {
  readonly language: string;
  say(text: string): void;
  warn(text: string): void;
  /** Put the draft's own faults on the map again. */
  showFaults(): void;
}

/** Takes back and does again. Owns nothing. Public: `undo`, `redo`, `undoEdit`. */
export class Undoing {
  constructor(
    private readonly sync: Sync,
    private readonly bench: Bench,
    private readonly map: BenchMap,
    private readonly ends: UndoEnds,
  ) {}

  /** While drawing the last corner, otherwise the last own edit. */
  async undo(): Promise<void> {
    if (!this.bench.tool.back()) await this.told(await this.sync.undo(), gettext("Undone"));
  }

  async redo(): Promise<void> {
    await this.told(await this.sync.redo(), gettext("Done again"));
  }

  /** Take back one edit of the history. */
  async undoEdit(number: number): Promise<void> {
    await this.told(await this.sync.undoEdit(number), gettext("Undone"));
  }

  private async told(undone: Undone, word: string): Promise<void> {
    if (undone.kind === "nothing") this.ends.say(gettext("There is nothing (more) of yours to take back."));
    else if (undone.kind === "offline") {
      this.ends.warn(gettext("Saved edits can be taken back when the connection is there again."));
    } else if (undone.kind === "refused") await this.refused(undone, word);
    else {
      this.ends.say(word);
      if (undone.kind === "done") this.map.light(undone.answer.zones.flatMap(({ boundary }) => boundary ?? []));
    }
  }

  private async refused({ number, problem }: Extract<Undone, { kind: "refused" }>, word: string): Promise<void> {
    if (problem.code !== "edit_opens_faults") {
      this.ends.warn(sentenceFor(problem));
      return;
    }
    this.map.showFaults(faultsIn(problem), null);
    const decided = await askFaults(faultsIn(problem), this.ends.language, { repair: false });
    this.ends.showFaults();
    if (decided?.kind === "accept") await this.told(await this.sync.undoEdit(number, decided.reason), word);
  }
}
