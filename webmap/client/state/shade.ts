/** How dark a cell of a table is by its number. */

/** Return 0 (nothing) to 5 for `count`, where `most` is the largest of the table; steps grow by factors. */
export function shadeOf(count: number, most: number): number {
  if (count <= 0) return 0;
  if (most <= 5) return Math.min(5, count);
  // One is never as dark as many, and a single large cell leaves the others apart from each other.
  return 1 + Math.round((4 * Math.log(count)) / Math.log(most));
}
