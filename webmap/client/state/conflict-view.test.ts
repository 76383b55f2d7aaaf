import { describe, expect, it } from "vitest";

import { ALL_OPEN, asked, filterCount, isThrough, readView, writeView } from "./conflict-view";

const KEY = "0f8fad5b-d9cb-469f-a165-70867728950e";

describe("the address of the conflicts page", () => {
  it("asks for open conflicts, worst first, if it says nothing", () => {
    const view = readView("");

    expect(view).toMatchObject({ tab: "list", sort: "severity", conflict: null, filters: ALL_OPEN });
    expect(asked(view.filters)).toEqual({ state: "open" });
    expect(writeView(view, null)).toBe("");
  });

  it("reads what it wrote", () => {
    const said = `?draft=3&view=matrix&family=plans&rule=P01&severity=blocks&ward=00070&text=h%E1%BB%93&assigned=me&state=accepted&sort=area&conflict=${KEY}&before=1&after=4`;

    expect(writeView(readView(said), 3)).toBe(said);
  });

  it("tells all states apart from the usual ones", () => {
    const view = readView("?state=all");

    expect(asked(view.filters)).toEqual({});
    expect(writeView(view, null)).toBe("?state=all");
    expect(filterCount(view.filters)).toBe(1);
  });

  it("lets through to the map what is of the rule, group, severity and state that are wanted", () => {
    const one = { rule: "P01", severity: "blocks", state: "open" };
    const through = (search: string): boolean => isThrough(one, readView(search).filters, () => "plans");

    expect(["", "?rule=P01", "?family=plans", "?severity=blocks", "?state=all"].map(through)).toEqual(Array(5).fill(true));
    expect(["?rule=P02", "?family=norms", "?severity=warns", "?state=accepted"].map(through)).toEqual(Array(4).fill(false));
  });

  it("drops what nobody could have meant", () => {
    expect(readView("?view=pie&rule=%3Cscript%3E&severity=bad&conflict=1&before=x&state=gone")).toEqual(readView(""));
  });
});
