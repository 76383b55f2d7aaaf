/** The table of corners of a decision, pasted as text. */
import type { EastNorth } from "../../api/draft-types";
import { isCoordinate, type Order, ordered, readNumber } from "./numbers";
import { distance } from "./points";

export interface Corner {
  /** Number of the corner as the table has it, else its place in the table. */
  readonly name: string;
  readonly at: EastNorth;
}

/** An edge whose length in the table is not that between its corners. */
export interface EdgeDifference {
  readonly from: string;
  readonly to: string;
  readonly given_m: number;
  readonly computed_m: number;
}

export interface CornerTable {
  /** Without the closing corner. */
  readonly corners: readonly Corner[];
  readonly differences: readonly EdgeDifference[];
  /** How many edge lengths were compared. */
  readonly compared: number;
  /** Lines that hold numbers but no corner, by their place in the text from 1. */
  readonly unread: readonly { readonly line: number; readonly text: string }[];
}

/** Coordinates and lengths are rounded to the centimetre each, so their difference may be this much. */
export const ROUNDING_M = 0.02;

interface Row {
  readonly name: string;
  readonly at: EastNorth;
  readonly length_m: number | null;
}

/**
 * Read a table: one corner a line, cells parted by tabs, semicolons or blanks.
 *
 * A number of the corner may stand before the coordinates and the length of an edge behind them, or
 * on a line of its own between two corners. Headings are passed over.
 */
export function readCorners(text: string, order: Order): CornerTable {
  const rows: Row[] = [];
  const unread: { line: number; text: string }[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const cells = cellsOf(line);
    const row = rowOf(cells, order, rows.length);
    const only = cells.length === 1 ? readNumber(cells[0] ?? "") : null;
    const last = rows.at(-1);
    if (row !== null) rows.push(row);
    else if (only !== null && last !== undefined && !isCoordinate(only)) rows[rows.length - 1] = { ...last, length_m: only };
    else if (cells.some((cell) => isCoordinate(readNumber(cell) ?? 0))) unread.push({ line: i + 1, text: line.trim() });
  }
  const [first] = rows;
  const last = rows.at(-1);
  const is_closed = first !== undefined && last !== undefined && rows.length > 3 && distance(first.at, last.at) < ROUNDING_M / 2;
  const open = is_closed ? rows.slice(0, -1) : rows;
  // The length of an edge stands with the corner where it begins, or with the one where it ends.
  const begins = compare(open, open.map((row) => row.length_m));
  const ends = compare(open, open.map((_, k) => (k + 1 < rows.length ? rows[k + 1] : rows[0])?.length_m ?? null));
  const better = ends.differences.length < begins.differences.length ? ends : begins;
  return { corners: open.map(({ name, at }) => ({ name, at })), ...better, unread };
}

function cellsOf(line: string): string[] {
  const separator = line.includes("\t") ? "\t" : line.includes(";") ? ";" : /[\s|]+/;
  return line.split(separator).map((cell) => cell.trim()).filter((cell) => cell !== "");
}

function rowOf(cells: readonly string[], order: Order, before: number): Row | null {
  const values = cells.map(readNumber);
  for (let i = 0; i + 1 < cells.length; i++) {
    const [first, second] = [values[i], values[i + 1]];
    if (first == null || second == null || !isCoordinate(first) || !isCoordinate(second)) continue;
    const at = ordered(first, second, order);
    if (at === null) return null;
    const name = i > 0 ? (cells[i - 1] ?? "") : String(before + 1);
    return { name, at, length_m: values[i + 2] ?? null };
  }
  return null;
}

function compare(rows: readonly Row[], lengths: readonly (number | null)[]): Pick<CornerTable, "differences" | "compared"> {
  const differences: EdgeDifference[] = [];
  let compared = 0;
  for (const [i, given_m] of lengths.entries()) {
    const [from, to] = [rows[i], rows[(i + 1) % rows.length]];
    if (given_m === null || from === undefined || to === undefined || rows.length < 2) continue;
    compared++;
    const computed_m = distance(from.at, to.at);
    if (Math.abs(computed_m - given_m) > ROUNDING_M) differences.push({ from: from.name, to: to.name, given_m, computed_m });
  }
  return { differences, compared };
}
