import { describe, expect, it } from "vitest";

import { readAmount } from "./amounts";

describe("an amount", () => {
  it.each([
    ["12.000", 12_000], ["12,000", 12_000], ["12 000", 12_000], ["1.250.000", 1_250_000], ["350", 350], ["12,5", 12.5], ["0.25", 0.25], ["1.000,5", 1000.5],
    ["0", 0],
  ])("%s is %d", (text, amount) => {
    expect(readAmount(text)).toBe(amount);
  });

  it.each(["", "many", "-5", "12 people"])("there is none in “%s”", (text) => {
    expect(readAmount(text)).toBeNull();
  });
});
