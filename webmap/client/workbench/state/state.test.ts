import { describe, expect, test } from "vitest";

import type { EditAnswer, EditBrief, EditRequest, Zone } from "../../api/draft-types";
import { NoConnection, ServerProblem } from "../../api/http";
import { enclosed } from "../geometry/surfaces";
import { Cells } from "./cells";
import { DraftStore } from "./draft-store";
import { Keeper, type Shelf } from "./keeping";
import { Outbox, type Progress, type QueuedEdit } from "./outbox";
import { nextRedo, nextUndo } from "./undo";

const SQUARE = enclosed([[0, 0], [10, 0], [10, 10], [0, 10]]);

function zone(uid: string, version: number): Zone {
  return {
    uid, version, label: uid, function: "F", land_use_code: "", density: "", storeys: "", floor_area_ratio: "",
    population: null, note: "", area_m2: 100, box: [0, 0, 10, 10], boundary: SQUARE,
  };
}

function edit(key: string, uid: string, based_on: number | null, after: string | null = null): QueuedEdit {
  return {
    key, action: "redraw", why: "", accept: null, made_at: `2026-01-01T00:00:0${key.length}Z`,
    changes: [{ uid, based_on, after, content: { label: key } }],
  };
}

function answer(number: number, zones: readonly Zone[]): EditAnswer {
  const brief: EditBrief = {
    number, action: "redraw", why: "", by: "A", by_me: true, at: "", undoes: null, undone_by: null, accepted: "", zones: [], labels: [],
  };
  return { edit: brief, zones, removed: [], opened: [], solved: [] };
}

/** A server that answers what a test says, and a clock that runs when a test says. */
function bench(kept: readonly QueuedEdit[] = []): {
  outbox: Outbox; sent: EditRequest[]; answers: (EditAnswer | Error)[]; told: Progress[]; clock: (() => void)[]; held: QueuedEdit[][];
} {
  const sent: EditRequest[] = [];
  const answers: (EditAnswer | Error)[] = [];
  const told: Progress[] = [];
  const clock: (() => void)[] = [];
  const held: QueuedEdit[][] = [];
  const outbox = new Outbox(
    {
      send: (request) => {
        sent.push(request);
        const next = answers.shift();
        return next instanceof Error || next === undefined ? Promise.reject(next ?? new NoConnection()) : Promise.resolve(next);
      },
      isOnline: () => true,
      keep: (queue) => held.push([...queue]),
      onSaved: () => undefined,
      onProgress: (progress) => told.push(progress),
      later: (act) => clock.push(act),
    },
    kept,
  );
  return { outbox, sent, answers, told, clock, held };
}

const settled = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });

describe("the outbox", () => {
  test("an edit that builds on one on its way takes the version of its answer", async () => {
    const { outbox, sent, answers } = bench();
    answers.push(answer(18, [zone("Z", 8)]), answer(19, [zone("Z", 9)]));

    outbox.put(edit("a", "Z", 7));
    outbox.put(edit("bb", "Z", 7, "a"));
    await settled();

    expect(sent.map(({ changes }) => changes[0]?.based_on)).toEqual([7, 8]);
    expect(outbox.queue).toEqual([]);
    expect(outbox.progress.kind).toBe("idle");
  });

  test("without a connection edits wait in order and go out later", async () => {
    const { outbox, sent, answers, told, clock, held } = bench();
    outbox.put(edit("a", "Z", 1));
    outbox.put(edit("bb", "Y", 1));
    await settled();

    expect(outbox.progress).toEqual({ kind: "offline", waiting: 2 });
    expect(held.at(-1)?.map(({ key }) => key)).toEqual(["a", "bb"]);

    answers.push(answer(2, [zone("Z", 2)]), answer(3, [zone("Y", 2)]));
    clock.at(-1)?.();
    await settled();

    expect(sent.map(({ changes }) => changes[0]?.uid)).toEqual(["Z", "Z", "Y"]);
    expect(told.at(-1)).toEqual({ kind: "idle" });
    expect(held.at(-1)).toEqual([]);
  });

  test("a refused edit holds the queue until it is replaced, and those on it build on the new one", async () => {
    const { outbox, sent, answers } = bench();
    answers.push(new ServerProblem(412, "zones_changed", "", ""));
    outbox.put(edit("a", "Z", 7));
    outbox.put(edit("bb", "Z", 7, "a"));
    await settled();
    expect(outbox.progress).toMatchObject({ kind: "refused", edit: { key: "a" } });

    answers.push(answer(20, [zone("Z", 12)]), answer(21, [zone("Z", 13)]));
    const { key: _, ...mine } = edit("a", "Z", 11);
    outbox.replaceRefused(mine, "ccc");
    await settled();

    expect(sent.map(({ changes }) => changes[0]?.based_on)).toEqual([7, 11, 12]);
  });

  test("taking a refused edit back takes what builds on it and nothing else", async () => {
    const { outbox, answers } = bench();
    answers.push(new ServerProblem(422, "edit_opens_faults", "", ""), answer(5, [zone("Y", 2)]));
    outbox.put(edit("a", "Z", 1));
    outbox.put(edit("bb", "Z", 1, "a"));
    outbox.put(edit("ccc", "Y", 1));
    await settled();

    expect(outbox.withdrawRefused().map(({ key }) => key)).toEqual(["a", "bb"]);
    await settled();
    expect(outbox.queue).toEqual([]);
  });

  test("what a reload left is sent under the same key", async () => {
    const { outbox, sent, answers } = bench([edit("a", "Z", 1)]);
    answers.push(answer(2, [zone("Z", 2)]));

    outbox.retry();
    await settled();

    expect(sent).toHaveLength(1);
    expect(outbox.queue).toEqual([]);
  });
});

describe("the draft", () => {
  test("edits on their way lie over what is saved, and go when they are taken back", () => {
    const store = new DraftStore();
    store.take([zone("Z", 1)]);

    store.overlay([edit("new", "Z", 1)]);
    expect(store.shown("Z")?.label).toBe("new");
    expect(store.lastKeyOf("Z")).toBe("new");

    store.overlay([]);
    expect(store.shown("Z")?.label).toBe("Z");
  });

  test("an older answer does not replace a newer one", () => {
    const store = new DraftStore();
    store.take([zone("Z", 3)]);
    store.take([{ ...zone("Z", 2), label: "old" }]);

    expect(store.shown("Z")?.label).toBe("Z");
  });

  test("the table's rows keep the boundary that was loaded", () => {
    const store = new DraftStore();
    store.take([zone("Z", 3)]);
    store.take([{ ...zone("Z", 3), boundary: null }]);

    expect(store.drawn("Z")?.boundary).toBe(SQUARE);
  });

  test("a zone that is drawn anew is measured", () => {
    const store = new DraftStore();
    store.overlay([{ ...edit("a", "N", null), changes: [{ uid: "N", based_on: null, after: null, boundary: SQUARE, content: { function: "F" } }] }]);

    expect(store.shown("N")).toMatchObject({ area_m2: 100, box: [0, 0, 10, 10], function: "F" });
  });
});

describe("undo and redo", () => {
  const one = (number: number, undoes: number | null, undone_by: number | null, by_me = true): EditBrief => ({
    number, action: undoes === null ? "redraw" : "undo", why: "", by: "", by_me, at: "", undoes, undone_by, accepted: "", zones: [], labels: [],
  });

  test("the newest own edit that holds is undone next", () => {
    expect(nextUndo([one(3, null, null, false), one(2, null, null), one(1, null, null)])).toBe(2);
    expect(nextUndo([one(4, 2, null), one(2, null, 4), one(1, null, null)])).toBe(1);
    expect(nextUndo([])).toBeNull();
  });

  test("what was undone is done again, the latest first, until something new is drawn", () => {
    const twice = [one(4, 1, null), one(3, 2, null), one(2, null, 3), one(1, null, 4)];
    expect(nextRedo(twice)).toBe(4);
    expect(nextRedo([one(5, null, null), ...twice])).toBeNull();
    expect(nextRedo([one(1, null, null)])).toBeNull();
  });

  test("after a redo the redo is what undo takes back", () => {
    const redone = [one(3, 2, null), one(2, 1, 3), one(1, null, 2)];
    expect(nextUndo(redone)).toBe(3);
    expect(nextRedo(redone)).toBeNull();
  });
});

test("cells in view are loaded once, and again after a failure", async () => {
  const asked: string[] = [];
  let fails = true;
  const cells = new Cells([0, 0, 1000, 1000], 1600, (area) => {
    asked.push(area.join(","));
    return fails ? Promise.reject(new NoConnection()) : Promise.resolve();
  });
  await expect(cells.load([10, 10, 20, 20])).rejects.toBeInstanceOf(NoConnection);
  fails = false;
  await cells.load([10, 10, 20, 20]);
  await cells.load([10, 10, 30, 30]);

  expect(asked).toEqual(["0,0,500,500", "0,0,500,500"]);
});

test("a window that is gone leaves its edits to the next, an open one keeps them", async () => {
  const texts = new Map<string, string>();
  const shelf: Shelf = {
    read: (name) => Promise.resolve(texts.get(name) ?? null),
    write: (name, text) => {
      if (text === null) texts.delete(name);
      else texts.set(name, text);
      return Promise.resolve();
    },
    names: () => Promise.resolve([...texts.keys()]),
  };
  const of = (window: string, open: string[]): Promise<Keeper> =>
    Keeper.open(shelf, { draft: 1, person: 2, window, isOpen: (one) => Promise.resolve(open.includes(one)) });
  await (await of("gone", [])).keep({ queue: [edit("a", "Z", 1)] });
  await (await of("open", ["gone"])).keep({ queue: [edit("bb", "Z", 1)] });

  const next = await of("next", ["open"]);

  expect(next.now.queue.map(({ key }) => key)).toEqual(["a"]);
  expect([...texts.keys()].sort()).toEqual(["1/2/next", "1/2/open"]);
});
