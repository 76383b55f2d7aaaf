/** Reading the texts of indicators, exactly as planning/indicators.py does on the server. */

/** What an indicator allows; null: this side is not bounded. */
export interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
}

const NUMBER = "[0-9]+(?:[.,][0-9]+)?";
const RANGE = new RegExp(`^(?:từ\\s*)?(${NUMBER})\\s*(?:-|–|÷|đến)\\s*(${NUMBER})$`);
const AT_MOST = new RegExp(`^(?:<=|≤|<|tối đa)\\s*(${NUMBER})$`);
const AT_LEAST = new RegExp(`^(?:>=|≥|>|tối thiểu)\\s*(${NUMBER})$`);
const EXACT = new RegExp(`^(${NUMBER})$`);

/** Return the bounds that `text` states, null where it cannot be read. */
export function parseBounds(text: string): Bounds | null {
  const plain = text.toLowerCase().replace(/%|tầng|lần/g, "").trim();
  const range = RANGE.exec(plain);
  if (range !== null) {
    const [low, high] = [numberOf(range[1]), numberOf(range[2])];
    return low <= high ? { low, high } : null;
  }
  const most = AT_MOST.exec(plain);
  if (most !== null) return { low: null, high: numberOf(most[1]) };
  const least = AT_LEAST.exec(plain);
  if (least !== null) return { low: numberOf(least[1]), high: null };
  const exact = EXACT.exec(plain);
  if (exact !== null) return { low: numberOf(exact[1]), high: numberOf(exact[1]) };
  return null;
}

/** Return the largest value that is allowed, or the least one where no largest is stated. */
export function largestOf(bounds: Bounds | null): number | null {
  return bounds === null ? null : (bounds.high ?? bounds.low);
}

/**
 * Return the largest floor-area ratio that density and storeys together allow, null where one of them
 * has no upper bound: 60 % of the ground on 5 floors is 3 times the ground.
 */
export function reachableRatio(density: string, storeys: string): number | null {
  const [share, floors] = [parseBounds(density)?.high ?? null, parseBounds(storeys)?.high ?? null];
  return share === null || floors === null ? null : Math.round(share * floors) / 100;
}

function numberOf(text: string | undefined): number {
  return Number((text ?? "").replace(",", "."));
}
