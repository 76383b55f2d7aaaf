import { describe, expect, it } from "vitest";

import { byLoss, byWeight, effectFor, pointsOf, touched } from "./effects";
import { effect, share, ward } from "./scenarios.sample";

describe("effects of a scenario", () => {
  it("says changes in percentage points, of what is certain", () => {
    expect(pointsOf(share(0.5), share(0.625))).toBeCloseTo(12.5);
    expect(pointsOf(share(null, { low: 0.4, high: 0.6 }), share(null, { low: 0.3, high: 0.7 }))).toBeCloseTo(-10);
    expect(pointsOf(share(null), share(0.5))).toBeNull();
  });

  it("names first whom it touches most", () => {
    const [still, some, most] = [effect("park"), effect("market", { gain: 5 }), effect("hospital", { lose: 70, gain: 1 })];
    expect(byWeight([still, some, most]).map(({ kind }) => kind)).toEqual(["hospital", "market", "park"]);
    expect(touched([still, some]).map(({ kind }) => kind)).toEqual(["market"]);
  });

  it("names the wards that lose before those that gain", () => {
    const named = byLoss([ward("gains", { gain: 900 }), ward("loses", { gain: 0, lose: 3 }), ward("gains more", { gain: 901 })]);
    expect(named.map(({ name }) => name)).toEqual(["loses", "gains more", "gains"]);
  });

  it("shows the norm asked for, else the one that says most", () => {
    const [old, new_] = [effect("park", { norm: "pk21" }), effect("park", { norm: "gr26", gain: 4 })];
    expect(effectFor([old, new_], "park", "pk21")).toBe(old);
    expect(effectFor([old, new_], "park", "gone")).toBe(new_);
    expect(effectFor([old], "market", "")).toBeNull();
  });
});
