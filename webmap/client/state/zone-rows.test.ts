import { describe, expect, it } from "vitest";

import { codes } from "./zone-colours";
import { NO_FILTER, type Order, rowsOf, windowOf } from "./zone-rows";
import { FUNCTIONS, zone } from "./zones.sample";

const ZONES = [
  zone("LK-10", { density: "<= 80" }),
  zone("LK-2", { density: "40-60", function: "DAT_YTE" }),
  zone("BT-1", { note: "chợ Đồng Xuân" }),
];
const BY_LABEL: Order = { by: "label", isDescending: false };

function labels(filter = NO_FILTER, order = BY_LABEL): string[] {
  return rowsOf(ZONES, filter, order, codes(FUNCTIONS)).map(({ label }) => label);
}

describe("rows of the table", () => {
  it("stand in the order in which people number", () => {
    expect(labels()).toEqual(["BT-1", "LK-2", "LK-10"]);
  });

  it("sort by the value that an indicator allows, with the silent ones last in either order", () => {
    expect(labels(NO_FILTER, { by: "density", isDescending: false })).toEqual(["LK-2", "LK-10", "BT-1"]);
    expect(labels(NO_FILTER, { by: "density", isDescending: true })).toEqual(["LK-10", "LK-2", "BT-1"]);
  });

  it("are found without marks, by words of any field", () => {
    expect(labels({ ...NO_FILTER, words: "dong cho" })).toEqual(["BT-1"]);
    expect(labels({ ...NO_FILTER, words: "y te" })).toEqual(["LK-2"]);
  });

  it("are found by function, and among what is selected", () => {
    expect(labels({ ...NO_FILTER, function: "DAT_O" })).toEqual(["BT-1", "LK-10"]);
    expect(labels({ ...NO_FILTER, among: new Set(["uid-LK-2"]) })).toEqual(["LK-2"]);
  });
});

describe("what is drawn of 20,000 rows", () => {
  it("is what is in sight and a little more", () => {
    const { first, end } = windowOf(20_000, { top: 340_000, height: 340, row: 34 });

    expect([first, end]).toEqual([9_988, 10_022]);
  });

  it("never reaches beyond the rows that there are", () => {
    expect(windowOf(5, { top: 99_999, height: 340, row: 34 })).toEqual({ first: 0, end: 5 });
    expect(windowOf(0, { top: 0, height: 340, row: 34 })).toEqual({ first: 0, end: 0 });
  });
});
