import { expect, it } from "vitest";

import { AT_FIRST, readReachView, writeReachView } from "./reach-view";

const PLOT = "0b1c2d3e-0000-4000-8000-00000000abcd";

it("shows the coverage of all services where nothing is said", () => {
  expect(readReachView("")).toEqual(AT_FIRST);
});

it("reads what it wrote", () => {
  const view = { tab: "norms", kind: "kindergarten", norm: "kg21", look: "tenths", plot: PLOT } as const;

  expect(readReachView(writeReachView(view, 14))).toEqual(view);
});

it("takes what it cannot read as not said", () => {
  expect(readReachView("?view=everything&kind=a%20b&norm=%3Cscript%3E&plot=7")).toEqual(AT_FIRST);
});

it("keeps what a tab wrote for itself, until another tab is opened", () => {
  const search = "?draft=14&view=scenarios&scenario=abc";

  expect(writeReachView({ ...AT_FIRST, tab: "scenarios", kind: "market" }, 14, search)).toBe("?draft=14&view=scenarios&kind=market&scenario=abc");
  expect(writeReachView({ ...AT_FIRST, tab: "norms" }, 14, search)).toBe("?draft=14&view=norms");
});
