/** Amounts as people write them: "12.000" people are twelve thousand, not twelve. */
import { readNumber } from "../workbench/geometry/numbers";

const IN_THOUSANDS = /^\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*$/;

/**
 * Return the amount in a text; null where there is none or it is less than nothing.
 *
 * Groups of three digits are thousands whichever sign parts them: unlike coordinates, nobody counts people, places,
 * metres or money to the thousandth.
 */
export function readAmount(text: string): number | null {
  const trimmed = text.trim();
  const value = IN_THOUSANDS.test(trimmed) ? Number(trimmed.replace(/\D/g, "")) : readNumber(trimmed);
  return value !== null && value >= 0 ? value : null;
}
