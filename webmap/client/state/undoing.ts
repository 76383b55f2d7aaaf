/** Which change of a list is taken back next, and which one brought back: undos are changes of the list too. */
import type { ChangeView } from "../api/scenario-types";

type Row = Pick<ChangeView, "number" | "action" | "undone_by" | "undoes">;

/** Changes that count: no undos, and not what they undo. */
export function inForce<R extends Row>(changes: readonly R[]): readonly R[] {
  return changes.filter(({ action, undone_by }) => action !== "undo" && undone_by === null);
}

/** The change that an undo takes back, null where there is none. */
export function nextUndo<R extends Row>(changes: readonly R[]): R | null {
  return inForce(changes).at(-1) ?? null;
}

/** The undo that is to be undone to bring back what was taken back last; null where there is none, or something new came after. */
export function nextRedo<R extends Row>(changes: readonly R[]): R | null {
  const fresh = changes.filter(({ action }) => action !== "undo").at(-1)?.number ?? 0;
  const own = new Set(changes.filter(({ action }) => action !== "undo").map(({ number }) => number));
  return changes.filter((row) => row.undoes !== null && own.has(row.undoes) && row.undone_by === null && row.number > fresh).at(-1) ?? null;
}

/** What `row`, an undo, would bring back. */
export function undoneBy<R extends Row>(changes: readonly R[], row: R): R | null {
  return changes.find(({ number }) => number === row.undoes) ?? null;
}
