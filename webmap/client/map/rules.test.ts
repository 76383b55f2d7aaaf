import { describe, expect, it } from "vitest";

import { colourOf, isSeen, mixed, ruleOf, styleZoom, translucent } from "./rules";
import type { DrawRule } from "../api/types";

const rule = (when: DrawRule["when"]): DrawRule => ({ when, draw: [], label: null });
const RULES = [
  rule([{ attribute: "voltage_kv", least: 110 }, { attribute: "placement", values: ["buried", "duct"] }]),
  rule([{ attribute: "voltage_kv", least: 110 }]),
  rule([]),
];
const reading = (said: Record<string, unknown>) => (name: string) => said[name];

describe("a feature", () => {
  it("meets the first rule whose conditions all hold", () => {
    expect(ruleOf(RULES, reading({ voltage_kv: 220, placement: "duct" }))).toBe(0);
    expect(ruleOf(RULES, reading({ voltage_kv: 110, placement: "overhead" }))).toBe(1);
    expect(ruleOf(RULES, reading({ voltage_kv: 22, placement: "duct" }))).toBe(2);
  });

  it("meets no condition with a value that it does not have", () => {
    expect(ruleOf(RULES.slice(0, 2), reading({}))).toBe(-1);
  });

  it("has the colour of its rule, or the one that its attribute holds", () => {
    expect(colourOf("#102030", reading({}))).toBe("#102030");
    expect(colourOf("[colour]", reading({ colour: "#ff00bf" }))).toBe("#ff00bf");
  });
});

describe("a part", () => {
  it("is seen from its first zoom on, up to but without its last", () => {
    const part = { from_zoom: 14, to_zoom: 16 };
    expect([13.9, 14, 15.9, 16].map((zoom) => isSeen(part, zoom))).toEqual([false, true, true, false]);
  });

  it("is seen at every zoom if it names none", () => {
    expect(isSeen({}, 3)).toBe(true);
  });
});

describe("zooms and colours", () => {
  it("counts zooms as vector tiles do, which are 512 pixels wide", () => {
    expect(styleZoom((2 * 20037508.342789244) / 512 / 2 ** 15)).toBeCloseTo(15, 9);
  });

  it("lays three fifths of a colour over two fifths of the ground", () => {
    // 0.6 * 255 + 0.4 * 245 = 251, 0.4 * 242 = 97, 0.6 * 191 + 0.4 * 234 = 208.
    expect(mixed("#ff00bf", "#f5f2ea", 60)).toBe("#fb61d0");
  });

  it("writes how much is seen through a colour into its last two digits", () => {
    expect(translucent("#102030", 100)).toBe("#102030");
    expect(translucent("#102030", 40)).toBe("#10203066");
  });
});
