import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { BASE_ASK_MS, ScenarioDesk, type Scenarios, stepBetween } from "./scenario-desk";
import { change, comparison, effect, facility, line, room, scenario, share } from "./scenarios.sample";
import { ServerProblem } from "../api/http";
import type { RunLine } from "../api/reach-types";

const run = (state: RunLine["state"]): RunLine => ({ id: 4, state, done: 1, total: 9, step: "", started_at: null, finished_at: null, by: "" });

function served(answers: Partial<Scenarios> = {}): Scenarios {
  return {
    draft: null,
    list: vi.fn(() => Promise.resolve([line("a")])),
    begin: vi.fn((title: string) => Promise.resolve(scenario("new", { title }))),
    one: vi.fn((key: string) => Promise.resolve(scenario(key))),
    describe: vi.fn<Scenarios["describe"]>((key, said) => Promise.resolve(scenario(key, said))),
    withdraw: vi.fn(() => Promise.resolve(undefined)),
    change: vi.fn<Scenarios["change"]>((key, edits, { action }) => Promise.resolve(scenario(key, { edits: edits + 1, changes: [change(edits + 1, { action })] }))),
    undo: vi.fn((key: string, edits: number) => Promise.resolve(scenario(key, { edits: edits + 1 }))),
    facilities: vi.fn(() => Promise.resolve([facility("f")])),
    compare: vi.fn(() => Promise.resolve(comparison())),
    room: vi.fn((_key: string, kind: string) => Promise.resolve(room(kind))),
    baseRun: vi.fn(() => Promise.resolve(run("done"))),
    ...answers,
  };
}

const told = vi.fn();

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); vi.clearAllMocks(); });

describe("the desk of scenarios", () => {
  it("shows with a scenario whom its heaviest effect touches", async () => {
    const server = served({ one: (key) => Promise.resolve(scenario(key, { kinds: [effect("park"), effect("market", { gain: 7, norm: "mk26" })] })) });
    const desk = new ScenarioDesk(server, told);

    await desk.open("a");
    await vi.runAllTimersAsync();

    expect(desk.looking).toEqual({ kind: "market", norm: "mk26", other: null });
    expect(server.compare).toHaveBeenCalledWith("a", "market", "mk26", null, expect.anything());
    expect(desk.facilities).toHaveLength(1);
  });

  it("turns to the kind that is added, and says what the step did", async () => {
    const after = scenario("a", { edits: 1, kinds: [effect("kindergarten", { after: share(0.7), gain: 200 }), effect("park")] });
    const server = served({ change: vi.fn(() => Promise.resolve(after)) });
    const desk = new ScenarioDesk(server, told);
    await desk.open("a");

    const isDone = await desk.change({ action: "add", kind: "kindergarten", place: [1, 2] });

    expect(isDone).toBe(true);
    expect(server.change).toHaveBeenCalledWith("a", 0, { action: "add", kind: "kindergarten", place: [1, 2] });
    expect(desk.looking.kind).toBe("kindergarten");
    expect(desk.step?.points).toBeCloseTo(20);
    expect(desk.step?.effect?.kind).toBe("kindergarten");
  });

  it("keeps a change that came too late, and makes it on what is there now", async () => {
    const stale = new ServerProblem(412, "scenario_went_on", "", "It went on.");
    const sent = vi.fn<Scenarios["change"]>().mockRejectedValueOnce(stale).mockResolvedValueOnce(scenario("a", { edits: 6 }));
    const one = vi.fn<Scenarios["one"]>().mockResolvedValueOnce(scenario("a", { edits: 3 })).mockResolvedValueOnce(scenario("a", { edits: 5 }));
    const desk = new ScenarioDesk(served({ change: sent, one }), told);
    await desk.open("a");

    expect(await desk.change({ action: "close", target: "x/1" })).toBe(false);
    expect(desk.error).toBe(stale);
    expect(desk.scenario?.edits).toBe(5);
    expect(desk.refused).toEqual({ action: "close", target: "x/1" });
    await desk.insist();

    expect(sent).toHaveBeenLastCalledWith("a", 5, { action: "close", target: "x/1" });
    expect(desk.refused).toBeNull();
    expect(desk.error).toBeNull();
  });

  it("does not send a second change while the first one is under way", async () => {
    const server = served();
    const desk = new ScenarioDesk(server, told);
    await desk.open("a");

    const answers = await Promise.all([desk.change({ action: "close", target: "x/1" }), desk.change({ action: "close", target: "x/2" })]);

    expect(answers).toEqual([true, false]);
    expect(server.change).toHaveBeenCalledTimes(1);
  });

  it("waits for the city before any change and reads the scenario again", async () => {
    const one = vi.fn<Scenarios["one"]>()
      .mockResolvedValueOnce(scenario("a", { kinds: [], all_services: null, run: run("queued") }))
      .mockResolvedValueOnce(scenario("a"));
    const server = served({ one, baseRun: vi.fn<Scenarios["baseRun"]>().mockResolvedValueOnce(run("running")).mockResolvedValueOnce(run("done")) });
    const desk = new ScenarioDesk(server, told);

    await desk.open("a");
    expect(desk.base?.state).toBe("queued");
    await vi.advanceTimersByTimeAsync(BASE_ASK_MS);
    expect(desk.base?.state).toBe("running");
    await vi.advanceTimersByTimeAsync(BASE_ASK_MS);

    expect(desk.base).toBeNull();
    expect(desk.scenario?.kinds).toHaveLength(2);
  });

  it("says so where the city cannot be worked out", async () => {
    const server = served({
      one: () => Promise.resolve(scenario("a", { kinds: [], run: run("queued") })), baseRun: () => Promise.resolve(run("failed")),
    });
    const desk = new ScenarioDesk(server, told);

    await desk.open("a");
    await vi.advanceTimersByTimeAsync(5 * BASE_ASK_MS);

    expect(desk.base?.state).toBe("failed");
  });

  it("undoes and brings back", async () => {
    const server = served({ one: (key) => Promise.resolve(scenario(key, { edits: 2, changes: [change(1), change(2)] })) });
    const desk = new ScenarioDesk(server, told);
    await desk.open("a");
    expect([desk.canUndo, desk.canRedo]).toEqual([true, false]);

    await desk.undo();

    expect(server.undo).toHaveBeenCalledWith("a", 2, 2);
  });

  it("cannot undo in the scenario of somebody else", async () => {
    const desk = new ScenarioDesk(served({ one: (key) => Promise.resolve(scenario(key, { is_mine: false, changes: [change(1)] })) }), told);
    await desk.open("a");

    expect(desk.canUndo).toBe(false);
  });

  it("asks for room only where somebody looks at it, or gave a facility another capacity", async () => {
    const server = served();
    const desk = new ScenarioDesk(server, told);
    await desk.open("a");
    await desk.change({ action: "close", target: "x/1" });
    expect(server.room).not.toHaveBeenCalled();

    await desk.change({ action: "enlarge", target: "x/1", capacity: 9 });
    await vi.runAllTimersAsync();

    expect(server.room).toHaveBeenCalledTimes(1);
    expect(desk.room?.kind).toBe("kindergarten");
    desk.wantRoom(false);
    desk.look({ kind: "park", norm: "" });
    expect(server.room).toHaveBeenCalledTimes(1);
  });

  it("forgets what it compared with when it is closed", async () => {
    const desk = new ScenarioDesk(served(), told);
    await desk.open("a");
    desk.look({ other: "b" });
    desk.close();
    await vi.runAllTimersAsync();

    expect(desk.scenario).toBeNull();
    expect(desk.looking.other).toBeNull();
    expect(desk.list).toHaveLength(1);
  });
});

describe("a step", () => {
  it("is nothing where no share moved", () => {
    expect(stepBetween(scenario("a"), scenario("a", { edits: 1 }))).toEqual({ number: 1, effect: null, was: null, points: null, others: 0 });
  });

  it("names the norm that moved most and counts the others", () => {
    const after = scenario("a", { edits: 2, kinds: [effect("kindergarten", { after: share(0.52) }), effect("park", { after: share(0.4) })] });
    const step = stepBetween(scenario("a"), after);
    expect(step.effect?.kind).toBe("park");
    expect(step.points).toBeCloseTo(-10);
    expect(step.others).toBe(1);
  });
});
