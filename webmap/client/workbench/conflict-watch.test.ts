import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Difference, Underway } from "../api/conflict-types";
import { ServerProblem } from "../api/http";
import { conflict, difference, run } from "../state/conflicts.sample";
import { countsOf, differenceText } from "../state/difference";
import { ConflictWatch, REST_MS } from "./conflict-watch";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

interface Answers {
  refresh?: () => Promise<Difference | Underway>;
  hasRun?: boolean;
  isCurrent?: boolean;
}

function watching({ refresh, hasRun = true, isCurrent = true }: Answers): { watch: ConflictWatch; asked: string[]; sinces: (number | null)[] } {
  const asked: string[] = [];
  const sinces: (number | null)[] = [];
  const server = {
    refresh: (since: number | null) => {
      asked.push("refresh");
      sinces.push(since);
      return refresh?.() ?? Promise.resolve(difference({ new: [conflict("a")], unchanged: 4 }));
    },
    list: () => {
      asked.push("list");
      const [one] = [run({ is_current: isCurrent })];
      return Promise.resolve({ run: hasRun ? one : null, is_current: isCurrent, total: 5, conflicts: [conflict("a")], next: null });
    },
    runs: () => Promise.resolve([]),
    start: () => Promise.resolve(run()),
    run: () => Promise.resolve(run()),
    cancel: () => Promise.resolve(run()),
  };
  return { watch: new ConflictWatch(server, () => undefined), asked, sinces };
}

it("asks once for edits that follow each other fast", async () => {
  const { watch, asked } = watching({});

  watch.edited();
  watch.edited();
  await vi.advanceTimersByTimeAsync(REST_MS);

  expect(asked).toEqual(["refresh", "list"]);
  expect(watch.known).toMatchObject({ kind: "known", difference: { unchanged: 4 } });
  expect(watch.total).toBe(5);
});

it("brings an outdated result up to date at the beginning, but not a current one", async () => {
  const current = watching({});
  const outdated = watching({ isCurrent: false });

  await current.watch.begin();
  await outdated.watch.begin();
  await vi.advanceTimersByTimeAsync(1000);

  expect(current.asked).toEqual(["list"]);
  expect(outdated.asked).toEqual(["list", "refresh", "list"]);
});

it("knows nothing where nothing was ever checked: that is not “no conflict”", async () => {
  const never = (): Promise<Difference> => Promise.reject(new ServerProblem(422, "conflicts_never_run", "", ""));
  const { watch } = watching({ refresh: never, hasRun: false });

  await watch.begin();
  expect(watch.known.kind).toBe("never");
  watch.edited();
  await vi.advanceTimersByTimeAsync(REST_MS);

  expect(watch.known.kind).toBe("never");
});

it("waits for the check of everything where the server says that one goes on", async () => {
  let goes = true;
  const { watch, sinces } = watching({
    refresh: () => Promise.resolve(goes ? { run: run({ state: "running", id: 2 }), before: null } : difference({ unchanged: 9 })),
  });
  await watch.begin();

  watch.edited();
  await vi.advanceTimersByTimeAsync(REST_MS);
  expect(watch.runs.progress.kind).toBe("running");
  goes = false;
  await vi.advanceTimersByTimeAsync(5000);

  expect(watch.known).toMatchObject({ kind: "known", difference: { unchanged: 9 } });
  // What changed is told since the run that was shown, not since the one that has just ended.
  expect(sinces).toEqual([1, 1]);
});

it("says in numbers what an edit did, also of what is not listed", () => {
  const few = difference({ new: [conflict("a"), conflict("b")], solved: [conflict("c")], unchanged: 37 });

  expect(differenceText(few)).toBe("2 new · 1 solved · 37 unchanged");
  expect(countsOf({ ...few, counts: { new: 700, solved: 1, changed: 0 }, is_cut: true }).new).toBe(700);
});
