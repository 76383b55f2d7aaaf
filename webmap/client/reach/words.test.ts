import { expect, it } from "vitest";

import { limitText, metresText, nameIn, percentText, shareText } from "./words";
import { norm } from "../state/reach.sample";

it("says all only of all, and none only of none", () => {
  expect(percentText(1, "en")).toBe("100\u00a0%");
  expect(percentText(0.99999, "en")).toBe("99.9\u00a0%");
  expect(percentText(0, "en")).toBe("0\u00a0%");
  expect(percentText(0.00001, "en")).toBe("<\u00a00.1\u00a0%");
});

it("does not lose a tenth to binary fractions", () => {
  expect(percentText(0.29, "en")).toBe("29.0\u00a0%");
  expect(percentText(0.997, "vi")).toBe("99,7\u00a0%");
});

it("says a range where not everything is known, and no share where there is none", () => {
  expect(shareText({ value: 1, low: 0.855, high: 1 }, "en")).toBe("85.5\u00a0% to 100\u00a0%");
  expect(shareText({ value: 0.5, low: 0.5, high: 0.5 }, "en")).toBe("50.0\u00a0%");
  expect(shareText({ value: 0.98765, low: 0.98765, high: 0.98765 }, "en")).toBe("98.7\u00a0%");
  expect(shareText({ value: null, low: null, high: null }, "en")).toBeNull();
});

it("cuts what is certain and makes the most that may be no less", () => {
  expect(shareText({ value: 0.9, low: 0.66189, high: 0.98012 }, "vi")).toBe("66,1\u00a0% to 98,1\u00a0%");
  expect(shareText({ value: 0.99, low: 0.5, high: 0.9995 }, "en")).toBe("50.0\u00a0% to 100\u00a0%");
  expect(shareText({ value: 0, low: 0, high: 0.00001 }, "en")).toBe("0\u00a0% to 0.1\u00a0%");
});

it("names the distance of a norm with how it is measured", () => {
  expect(limitText(norm({ limit_m: 500, laxest_m: 2000 }), "en")).toBe("500\u00a0m to 2,000\u00a0m in a straight line");
  expect(limitText(norm({ measured: "walk" }), "vi")).toBe("500\u00a0m on foot");
  expect(limitText(norm({ limit_m: null, laxest_m: null, measured: "none" }), "en")).toBe("");
});

it("writes long ways in kilometres", () => {
  expect(metresText(9_999.4, "en")).toBe("9,999\u00a0m");
  expect(metresText(12_340, "en")).toBe("12.3\u00a0km");
});

it("names a row of the table in the language of the page", () => {
  expect(nameIn("Mầm non / kindergarten", "vi")).toBe("Mầm non");
  expect(nameIn("Mầm non / kindergarten", "en")).toBe("kindergarten");
  expect(nameIn("Chợ xã", "en")).toBe("Chợ xã");
});
