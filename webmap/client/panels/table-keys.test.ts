import { describe, expect, it } from "vitest";

import { moved } from "./table-keys";

const SIZE = { rows: 100, columns: 9, page: 20 };
const plain = (key: string): { key: string; ctrlKey: boolean; metaKey: boolean } => ({ key, ctrlKey: false, metaKey: false });

describe("keys in the table", () => {
  it("lead to the next cell and stop at the edge", () => {
    expect(moved({ row: 0, column: 8 }, plain("ArrowDown"), SIZE)).toEqual({ row: 1, column: 8 });
    expect(moved({ row: 0, column: 8 }, plain("ArrowRight"), SIZE)).toEqual({ row: 0, column: 8 });
    expect(moved({ row: 90, column: 0 }, plain("PageDown"), SIZE)).toEqual({ row: 99, column: 0 });
  });

  it("lead to the ends with Ctrl", () => {
    expect(moved({ row: 5, column: 5 }, { ...plain("End"), ctrlKey: true }, SIZE)).toEqual({ row: 99, column: 8 });
    expect(moved({ row: 5, column: 5 }, { ...plain("Home"), ctrlKey: true }, SIZE)).toEqual({ row: 0, column: 0 });
  });

  it("do not move where they write", () => {
    expect(moved({ row: 5, column: 5 }, plain("a"), SIZE)).toBeNull();
  });
});
