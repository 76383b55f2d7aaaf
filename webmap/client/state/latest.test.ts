import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Latest, SLOW_AFTER_MS, type Progress } from "./latest";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function after<T>(ms: number, value: T): () => Promise<T> {
  return () => new Promise((resolve) => setTimeout(resolve, ms, value));
}

test("only the newest question is answered, whichever answer comes last", async () => {
  const seen: Progress<string>[] = [];
  const latest = new Latest<string>((progress) => seen.push(progress));

  void latest.ask(after(500, "old"));
  void latest.ask(after(50, "new"));
  await vi.advanceTimersByTimeAsync(1000);

  expect(seen.filter((progress) => progress.kind === "done")).toEqual([{ kind: "done", value: "new" }]);
});

test("the question before is given up", async () => {
  const latest = new Latest<string>(() => undefined);
  let given = false;

  void latest.ask((signal) => {
    signal.addEventListener("abort", () => (given = true));
    return after(500, "old")();
  });
  void latest.ask(after(1, "new"));
  await vi.advanceTimersByTimeAsync(1000);

  expect(given).toBe(true);
});

test("waiting shows as slow only after its time", async () => {
  const latest = new Latest<string>(() => undefined);

  void latest.ask(after(SLOW_AFTER_MS + 100, "late"));
  await vi.advanceTimersByTimeAsync(SLOW_AFTER_MS - 1);
  expect(latest.progress).toEqual({ kind: "waiting", slow: false });

  await vi.advanceTimersByTimeAsync(1);
  expect(latest.progress).toEqual({ kind: "waiting", slow: true });
});

test("a failure is kept with its reason", async () => {
  const latest = new Latest<string>(() => undefined);

  await latest.ask(() => Promise.reject(new Error("gone")));

  expect(latest.progress).toMatchObject({ kind: "failed", error: { message: "gone" } });
});

test("an answer after forgetting changes nothing", async () => {
  const latest = new Latest<string>(() => undefined);

  void latest.ask(after(10, "late"));
  latest.forget();
  await vi.advanceTimersByTimeAsync(100);

  expect(latest.progress).toEqual({ kind: "idle" });
});
