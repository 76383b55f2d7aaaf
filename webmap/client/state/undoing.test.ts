import { describe, expect, it } from "vitest";

import { change } from "./scenarios.sample";
import { inForce, nextRedo, nextUndo } from "./undoing";
import type { ChangeView } from "../api/scenario-types";

/** Changes as the server would tell them: each word is a fresh change, each number takes back the row of that number. */
function told(...steps: readonly (string | number)[]): readonly ChangeView[] {
  const gone = new Map<number, number>();
  for (let number = steps.length; number > 0; number--) {
    const step = steps[number - 1];
    if (typeof step === "number" && !gone.has(number)) gone.set(step, number);
  }
  return steps.map((step, at) => change(at + 1, {
    ...(typeof step === "number" ? { action: "undo" as const, undoes: step } : {}), undone_by: gone.get(at + 1) ?? null,
  }));
}

describe("changes of a scenario", () => {
  it("takes back the last one that counts", () => {
    expect(nextUndo(told("a", "b"))?.number).toBe(2);
    expect(nextUndo(told("a", "b", 2))?.number).toBe(1);
    expect(nextUndo(told("a", 1))).toBeNull();
    expect(nextUndo([])).toBeNull();
  });

  it("brings back what was taken back last, one after the other", () => {
    expect(nextRedo(told("a", "b"))).toBeNull();
    // Rows 3 and 4 take back 2 and 1: first 1 comes back (row 5 undoes 4), then 2.
    expect(nextRedo(told("a", "b", 2, 1))?.number).toBe(4);
    expect(nextRedo(told("a", "b", 2, 1, 4))?.number).toBe(3);
    expect(nextRedo(told("a", "b", 2, 1, 4, 3))).toBeNull();
  });

  it("brings nothing back over something new", () => {
    expect(nextRedo(told("a", 1, "b"))).toBeNull();
    expect(inForce(told("a", 1, "b")).map(({ number }) => number)).toEqual([3]);
  });

  it("counts what was brought back, to be taken back again", () => {
    expect(inForce(told("a", 1, 2)).map(({ number }) => number)).toEqual([1]);
    expect(nextUndo(told("a", 1, 2))?.number).toBe(1);
  });
});
