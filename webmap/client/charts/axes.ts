/** Round numbers for the scale of a chart. */

/** Return about `wanted` round steps from 0 to at least `most`: 0, 200, 400 … for 730. Nothing for 0. */
export function ticks(most: number, wanted = 4): readonly number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}
