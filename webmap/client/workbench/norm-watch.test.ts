import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { NormWatch } from "./norm-watch";
import type { NormAnswer, NormFinding } from "../api/norm-types";

function answer(uid: string): NormAnswer {
  const norm = { topic: "", key: "", value: "", unit: "", source: "", in_force: "", confidence: "", note: "", basis: "" };
  const finding: NormFinding = { uid, indicator: "density", state: "met", text: "", reason: "", norm };
  return { on: "2026-01-01", counts: { met: 1, not_met: 0, not_checked: 0 }, plan: [], findings: [finding], undecided: [] };
}

describe("the watch over norms", () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it("asks once for what is selected last", async () => {
    const asked: string[][] = [];
    const watch = new NormWatch(
      {
        norms: (zones?: readonly string[]) => {
          asked.push([...(zones ?? [])]);
          return Promise.resolve(answer(zones?.[0] ?? ""));
        },
      },
      () => undefined,
    );

    watch.ask(["a"]);
    watch.ask(["b"]);
    await vi.advanceTimersByTimeAsync(1000);

    expect(asked).toEqual([["b"]]);
    expect(watch.findings.map(({ uid }) => uid)).toEqual(["b"]);
  });

  it("shows nothing old where the server cannot be reached or nothing is selected", async () => {
    let isReached = true;
    const watch = new NormWatch(
      { norms: () => (isReached ? Promise.resolve(answer("a")) : Promise.reject(new Error("away"))) },
      () => undefined,
    );
    watch.ask(["a"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(watch.findings).toHaveLength(1);

    isReached = false;
    watch.ask(["a"]);
    await vi.advanceTimersByTimeAsync(1000);

    expect(watch.findings).toEqual([]);
  });
});
