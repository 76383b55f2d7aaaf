import { expect, it } from "vitest";

import { byName, capacityText, signedPoints, withUnit } from "./scenario-words";
import type { FacilityView } from "../api/reach-types";

function facility(name: string, unit = ""): FacilityView {
  return { key: name, name, kind: "parking", place: [0, 0], capacity: 1, unit, state: "as_is", from: null };
}

it("tells a change too small for two digits with its sign", () => {
  expect(signedPoints(0, "en")).toBe("±0");
  expect(signedPoints(0.004, "en")).toBe("+<\u00a00.01 points");
  expect(signedPoints(-0.004, "vi")).toBe("−<\u00a00,01 points");
  expect(signedPoints(-0.02, "en")).toBe("−0.02 points");
  expect(signedPoints(1.84, "vi")).toBe("+1,8 points");
});

it("names what a capacity counts", () => {
  expect(capacityText(112, "car", "en")).toBe("room for 112 cars");
  expect(capacityText(1200, "m2", "vi")).toBe("1.200 m²");
  expect(capacityText(null, "car", "en")).toBe("");
  expect(capacityText(3, "l/s", "en")).toBe("3 l/s");
});

it("takes the unit that most facilities are told in", () => {
  expect(withUnit("Size", [facility("a", "m2"), facility("b", "bed"), facility("c", "bed"), facility("d"), facility("e"), facility("f")])).toBe("Size · beds");
  expect(withUnit("Size", [facility("a", "l/s")])).toBe("Size · l/s");
  expect(withUnit("Size", [facility("a")])).toBe("Size");
});

it("puts number 2 before number 10", () => {
  const names = ["Bãi số 10", "Bãi số 2", "Ấp 1", "Bãi số 1"].map((name) => facility(name));
  expect(byName(names, "vi").map(({ name }) => name)).toEqual(["Ấp 1", "Bãi số 1", "Bãi số 2", "Bãi số 10"]);
});
