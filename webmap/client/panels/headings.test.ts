import { describe, expect, it } from "vitest";

import { headings, rowsAsText } from "./headings";
import { cellsOf, planPaste } from "../state/pasted";
import { FUNCTIONS, zone } from "../state/zones.sample";

describe("rows copied into a spreadsheet", () => {
  it("change nothing when they are pasted back", () => {
    const rows = [
      zone("A", { density: "40,5-60", population: 1250, note: 'giữ "cổng" cũ\nphía đông' }),
      zone("B", { function: "DAT_YTE", storeys: "<= 5" }),
    ];
    const text = rowsAsText(rows, FUNCTIONS, "vi");

    const plan = planPaste(cellsOf(text), {
      rows, functions: FUNCTIONS, selected: new Set(), row: 0, column: 0, headings: headings(),
    });

    expect([plan.isByLabel, plan.unchanged, plan.changes, plan.refused]).toEqual([true, 2, [], []]);
  });

  it("may be headed as decisions and dossiers head them", () => {
    const known = headings();

    expect(["mat do xay dung (%)", "tangcaoxaydung", "hssdd", "ky hieu o dat"].map((name) => known.get(name))).toEqual([
      "density", "storeys", "floor_area_ratio", "label",
    ]);
  });
});
