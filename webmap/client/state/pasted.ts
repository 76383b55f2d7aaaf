/** A block of cells from a spreadsheet: what it would change, and what of it cannot be taken. */
import { type Field, folded, isIndicator, only, type Refusal, take, textOf } from "./content";
import { parseBounds } from "./bounds";
import type { Content, PlanFunction, Zone } from "../api/draft-types";

/** Columns as the table shows them; an area is measured and never pasted. */
export const COLUMNS = [
  "label",
  "function",
  "land_use_code",
  "density",
  "storeys",
  "floor_area_ratio",
  "population",
  "area_m2",
  "note",
] as const;
export type Column = (typeof COLUMNS)[number];

export interface CellChange {
  readonly field: Field;
  readonly before: string;
  readonly after: string;
  /** An indicator of which no bounds can be read: kept as text. */
  readonly isUnread: boolean;
}
export interface RowChange {
  readonly row: number;
  readonly zone: Zone;
  readonly cells: readonly CellChange[];
  readonly content: Partial<Content>;
}
export type RowRefusal = Refusal | "no_row" | "label_missing" | "label_unknown" | "label_twice" | "row_twice";
export interface RefusedRow {
  /** Counted from 1 within the block, as the spreadsheet's user counts. */
  readonly row: number;
  readonly text: string;
  readonly column: Column | null;
  readonly why: RowRefusal;
}
export interface PastePlan {
  readonly changes: readonly RowChange[];
  readonly refused: readonly RefusedRow[];
  readonly unchanged: number;
  /** Columns of the block that are not taken. */
  readonly leftOut: readonly string[];
  /** Whether rows were found by their symbol, which stood in the block. */
  readonly isByLabel: boolean;
}

export interface Ground {
  readonly rows: readonly Zone[];
  readonly functions: readonly PlanFunction[];
  readonly selected: ReadonlySet<string>;
  /** Where the active cell is. */
  readonly row: number;
  readonly column: number;
  /** Every name under which a column may be headed, beside its own. */
  readonly headings: ReadonlyMap<string, Column>;
}

/** Return the cells of a text as spreadsheets copy it: tabs, line ends, quotes around either. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const put = (): void => {
    row.push(cell);
    cell = "";
  };
  const end = (): void => {
    put();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === "\t") put();
    else if (sign === "\n") end();
    else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || row.length > 0) end();
  return rows;
}

/** Return `rows` as a spreadsheet takes them. */
export function textOfCells(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string => (/[\t\n\r"]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join("\t")).join("\n");
}

/**
 * Return what pasting `block` would do.
 *
 * A block with headings that has a column of symbols finds its rows by them; every other block fills
 * rows and columns from the active cell on; a single cell fills that column of all selected rows.
 * A row with one cell that cannot be taken is refused whole.
 */
export function planPaste(block: readonly (readonly string[])[], ground: Ground): PastePlan {
  const headed = headingsOf(block[0] ?? [], ground.headings);
  if (headed !== null) return placed(block.slice(1), 2, headed, byHeading(headed, ground), ground);
  const [[single] = []] = block;
  const isSingle = block.length === 1 && block[0]?.length === 1 && single !== undefined;
  const active = ground.rows[ground.row];
  if (isSingle && active !== undefined && ground.selected.size > 1 && ground.selected.has(active.uid)) {
    const targets = ground.rows.filter((zone) => ground.selected.has(zone.uid));
    const columns = [COLUMNS[ground.column] ?? null];
    return placed(targets.map(() => [single]), 1, columns, { isByLabel: false, find: (_, at) => targets[at] ?? "no_row" }, ground);
  }
  const widest = Math.max(0, ...block.map((row) => row.length));
  const columns = Array.from({ length: widest }, (_, at) => COLUMNS[ground.column + at] ?? null);
  const find = (_: readonly string[], at: number): Zone | RowRefusal => ground.rows[ground.row + at] ?? "no_row";
  return placed(block, 1, columns, { isByLabel: false, find }, ground);
}

type Columns = readonly (Column | null)[];
interface Finder {
  readonly isByLabel: boolean;
  readonly find: (cells: readonly string[], at: number) => Zone | RowRefusal;
}

/** Return the columns that a first row names; null if it is no row of headings. */
function headingsOf(cells: readonly string[], headings: ReadonlyMap<string, Column>): Columns | null {
  const named = cells.map((cell) => headings.get(folded(cell.trim())) ?? null);
  const filled = cells.filter((cell) => cell.trim() !== "").length;
  const hits = named.filter((column) => column !== null).length;
  return hits > 0 && hits * 2 > filled ? named : null;
}

function byHeading(columns: Columns, ground: Ground): Finder {
  const place = columns.indexOf("label");
  if (place === -1) {
    return { isByLabel: false, find: (_, at) => ground.rows[ground.row + at] ?? "no_row" };
  }
  const labelled = new Map<string, Zone | null>();
  for (const zone of ground.rows) labelled.set(zone.label, labelled.has(zone.label) ? null : zone);
  const find = (cells: readonly string[]): Zone | RowRefusal => {
    const label = (cells[place] ?? "").trim();
    if (label === "") return "label_missing";
    const zone = labelled.get(label);
    if (zone === undefined) return "label_unknown";
    return zone ?? "label_twice";
  };
  return { isByLabel: true, find };
}

function placed(block: readonly (readonly string[])[], firstRow: number, columns: Columns, finder: Finder, ground: Ground): PastePlan {
  const changes: RowChange[] = [];
  const refused: RefusedRow[] = [];
  const met = new Set<string>();
  let unchanged = 0;
  for (const [at, cells] of block.entries()) {
    const row = firstRow + at;
    const zone = finder.find(cells, at);
    const refuse = (why: RowRefusal, column: Column | null, text: string): void => {
      refused.push({ row, why, column, text });
    };
    if (typeof zone === "string") {
      refuse(zone, null, cells.join(" · "));
      continue;
    }
    if (met.has(zone.uid)) {
      refuse("row_twice", null, cells.join(" · "));
      continue;
    }
    met.add(zone.uid);
    const change = changeOf(zone, row, cells, columns, finder.isByLabel, ground.functions);
    if ("why" in change) refused.push(change);
    else if (change.cells.length === 0) unchanged += 1;
    else changes.push(change);
  }
  return { changes, refused, unchanged, leftOut: leftOut(block, columns), isByLabel: finder.isByLabel };
}

function changeOf(
  zone: Zone,
  row: number,
  cells: readonly string[],
  columns: Columns,
  isByLabel: boolean,
  functions: readonly PlanFunction[],
): RowChange | RefusedRow {
  const changed: CellChange[] = [];
  let content: Partial<Content> = {};
  for (const [at, text] of cells.entries()) {
    const field = columns[at] ?? null;
    if (field === null || field === "area_m2" || (isByLabel && field === "label")) continue;
    const taken = take(field, text, functions);
    if (!taken.ok) return { row, text, column: field, why: taken.why };
    const [before, after] = [textOf(zone, field), taken.value === null ? "" : String(taken.value)];
    if (before === after) continue;
    content = { ...content, ...only(field, taken.value) };
    changed.push({ field, before, after, isUnread: isIndicator(field) && after !== "" && parseBounds(after) === null });
  }
  return { row, zone, cells: changed, content };
}

function leftOut(block: readonly (readonly string[])[], columns: Columns): readonly string[] {
  const isUsed = (at: number): boolean => block.some((row) => (row[at] ?? "").trim() !== "");
  return columns.flatMap((column, at) => {
    if (!isUsed(at)) return [];
    if (column === null) return [String(at + 1)];
    return column === "area_m2" ? [column] : [];
  });
}
