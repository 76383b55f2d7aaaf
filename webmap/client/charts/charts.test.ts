import { expect, it } from "vitest";

import { ticks } from "./axes";
import { type LorenzPoint, tenthsOf } from "./lorenz";
import { columnsOf } from "../reach/kind-charts";

it("marks a scale at round numbers up to past its end", () => {
  expect(ticks(730)).toEqual([0, 200, 400, 600, 800]);
  expect(ticks(8, 6)).toEqual([0, 2, 4, 6, 8]);
  expect(ticks(0.3)).toEqual([0, 0.1, 0.2, 0.3]);
});

it("marks nothing but zero on a scale without length", () => {
  expect(ticks(0)).toEqual([0]);
  expect(ticks(Number.NaN)).toEqual([0]);
});

it("reads a Lorenz curve at each tenth of the people", () => {
  const curve: LorenzPoint[] = [[0, 0], [0.5, 0.2], [1, 1]];

  const tenths = tenthsOf(curve);

  expect(tenths.map(([people]) => people)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  const shares = tenths.map(([, share]) => share);
  [0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.36, 0.52, 0.68, 0.84, 1].forEach((share, at) => { expect(shares[at]).toBeCloseTo(share); });
});

it("keeps who has no way at all apart from who is far away", () => {
  const columns = columnsOf({ bins: [5, 3], step: 1, beyond: 0, unreached: 2, unknown: 0 });

  expect(columns.map(({ from, people }) => [from, people])).toEqual([[0, 5], [1, 3], [null, 2]]);
  expect(columns[2]?.look).toBe("unreached");
});
