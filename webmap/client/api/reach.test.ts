import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ReachServer } from "./reach";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function answering(...answers: object[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    return Promise.resolve(new Response(JSON.stringify(answers.shift() ?? {}), { status: 200 }));
  });
  return asked;
}

it("asks again while the city is put together", async () => {
  const asked = answering({ run: { id: 1 } }, { run: { id: 1 } }, { run: null, squares: [], breaks: [100], side_m: 100 });

  const found = new ReachServer("/api/planning", 14, () => "").squares("market");
  await vi.advanceTimersByTimeAsync(10_000);

  expect((await found).breaks).toEqual([100]);
  expect(asked).toEqual(Array(3).fill("/api/planning/reach/squares?draft=14&kind=market"));
});

it("stops asking when nobody waits any more", async () => {
  const asked = answering({ run: { id: 1 } }, { run: { id: 1 } });
  const nobody = new AbortController();

  const found = new ReachServer("/api/planning", null, () => "").areas("market", [], nobody.signal);
  const ended = expect(found).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(100);
  nobody.abort();
  await vi.advanceTimersByTimeAsync(10_000);

  await ended;
  expect(asked).toEqual(["/api/planning/reach/areas?kind=market&mode=walk"]);
});
