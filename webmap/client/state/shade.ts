/** How dark a cell of a table is by its number. */

/** Return 0 (nothing) to 5 for `count`, where `most` is the largest of the table; as its root, so that a single large one leaves the others apart. */
export function shadeOf(count: number, most: number): number {
  if (count <= 0) return 0;
  if (most <= 5) return Math.min(5, count);
  return 1 + Math.round(4 * Math.sqrt(count / most));
}
