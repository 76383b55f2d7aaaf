import { describe, expect, it } from "vitest";

import { parseBounds } from "./bounds";
// tests/planning/test_indicators.py reads the same cases.
import cases from "../../../tests/planning/indicator_bounds.json";

describe("reading an indicator", () => {
  it.each(cases)("reads “$text” as the server does", ({ text, low, high }) => {
    expect(parseBounds(text) ?? { low: null, high: null }).toEqual({ low, high });
  });
});
