/** Where keys lead in a table. */

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
  /** Rows by which a page is turned. */
  readonly page: number;
}

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Return the cell to which a key leads from `at`; null where the key does not move. */
export function moved(at: Place, { key, ctrlKey, metaKey }: Pressed, size: Size): Place | null {
  const isFar = ctrlKey || metaKey;
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const places: Readonly<Record<string, Place>> = {
    ArrowUp: { ...at, row: isFar ? 0 : at.row - 1 },
    ArrowDown: { ...at, row: isFar ? last.row : at.row + 1 },
    ArrowLeft: { ...at, column: isFar ? 0 : at.column - 1 },
    ArrowRight: { ...at, column: isFar ? last.column : at.column + 1 },
    Home: { row: isFar ? 0 : at.row, column: 0 },
    End: { row: isFar ? last.row : at.row, column: last.column },
    PageUp: { ...at, row: at.row - size.page },
    PageDown: { ...at, row: at.row + size.page },
  };
  const to = places[key];
  return to === undefined ? null : within(to, size);
}

/** Return the nearest cell of a table of `size`. */
export function within({ row, column }: Place, size: Pick<Size, "rows" | "columns">): Place {
  return { row: clamp(row, size.rows), column: clamp(column, size.columns) };
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value));
}
