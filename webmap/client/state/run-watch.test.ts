import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { RunView } from "../api/conflict-types";
import { run } from "./conflicts.sample";
import { ASK_MS, RunWatch, shareOf } from "./run-watch";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

function watching(answers: RunView[]): { watch: RunWatch; over: RunView[] } {
  const over: RunView[] = [];
  const next = (): Promise<RunView> => {
    const answer = answers.shift();
    return answer === undefined ? Promise.reject(new Error("away")) : Promise.resolve(answer);
  };
  const watch = new RunWatch({ start: next, run: next, cancel: next }, () => undefined, (one) => over.push(one));
  return { watch, over };
}

it("asks after a run until it is over, and tells of that once", async () => {
  const { watch, over } = watching([
    run({ state: "queued", done: 0, total: 0 }), run({ state: "running", done: 2, total: 5 }), run({ state: "done" }),
  ]);

  await watch.start();
  expect(watch.progress).toMatchObject({ kind: "running", run: { state: "queued" } });
  await vi.advanceTimersByTimeAsync(ASK_MS);
  expect(watch.progress).toMatchObject({ kind: "running", run: { done: 2 } });
  await vi.advanceTimersByTimeAsync(10 * ASK_MS);

  expect(watch.progress).toEqual({ kind: "idle" });
  expect(over.map(({ state }) => state)).toEqual(["done"]);
});

it("starts no second run beside the first", async () => {
  const { watch } = watching([run({ state: "running" }), run({ state: "running", id: 2 })]);

  await watch.start();
  await watch.start();

  expect(watch.progress).toMatchObject({ run: { id: 1 } });
});

it("goes on watching a run that is being cancelled", async () => {
  const { watch, over } = watching([run({ state: "running" }), run({ state: "running" }), run({ state: "cancelled" })]);

  await watch.start();
  await watch.cancel();
  expect(watch.progress).toMatchObject({ kind: "running", isCancelling: true });
  await vi.advanceTimersByTimeAsync(ASK_MS);

  expect(over.map(({ state }) => state)).toEqual(["cancelled"]);
});

it("says so where the server does not answer", async () => {
  const { watch } = watching([]);

  await watch.start();

  expect(watch.progress.kind).toBe("failed");
});

it("knows no share before it knows how much there is to do", () => {
  expect(shareOf(run({ done: 0, total: 0 }))).toBeNull();
  expect(shareOf(run({ done: 2, total: 8 }))).toBe(0.25);
});
