import { expect, it } from "vitest";

import { shadeOf } from "./shade";

it("shades nothing for none, lightest for one and darkest for the most", () => {
  expect([0, 1, 9, 22, 44, 89].map((count) => shadeOf(count, 89))).toEqual([0, 1, 2, 3, 4, 5]);
});

it("counts small numbers one by one", () => {
  expect([0, 1, 2, 3].map((count) => shadeOf(count, 3))).toEqual([0, 1, 2, 3]);
});
