import { describe, expect, it } from "vitest";

import { asksPopulation, common, take } from "./content";
import { FUNCTIONS, zone } from "./zones.sample";

describe("what a field takes", () => {
  it.each([
    ["12", 12],
    ["1.250", 1250],
    ["1 250 000", 1_250_000],
    ["", null],
  ])("reads %s as that many people", (text, value) => {
    expect(take("population", text, FUNCTIONS)).toEqual({ ok: true, value });
  });

  it.each(["-5", "1,5", "12.50", "9999999999", "nhiều"])("refuses %s as people", (text) => {
    expect(take("population", text, FUNCTIONS)).toEqual({ ok: false, why: "not_a_count" });
  });

  it("knows a function by its code and by its name in both languages, without marks", () => {
    for (const text of ["DAT_YTE", "đất y tế", "Dat y te", "health"]) {
      expect(take("function", text, FUNCTIONS)).toEqual({ ok: true, value: "DAT_YTE" });
    }
  });

  it("refuses more letters than are kept", () => {
    expect(take("land_use_code", "ODT+CLN+BHK", FUNCTIONS)).toEqual({ ok: false, why: "too_long" });
  });
});

describe("several zones", () => {
  it("have a value in common, or none", () => {
    const two = [zone("A", { density: "40" }), zone("B", { density: "40" })];

    expect([common(two, "density"), common(two, "label")]).toEqual(["40", null]);
  });
});

describe("population", () => {
  it("is asked where people live, and where we cannot tell", () => {
    const [housing, health] = FUNCTIONS;

    expect(asksPopulation([housing])).toBe(true);
    expect(asksPopulation([health])).toBe(false);
    expect(asksPopulation([undefined])).toBe(true);
  });
});
