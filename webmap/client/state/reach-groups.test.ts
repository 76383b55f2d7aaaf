import { expect, it } from "vitest";

import { issueGroups } from "./issue-groups";
import { normGroups } from "./norm-groups";
import { normRow } from "./reach.sample";

it("counts only norms that hold on the day, and loses no row", () => {
  const rows = [normRow({ norm: "a", state: "met" }), normRow({ norm: "b", state: "not_checked" }, "ended"), normRow({ norm: "c", state: "not_met" })];

  const { counts, held, others } = normGroups({ on: "2027-01-01", rows });

  expect(held.map(({ norm }) => norm)).toEqual(["c", "a"]);
  expect(others.map(({ norm }) => norm)).toEqual(["b"]);
  expect(counts).toEqual({ met: 1, not_met: 1, not_checked: 0 });
});

it("keeps a row that cannot be checked for want of data among those that hold", () => {
  expect(normGroups({ on: "", rows: [normRow({ state: "not_checked" }, "circumstance_unknown")] }).counts.not_checked).toBe(1);
});

it("puts what wants mending before what is only worth a look", () => {
  const counts = { dead_ends: 98, loops: 0, near_misses: 2, duplicates: 21 };
  const issue = { kind: "near_misses", text: "", keys: ["1"], place: [0, 0], metres: null } as const;

  const groups = issueGroups({ counts, metres: {}, issues: [issue], is_cut: false }, ["near_misses", "duplicates", "loops", "dead_ends"]);

  expect(groups.map(({ kind, count, isMild }) => [kind, count, isMild])).toEqual([["duplicates", 21, false], ["near_misses", 2, false], ["dead_ends", 98, true]]);
  expect(groups[1]?.issues).toEqual([issue]);
});
