/** Scenarios at work: which one is open, what was changed, who gains and who loses. */
import { effectFor, pointsOf, touched } from "./effects";
import { Latest } from "./latest";
import { isUnderWay } from "./run-watch";
import { inForce, nextRedo, nextUndo } from "./undoing";
import type { ScenarioServer } from "../api/reach-scenarios";
import { ServerProblem } from "../api/http";
import type { FacilityView, RunLine } from "../api/reach-types";
import type { Comparison, KindEffect, NewChange, Room, ScenarioLine, ScenarioView, Share } from "../api/scenario-types";

/** How often the run that works out the city before any change is asked after, in milliseconds. */
export const BASE_ASK_MS = 1000;

/** What one step, a change or an undo, did to the norm that it touched most. */
export interface Step {
  readonly number: number;
  readonly effect: KindEffect | null;
  readonly was: Share | null;
  readonly points: number | null;
  /** How many other norms changed with it. */
  readonly others: number;
}

/** What is looked at: a kind of service, one of its norms ("": whichever says most), and what is compared with (null: as it is). */
export interface Looking { readonly kind: string; readonly norm: string; readonly other: string | null }

/** Where scenarios are asked for. */
export type Scenarios = Pick<
  ScenarioServer, "draft" | "list" | "begin" | "one" | "describe" | "withdraw" | "change" | "undo" | "facilities" | "compare" | "room" | "baseRun"
>;

/** What a scenario did since it was `before`, to the norm whose share changed most. */
export function stepBetween(before: ScenarioView, after: ScenarioView): Step {
  const changed = after.kinds
    .map((effect) => {
      const was = before.kinds.find(({ kind, norm }) => kind === effect.kind && norm === effect.norm)?.after ?? effect.before;
      return { effect, was, points: pointsOf(was, effect.after) };
    })
    .filter(({ was, effect: { after: is }, points }) => (points ?? 0) !== 0 || was.low !== is.low || was.high !== is.high);
  const [most] = changed.sort((one, other) => Math.abs(other.points ?? 0) - Math.abs(one.points ?? 0));
  return {
    number: after.edits, effect: most?.effect ?? null, was: most?.was ?? null, points: most?.points ?? null, others: Math.max(0, changed.length - 1),
  };
}

/**
 * One scenario at a time.
 *
 * Owns the list, the open scenario and what was asked about it. Public: `list`, `scenario`, `looking`, `facilities`,
 * `comparison`, `room`, `step`, `base`, `isSending`, `error`, `refused`; `readList`, `open`, `close`, `begin`, `copy`,
 * `describe`, `withdraw`, `change`, `insist`, `forget`, `undo`, `redo`, `takeBack`, `look`,
 * `wantRoom`, `stop`. Every change is
 * told to `changed`; errors are kept in `error`, none is thrown.
 */
export class ScenarioDesk {
  list: readonly ScenarioLine[] | null = null;
  scenario: ScenarioView | null = null;
  looking: Looking = { kind: "", norm: "", other: null };
  facilities: readonly FacilityView[] = [];
  comparison: Comparison | null = null;
  /** null while it is asked for, or nobody wants to know. */
  room: Room | null = null;
  isRoomWanted = false;
  step: Step | null = null;
  /** The run that works out the city before any change, while scenarios wait for it. */
  base: RunLine | null = null;
  isSending = false;
  isComparing = false;
  error: unknown = null;
  /** A change that was refused since the scenario went on elsewhere; it can be made all the same. */
  refused: NewChange | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly comparing = new Latest<Comparison>((progress) => {
    this.isComparing = progress.kind === "waiting";
    if (progress.kind === "done") this.comparison = progress.value;
    else if (progress.kind === "failed") [this.comparison, this.error] = [null, progress.error];
    this.changed();
  });
  private readonly offering = new Latest<Room>((progress) => {
    if (progress.kind === "done") this.room = progress.value;
    else if (progress.kind === "failed") [this.room, this.error] = [null, progress.error];
    else return;
    this.changed();
  });
  private readonly standing = new Latest<readonly FacilityView[]>((progress) => {
    if (progress.kind === "done") this.facilities = progress.value;
    else if (progress.kind === "failed") this.error = progress.error;
    else return;
    this.changed();
  });

  constructor(
    private readonly server: Scenarios,
    private readonly changed: () => void,
  ) {}

  /** The effect that is looked at, null where none is known. */
  get effect(): KindEffect | null {
    return effectFor(this.scenario?.kinds ?? [], this.looking.kind, this.looking.norm);
  }

  get canUndo(): boolean {
    return this.scenario?.is_mine === true && nextUndo(this.scenario.changes) !== null;
  }

  get canRedo(): boolean {
    return this.scenario?.is_mine === true && nextRedo(this.scenario.changes) !== null;
  }

  async readList(): Promise<void> {
    await this.trying(async () => { this.list = await this.server.list(); });
  }

  async open(key: string): Promise<void> {
    await this.trying(async () => { this.show(await this.server.one(key), null); });
  }

  close(): void {
    this.stop();
    [this.scenario, this.step, this.comparison, this.error, this.refused] = [null, null, null, null, null];
    this.facilities = [];
    this.looking = { ...this.looking, other: null };
    this.changed();
    void this.readList();
  }

  async begin(title: string): Promise<void> {
    await this.sending(() => this.server.begin(title), false);
  }

  /** Go on from the open scenario in one of one's own. */
  async copy(title: string): Promise<void> {
    const { scenario } = this;
    if (scenario !== null) await this.sending(() => this.server.begin(title, scenario.key), false);
  }

  async describe(said: Partial<Pick<ScenarioLine, "title" | "is_shared" | "is_part_of_draft">>): Promise<void> {
    const { scenario } = this;
    if (scenario !== null) await this.sending(() => this.server.describe(scenario.key, said), false);
  }

  async withdraw(): Promise<void> {
    const { scenario } = this;
    if (scenario === null) return;
    await this.trying(async () => {
      await this.server.withdraw(scenario.key);
      this.close();
    });
  }

  async change(change: NewChange): Promise<boolean> {
    const { scenario } = this;
    if (scenario === null || this.isSending) return false;
    return this.sending(() => this.server.change(scenario.key, scenario.edits, change), true, change);
  }

  /** Make the change that was refused, on what is there now. */
  async insist(): Promise<void> {
    const { refused } = this;
    if (refused !== null) await this.change(refused);
  }

  /** Drop what was refused or went wrong. */
  forget(): void {
    [this.refused, this.error] = [null, null];
    this.changed();
  }

  async undo(): Promise<void> {
    const row = nextUndo(this.scenario?.changes ?? []);
    if (row !== null) await this.takeBack(row.number);
  }

  async redo(): Promise<void> {
    const row = nextRedo(this.scenario?.changes ?? []);
    if (row !== null) await this.takeBack(row.number);
  }

  /** Undo the change, or the undo, with this number. */
  async takeBack(number: number): Promise<void> {
    const { scenario } = this;
    if (scenario === null || this.isSending) return;
    await this.sending(() => this.server.undo(scenario.key, scenario.edits, number), true);
  }

  look(what: Partial<Looking>): void {
    this.looking = { ...this.looking, ...what };
    this.readMore();
    this.changed();
  }

  /** Whether somebody looks at choice, supply and room: those are asked for only then. */
  wantRoom(isWanted: boolean): void {
    if (isWanted === this.isRoomWanted) return;
    this.isRoomWanted = isWanted;
    if (isWanted) this.readRoom();
    this.changed();
  }

  /** Ask no more. */
  stop(): void {
    clearTimeout(this.timer);
    this.base = null;
  }

  private show(view: ScenarioView, step: Step | null): void {
    const isOther = this.scenario?.key !== view.key;
    this.scenario = view;
    this.step = step;
    [this.error, this.refused] = [null, null];
    if (isOther) [this.comparison, this.room] = [null, null];
    if (isOther || this.looking.kind === "") this.looking = this.firstLook(view);
    this.stop();
    if (view.run !== null && view.kinds.length === 0) this.wait(view.run);
    this.readMore();
    this.changed();
  }

  /** Keep to the kind that somebody chose; else what the scenario changes most, else the kind of its last change. */
  private firstLook({ kinds, changes }: ScenarioView): Looking {
    const { kind, norm } = this.looking;
    if (kind !== "") return { kind, norm, other: null };
    const most = touched(kinds)[0];
    const last = inForce(changes).filter((change) => change.kind !== "").at(-1);
    return { kind: most?.kind ?? last?.kind ?? kinds[0]?.kind ?? "", norm: most?.norm ?? "", other: null };
  }

  private readMore(): void {
    const { scenario, looking } = this;
    if (scenario === null || looking.kind === "") return;
    this.readRoom();
    void this.standing.ask((signal) => this.server.facilities(scenario.key, looking.kind, signal));
    const { effect } = this;
    if (effect === null) {
      this.comparing.forget();
      this.comparison = null;
      return;
    }
    void this.comparing.ask((signal) => this.server.compare(scenario.key, effect.kind, effect.norm, looking.other, signal));
  }

  private readRoom(): void {
    const { scenario, looking } = this;
    if (!this.isRoomWanted || scenario === null || scenario.kinds.length === 0 || looking.kind === "") return;
    if (this.room?.kind !== looking.kind) this.room = null;
    void this.offering.ask((signal) => this.server.room(scenario.key, looking.kind, signal));
  }

  /** Look after the run, and read the scenario again once it is over. */
  private wait(run: RunLine): void {
    this.base = run;
    if (!isUnderWay(run)) {
      if (run.state === "done" && this.scenario !== null) void this.open(this.scenario.key);
      return;
    }
    this.timer = setTimeout(() => void this.trying(async () => {
      this.wait(await this.server.baseRun(run.id));
    }), BASE_ASK_MS);
  }

  private async sending(send: () => Promise<ScenarioView>, isStep: boolean, change: NewChange | null = null): Promise<boolean> {
    const before = this.scenario;
    this.isSending = true;
    this.error = null;
    this.changed();
    // Another capacity changes nobody's distance, but what there is for everybody.
    if (change?.action === "enlarge") this.isRoomWanted = true;
    try {
      const view = await send();
      if (isStep && change !== null && change.kind !== undefined && change.kind !== "") this.looking = { ...this.looking, kind: change.kind, norm: "" };
      this.show(view, isStep && before !== null ? stepBetween(before, view) : null);
      return true;
    } catch (error) {
      await this.failed(error, change);
      return false;
    } finally {
      this.isSending = false;
      this.changed();
    }
  }

  /** Keep what was refused, and show what is there now where somebody was faster. */
  private async failed(error: unknown, change: NewChange | null): Promise<void> {
    this.error = error;
    if (!(error instanceof ServerProblem) || error.status !== 412 || this.scenario === null) return;
    const { key } = this.scenario;
    await this.trying(async () => { this.show(await this.server.one(key), null); });
    [this.error, this.refused] = [error, change];
  }

  private async trying(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.error = error;
    }
    this.changed();
  }
}
