/** Conflicts and runs for tests. */
import type { ConflictView, Difference, RunView } from "../api/conflict-types";

export function run(values: Partial<RunView> = {}): RunView {
  return {
    id: 1, number: 1, kind: "full", state: "done", done: 5, total: 5, step: "", on: "2026-11-22", revision: 3, edits: 1,
    started_at: "2026-11-22T08:00:00Z", finished_at: "2026-11-22T08:00:09Z", by: "Lan", edit: null,
    counts: { blocks: 1, warns: 2, notes: 0 }, is_current: true, ...values,
  };
}

export function conflict(key: string, values: Partial<ConflictView> = {}): ConflictView {
  return {
    key, rule: "P01", family: "plans", severity: "blocks", title: "Differs", text: "A differs from B.", state: "open", place: [5, 5],
    box: [0, 0, 10, 10], area_m2: 100, parcels: 2, people: null, wards: ["00070"], parties: [], first_seen: "2026-11-22T08:00:09Z",
    first_run: 1, by_edit: null, by: null, assigned_to: null, changed: false, ...values,
  };
}

export function difference(values: Partial<Difference> = {}): Difference {
  return { run: run(), before: null, new: [], solved: [], changed: [], unchanged: 0, is_cut: false, ...values };
}
