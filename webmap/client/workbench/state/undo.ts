/** Which edit is undone or done again next, read from the history that the server keeps. */
import type { EditBrief } from "../../api/draft-types";

/** A real edit and the last of the undos and redos that hang on it. */
interface Chain {
  readonly first: EditBrief;
  readonly tip: EditBrief;
  readonly is_active: boolean;
}

function chainsOf(edits: readonly EditBrief[]): Chain[] {
  const byNumber = new Map(edits.map((edit) => [edit.number, edit]));
  return edits
    .filter(({ undoes, by_me }) => undoes === null && by_me)
    .map((first) => {
      let [tip, is_active] = [first, true];
      for (let next = tip.undone_by; next !== null; next = tip.undone_by) {
        const after = byNumber.get(next);
        is_active = !is_active;
        // An undo that is not among the edits is somebody else's, and the last we can know.
        if (after === undefined) break;
        tip = after;
      }
      return { first, tip, is_active };
    })
    .sort((one, other) => other.first.number - one.first.number);
}

/** The number of the edit to undo: of the newest own edit that holds, its last redo. Null for none. */
export function nextUndo(edits: readonly EditBrief[]): number | null {
  return chainsOf(edits).find(({ is_active, first }) => is_active && first.action !== "begin")?.tip.number ?? null;
}

/** The number of the undo to undo: the latest own one, unless something was edited since. Null for none. */
export function nextRedo(edits: readonly EditBrief[]): number | null {
  const chains = chainsOf(edits);
  const undone = chains
    .filter(({ is_active, tip }) => !is_active && tip.undoes !== null && tip.by_me)
    .sort((one, other) => other.tip.number - one.tip.number)[0];
  if (undone === undefined) return null;
  const edited = chains.some(({ first }) => first.number > undone.tip.number);
  return edited ? null : undone.tip.number;
}
