import { describe, expect, it } from "vitest";

import { colourOf, legendOf, RAMP, SILENT, UNKNOWN, UNREADABLE } from "./zone-colours";
import { FUNCTIONS, zone } from "./zones.sample";

/** Relative luminance as WCAG 2 defines it: what is left of a colour where hues are not told apart. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("the colour of a zone", () => {
  it("is that of its function, and white for one that nobody knows", () => {
    expect(colourOf(zone("A"), "function", FUNCTIONS)).toBe("#cc9900");
    expect(colourOf(zone("A", { function: "?" }), "function", FUNCTIONS)).toBe(UNKNOWN);
  });

  it("follows the largest value that an indicator allows", () => {
    expect(colourOf(zone("A", { density: "40-60" }), "density", FUNCTIONS)).toBe(RAMP[3]);
    expect(colourOf(zone("A", { density: "≤ 60" }), "density", FUNCTIONS)).toBe(RAMP[3]);
    expect(colourOf(zone("A", { density: "60,5" }), "density", FUNCTIONS)).toBe(RAMP[4]);
  });

  it("tells what is not stated from what is no number", () => {
    expect(colourOf(zone("A"), "storeys", FUNCTIONS)).toBe(SILENT);
    expect(colourOf(zone("A", { storeys: "theo thiết kế" }), "storeys", FUNCTIONS)).toBe(UNREADABLE);
  });

  it("shows people by the hectare, so that a large zone is not dark for its size", () => {
    const small = zone("A", { population: 300, area_m2: 10_000 });
    const large = zone("B", { population: 300, area_m2: 100_000 });

    expect(colourOf(small, "population", FUNCTIONS)).toBe(RAMP[3]);
    expect(colourOf(large, "population", FUNCTIONS)).toBe(RAMP[0]);
  });

  it("grows darker with the value, by steps that are seen without hues", () => {
    const steps = RAMP.map(luminance);

    for (const [at, value] of steps.entries()) {
      const next = steps[at + 1];
      // Two neighbours of a ramp are told apart from a contrast of about 1.3 on.
      if (next !== undefined) expect((value + 0.05) / (next + 0.05)).toBeGreaterThan(1.3);
    }
  });
});

describe("the legend", () => {
  it("lists the functions that are there, with how many zones have them", () => {
    const lines = legendOf("function", FUNCTIONS, [zone("A"), zone("B"), zone("C", { function: "?" })]);

    expect(lines.map(({ colour, count }) => [colour, count])).toEqual([["#cc9900", 2], [UNKNOWN, 1]]);
  });

  it("lists classes from light to dark, and what is not stated", () => {
    const lines = legendOf("density", FUNCTIONS, [zone("A", { density: "80" }), zone("B", { density: "5" }), zone("C")]);

    expect(lines.map(({ colour, name }) => [colour, name])).toEqual([
      [RAMP[0], { kind: "class", above: null, to: 10 }],
      [RAMP[4], { kind: "class", above: 60, to: 80 }],
      [SILENT, { kind: "silent" }],
    ]);
  });
});
