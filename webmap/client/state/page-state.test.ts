import { expect, test } from "vitest";

import { type PageState, readState, writeState } from "./page-state";

const PLOT = "0d0f1f64-6b8c-4b5e-9a51-0f5d3f1f2b11";

test("an address without query is the usual state", () => {
  expect(readState("")).toEqual({ query: "", plot: null, asOf: null, level: "zoning", layers: null });
  expect(writeState(readState(""))).toBe("");
});

test("a state survives its way through the address", () => {
  const state: PageState = {
    query: "tờ 12 thửa 45 phường Ba Đình",
    plot: PLOT,
    asOf: "2024-05-31",
    level: "detailed",
    layers: ["roads", "power_lines"],
  };

  expect(readState(writeState(state))).toEqual(state);
});

test("that every layer is off survives too", () => {
  const state: PageState = { ...readState(""), layers: [] };

  expect(readState(writeState(state)).layers).toEqual([]);
});

test("what is no plot, no day or no level is ignored", () => {
  expect(readState("?plot=../admin&as_of=yesterday&level=all&layers=<b>")).toEqual(readState(""));
});
