import { describe, expect, it } from "vitest";

import { parseBounds, reachableRatio } from "./bounds";
// tests/planning/test_indicators.py reads the same cases.
import cases from "../../../tests/planning/indicator_bounds.json";

describe("reading an indicator", () => {
  it.each(cases)("reads “$text” as the server does", ({ text, low, high }) => {
    expect(parseBounds(text) ?? { low: null, high: null }).toEqual({ low, high });
  });
});

describe("density and storeys together", () => {
  it("allow so many times the ground", () => {
    expect(reachableRatio("40-60", "3-5 tầng")).toBe(3);
    expect(reachableRatio("≤ 55,5", "7")).toBe(3.89);
  });

  it("say nothing where one of them has no upper bound", () => {
    expect([reachableRatio("", "5"), reachableRatio("60", ">= 3")]).toEqual([null, null]);
  });
});
