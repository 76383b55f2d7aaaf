import { describe, expect, it } from "vitest";

import { cellsOf, type Column, type Ground, planPaste, textOfCells } from "./pasted";
import { FUNCTIONS, zone } from "./zones.sample";

const HEADINGS = new Map<string, Column>([
  ["ky hieu", "label"],
  ["mat do", "density"],
  ["dan so", "population"],
  ["dien tich", "area_m2"],
]);
const ROWS = [zone("A", { density: "40" }), zone("B"), zone("C"), zone("C", { uid: "other" })];

function on(change: Partial<Ground> = {}): Ground {
  return { rows: ROWS, functions: FUNCTIONS, selected: new Set(), row: 0, column: 3, headings: HEADINGS, ...change };
}

describe("a block of cells", () => {
  it("is split at tabs and line ends, but not within quotes", () => {
    expect(cellsOf('a\t"b\n""c"""\r\nd\t\r\n')).toEqual([["a", 'b\n"c"'], ["d", ""]]);
  });

  it("comes back as it was written", () => {
    const rows = [["a\tb", 'say "no"'], ["", "two\nlines"]];

    expect(cellsOf(textOfCells(rows))).toEqual(rows);
  });
});

describe("pasting", () => {
  it("fills rows and columns from the active cell on", () => {
    const plan = planPaste([["40,5-60", "3-5"], ["70", "5"]], on());

    expect(plan.changes.map(({ zone: { label }, content }) => [label, content])).toEqual([
      ["A", { density: "40,5-60", storeys: "3-5" }],
      ["B", { density: "70", storeys: "5" }],
    ]);
  });

  it("finds rows by their symbols where the block has headings", () => {
    const plan = planPaste([["Ký hiệu", "Mật độ"], ["B", "30"], ["A", "40"]], on());

    expect(plan.isByLabel).toBe(true);
    expect(plan.changes.map(({ zone: { label }, row }) => [label, row])).toEqual([["B", 2]]);
    expect(plan.unchanged).toBe(1);
  });

  it.each([
    ["a symbol that no zone has", "Z", "label_unknown"],
    ["a symbol that two zones have", "C", "label_twice"],
    ["no symbol", "", "label_missing"],
  ])("refuses a row with %s", (_, label, why) => {
    const plan = planPaste([["Ký hiệu", "Mật độ"], [label, "30"]], on());

    expect(plan.changes).toEqual([]);
    expect(plan.refused).toMatchObject([{ row: 2, why }]);
  });

  it("refuses the second row that names the same zone", () => {
    const plan = planPaste([["Ký hiệu", "Mật độ"], ["B", "30"], ["B", "50"]], on());

    expect(plan.changes.map(({ content }) => content)).toEqual([{ density: "30" }]);
    expect(plan.refused).toMatchObject([{ row: 3, why: "row_twice" }]);
  });

  it("refuses a row whole for one cell that cannot be taken", () => {
    const plan = planPaste([["Đất y tế", "", "30"], ["bãi biển", "", "30"]], on({ column: 1 }));

    expect(plan.changes.map(({ content }) => content)).toEqual([{ function: "DAT_YTE", density: "30" }]);
    expect(plan.refused).toMatchObject([{ row: 2, column: "function", text: "bãi biển", why: "function_unknown" }]);
  });

  it("refuses rows for which the table has none", () => {
    const plan = planPaste([["1"], ["2"]], on({ row: 3 }));

    expect(plan.refused).toMatchObject([{ row: 2, why: "no_row" }]);
  });

  it("puts a single cell into all selected rows", () => {
    const plan = planPaste([["60"]], on({ selected: new Set(["uid-A", "uid-B"]) }));

    expect(plan.changes.map(({ zone: { label } }) => label)).toEqual(["A", "B"]);
  });

  it("reads people as spreadsheets write them and leaves measured areas out", () => {
    const plan = planPaste([["Ký hiệu", "Dân số", "Diện tích"], ["A", "1.250", "99"], ["B", "1,5", "99"]], on());

    expect(plan.changes.map(({ content }) => content)).toEqual([{ population: 1250 }]);
    expect(plan.refused).toMatchObject([{ row: 3, why: "not_a_count" }]);
    expect(plan.leftOut).toEqual(["area_m2"]);
  });

  it("keeps an indicator that is no number, and says so", () => {
    const [change] = planPaste([["theo thiết kế"]], on()).changes;

    expect(change?.cells).toMatchObject([{ before: "40", after: "theo thiết kế", isUnread: true }]);
  });
});
