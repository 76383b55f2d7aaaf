import { expect, it } from "vitest";

import { decisive, normOf, partsOf } from "./figures";
import { figure, kind, norm } from "../state/reach.sample";

const line = figure({ norm: "mk21", measure: "straight", low: 0.9, high: 1 });
const street = figure({ norm: "mk21", measure: "share_within", low: 0.7, high: 0.8 });

it("lets the way of measuring decide that the norm names", () => {
  expect(decisive([street, line], "market", norm({ measured: "straight" }))).toBe(line);
  expect(decisive([street, line], "market", norm({ measured: "walk" }))).toBe(street);
});

it("shows the norm first that speaks of somebody here", () => {
  const rural = norm({ id: "rmk" });
  const figures = [figure({ norm: "rmk", measure: "straight", people: 0 }), line];

  expect(normOf(figures, kind([rural, norm({})]), "")?.id).toBe("mk21");
  expect(normOf(figures, kind([rural, norm({})]), "rmk")?.id).toBe("rmk");
});

it("has no norm to show where none gives a distance", () => {
  expect(normOf([], kind([norm({ limit_m: null, measured: "none" })]), "")).toBeNull();
});

it("parts people into within, not known and beyond", () => {
  const parts = partsOf(street);

  expect(parts?.covered).toBeCloseTo(0.7);
  expect(parts?.unknown).toBeCloseTo(0.1);
  expect(parts?.beyond).toBeCloseTo(0.2);
  expect(partsOf(figure({}))).toBeNull();
});
