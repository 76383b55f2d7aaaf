/** An open draft as a whole: who tells whom. */
import { ConflictServer } from "../api/conflicts";
import { DraftServer } from "../api/drafts";
import type { DraftDescription, EditAnswer, Fault, Person } from "../api/draft-types";
import type { MapDescription } from "../api/types";
import { Vn2000 } from "../crs/vn2000";
import type { MapTool } from "../elements/map-tools";
import { sentenceFor } from "../elements/trouble";
import type { StyleBy } from "../state/zone-colours";
import { colourOf } from "../state/zone-colours";
import { colourOfPerson, type PeopleHere } from "../panels/people-here";
import type { PrintDialog } from "../panels/print-dialog";
import { gettext, interpolate, ngettext } from "../text/gettext";
import { Banner } from "./banner";
import { Bench } from "./bench";
import { Checking } from "./checking";
import { Commands } from "./commands";
import { ConflictDesk } from "./conflict-desk";
import { conflictEnds } from "./conflict-ends";
import type { BaseSwitch } from "./elements/base-switch";
import { pageQuestions } from "./elements/questions";
import type { SaveState } from "./elements/save-state";
import { keptText } from "./elements/save-state";
import type { SketchLine } from "./elements/sketch-line";
import type { Command, ToolBar } from "./elements/tool-bar";
import type { BaseMap } from "../map/base-map";
import type { BenchMap } from "./map/bench-map";
import { measure } from "./measuring";
import { Panels } from "./panels";
import { drawHead } from "./head";
import { Ground } from "./ground";
import { drawPrompt, SKETCHING } from "./prompt";
import { Presence } from "./presence";
import { Settling } from "./settling";
import type { Sketch, SnapTarget } from "./sketch";
import { prepare } from "./state/gestures";
import type { Keeper } from "./state/keeping";
import type { Progress } from "./state/outbox";
import { Sync } from "./state/sync";
import type { Gesture, ToolName } from "./tools/tool";
import { Typed } from "./typed";
import { Undoing } from "./undoing";
import { snapText, troubleText } from "./words";

/** What Django tells the page. */
export interface BenchSettings {
  readonly drafts: string;
  /** Where the addresses of conflicts lie, and the page of this draft's conflicts. */
  readonly planning: string;
  readonly conflicts: string;
  readonly draft: number;
  readonly plan: string;
  readonly map: string;
  readonly token: string;
  readonly sprite: string;
  readonly language: string;
  readonly base: BaseMap;
}


/** The element of the page that a selector names; throws where there is none. */
export function part<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (element === null) throw new Error(`the page lacks ${selector}`);
  return element;
}

function hear<T>(target: EventTarget, name: string, act: (detail: T) => void): void {
  target.addEventListener(name, (event) => {
    if (event instanceof CustomEvent) act(event.detail as T);
  });
}

/** The draft once it is there: owns bench, map, sync and panels, and hands on what each tells. */
export class OpenDraft {
  private readonly banner = new Banner(part<HTMLElement>("#banner"));
  private readonly ground: Ground;
  private readonly typed: Typed;
  private readonly undoing: Undoing;
  private readonly commands: Commands;
  private readonly bar = part<ToolBar>("tool-bar");
  private readonly line = part<SketchLine>("sketch-line");
  private readonly sync: Sync;
  private readonly bench: Bench;
  private readonly map: BenchMap;
  private readonly panels: Panels;
  private readonly conflicts: ConflictDesk;
  private readonly settling: Settling;
  private readonly checking: Checking;
  private readonly presence: Presence;
  private readonly zone: Vn2000;
  private sketch: Sketch = {};
  private checked: number | null = null;
  private style: StyleBy = "function";
  /** What is kept of the sketch; that of before a reload stays until another one is begun. */
  private keptPoints = "null";

  constructor(
    private readonly settings: BenchSettings,
    server: DraftServer,
    private readonly description: DraftDescription,
    city: MapDescription,
    private readonly keeper: Keeper,
    Drawing: typeof BenchMap,
  ) {
    this.zone = Vn2000.among(city.crs, description.epsg);
    const later = (act: () => void, ms: number): (() => void) => {
      const timer = setTimeout(act, ms);
      return () => { clearTimeout(timer); };
    };
    this.sync = new Sync(server, description, keeper, {
      isHidden: () => document.hidden,
      isOnline: () => navigator.onLine,
      later,
      newKey: () => crypto.randomUUID(),
      now: () => new Date().toISOString(),
      onZones: (shift) => {
        this.bench.zonesChanged(shift);
        this.map.showZones(shift.changed, shift.removed);
        this.panels.zonesChanged();
      },
      onProgress: (progress) => { this.progressed(progress); },
      onSaved: (answer) => { this.saved(answer); },
      onOthers: (edits, zones) => {
        this.map.light(zones.flatMap(({ boundary }) => boundary ?? []));
        this.panels.edited();
        this.conflicts.edited();
        const [last] = edits.filter(({ by_me }) => !by_me);
        if (last !== undefined) this.say(interpolate(gettext("%(name)s changed %(zones)s"), { name: last.by, zones: last.labels.slice(0, 4).join(", ") }));
      },
      onPeople: (people) => { this.showPeople(people); },
      onOutdated: () => { location.reload(); },
    });
    const functionName = (code: string): string => {
      const found = description.functions.find((one) => one.code === code);
      return found === undefined ? code : settings.language === "en" ? found.name_en : found.name_vi;
    };
    this.bench = new Bench(this.sync.store, description, {
      questions: pageQuestions(settings.language, functionName),
      resolution_m: () => this.map.resolution_m,
      onSketch: (sketch, draft) => { this.sketched(sketch, draft); },
      onSnap: (target) => { this.snapped(target); },
      onSelected: () => { this.selected(); },
      onTool: () => { this.drawTool(); },
      onTrouble: (trouble) => { this.warn(troubleText(trouble)); },
      onCommit: (gesture) => { this.commit(gesture); },
      say: (text) => { this.say(text); },
    });
    this.map = new Drawing(part<HTMLElement>("#map"), {
      crs: this.definition(city),
      base: settings.base,
      extent: description.extent,
      moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      listener: {
        onDown: (touch) => this.bench.touch("down", touch),
        onDrag: (touch) => void this.bench.touch("drag", touch),
        onUp: (touch) => void this.bench.touch("up", touch),
        onMove: (touch) => {
          this.bench.touch("move", touch);
          this.presence.at(touch.raw);
        },
        onClick: (touch) => void this.bench.touch("click", touch),
        onDouble: () => { this.bench.tool.finish(); },
        onViewed: () => { this.viewed(); },
      },
    });
    this.presence = new Presence((at, uid) => server.tellPresence(at, uid));
    this.checking = new Checking(server, (gesture) =>
      prepare(gesture, this.sync.store, (box) => this.bench.zonesIn(box), () => crypto.randomUUID()),
    (faults) => { this.foundFaults(faults); });
    this.settling = new Settling(this.sync, server, {
      language: settings.language,
      newKey: () => crypto.randomUUID(),
      newUid: () => crypto.randomUUID(),
      say: (text) => { this.say(text); },
      warn: (text) => { this.warn(text); },
      onVariants: () => { this.panels.edited(); },
      onFaults: (faults) => { this.foundFaults(faults.length === 0 ? null : faults); },
    });
    this.ground = new Ground(server, this.bench, this.map);
    this.undoing = new Undoing(this.sync, this.bench, this.map, {
      language: settings.language,
      say: (text) => { this.say(text); },
      warn: (text) => { this.warn(text); },
      showFaults: () => { this.panels.showFaults(); },
    });
    this.typed = new Typed(this.bench, this.map, this.zone, settings.language, {
      sketch: () => this.sketch,
      take: (tool) => { this.commands.take(tool); },
      warn: (text) => { this.warn(text); },
    });
    this.commands = new Commands(this.bench, this.map, this.typed, this.undoing, {
      mayEdit: description.may_edit,
      say: (text) => { this.say(text); },
      onOptions: () => { this.drawTool(); },
    });
    this.panels = new Panels(server, this.sync, this.bench, description, settings.language, {
      onFaults: (faults, selected) => { this.map.showFaults(faults, selected); },
      fit: (box) => { this.map.fit(box); },
      light: (ground) => { this.map.light([ground]); },
      put: (action, changes) => { this.sync.put(action, changes); },
      undo: (number) => void this.undoing.undoEdit(number),
      warn: (text) => { this.warn(text); },
      conflicts: () => ({ content: this.conflicts.content(), blocking: this.conflicts.blocking }),
    });
    this.conflicts = new ConflictDesk(
      new ConflictServer(settings.planning, settings.draft, () => settings.token),
      part<HTMLElement>("#conflict-line"),
      this.panels.element,
      conflictEnds({
        settings, map: this.map, panels: this.panels, sync: this.sync, mayEdit: description.may_edit, nameOf: functionName,
        say: (text) => { this.say(text); },
      }),
    );
  }

  begin(): void {
    this.line.language = this.settings.language;
    this.recolour();
    this.listen();
    this.drawTool();
    this.drawHead();
    this.progressed(this.sync.outbox.progress);
    this.sync.start();
    this.viewed();
    void this.sync.loadTable().catch((error: unknown) => { this.warn(sentenceFor(error)); });
    this.panels.edited();
    void this.conflicts.begin();
    this.offerSketch();
    if (this.description.may_edit) this.presence.start();
    document.documentElement.dataset["bench"] = "ready";
  }

  private definition(city: MapDescription): MapDescription["crs"][number] {
    const found = city.crs.find(({ epsg }) => epsg === this.description.epsg);
    if (found === undefined) throw new RangeError(`the server lists no EPSG:${this.description.epsg}`);
    return found;
  }

  // --- what the page's parts tell ---

  private listen(): void {
    hear<ToolName>(this.bar, "tool-chosen", (tool) => { this.commands.take(tool); });
    hear<Command>(this.bar, "command-given", (command) => { this.commands.command(command); });
    hear<MapTool>(document.body, "tool-used", (tool) => {
      if (tool === "zoom-in") this.map.zoomBy(1);
      else if (tool === "zoom-out") this.map.zoomBy(-1);
      else this.map.showWhole();
    });
    const base = part<BaseSwitch>("base-switch");
    base.layers = this.settings.base.layers;
    base.shown = this.settings.base.layers.filter(({ is_shown }) => is_shown).map(({ id }) => id);
    hear<readonly string[]>(base, "base-chosen", (ids) => { this.map.showBase(ids); });
    hear<boolean>(base, "ground-chosen", (shows) => {
      base.showsGround = shows;
      this.map.showGroundLines(shows);
    });
    this.map.showGroundLines(false);
    hear<StyleBy>(part("#bench-actions"), "style-chosen", (by) => {
      this.style = by;
      this.recolour();
      this.drawHead();
    });
    hear<number>(part("#people"), "person-shown", (id) => {
      const at = this.presence.placeOf(id);
      if (at !== null) this.map.fit([at[0] - 100, at[1] - 100, at[0] + 100, at[1] + 100]);
    });
    document.addEventListener("keydown", (event) => { this.commands.pressed(event); });
    addEventListener("online", () => { this.sync.askNow(); });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.sync.askNow();
    });
    const map = part<HTMLElement>("#map");
    map.addEventListener("pointerleave", () => { this.presence.at(null); });
    // The cross is there for whoever moves the map by keys.
    map.addEventListener("keydown", ({ key }) => {
      if (key.startsWith("Arrow") || key === " ") map.dataset["cross"] = "";
    });
    map.addEventListener("pointermove", () => { delete map.dataset["cross"]; });
  }

  // --- what the bench tells ---

  private commit(gesture: Gesture): void {
    const { changes, made } = prepare(gesture, this.sync.store, (box) => this.bench.zonesIn(box), () => crypto.randomUUID());
    if (changes.length === 0) {
      this.say(gettext("Nothing changed."));
      return;
    }
    this.sync.put(gesture.action, changes);
    if (gesture.selects === true) this.bench.select(made);
  }

  private sketched(sketch: Sketch, draft: Gesture | null): void {
    this.sketch = sketch;
    this.map.showSketch(sketch);
    if (draft === null) {
      this.checking.stop();
      if (this.checked !== null) this.foundFaults(null);
    } else this.checking.ask(draft);
    this.line.measures = measure(this.bench, sketch, this.checked);
    this.keepSketch();
  }

  private keepSketch(): void {
    const { name, points } = this.bench.tool;
    const sketch = SKETCHING.has(name) && points.length > 0 ? { tool: name, points } : null;
    const text = JSON.stringify(sketch);
    if (text === this.keptPoints) return;
    this.keptPoints = text;
    void this.keeper.keep({ sketch });
  }

  private foundFaults(faults: readonly Fault[] | null): void {
    this.checked = faults === null ? null : faults.length;
    if (faults === null) this.panels.showFaults();
    else this.map.showFaults(faults, null);
    this.line.measures = measure(this.bench, this.sketch, this.checked);
  }

  private snapped(target: SnapTarget | null): void {
    this.map.showSnap(target, target === null ? "" : snapText(target));
    const at = this.bench.pointer?.at;
    const metres = new Intl.NumberFormat(this.settings.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    if (at !== undefined) part("#place").textContent = `X ${metres.format(at[1])} · Y ${metres.format(at[0])}`;
  }

  private selected(): void {
    const zones = this.bench.selected();
    this.map.showSelected(zones.map(({ boundary }) => boundary));
    this.panels.selected();
    this.presence.zone(this.bench.selection[0] ?? null);
    this.line.measures = measure(this.bench, this.sketch, this.checked);
  }

  private drawTool(): void {
    const { bench, bar } = this;
    bar.tool = bench.tool.name;
    bar.isReadOnly = !this.description.may_edit;
    bar.snaps = bench.options.snaps;
    bar.traces = bench.options.traces;
    bar.rightAngles = bench.options.right_angles;
    drawPrompt(part<HTMLElement>("#prompt"), bench, this.description.functions, this.settings.language, () => { this.commands.leave(); });
  }

  // --- what sync tells ---

  private progressed(progress: Progress): void {
    const state = part<SaveState>("save-state");
    state.progress = progress;
    state.isReadOnly = !this.description.may_edit;
    if (progress.kind === "offline") this.banner.say(keptText(progress.waiting), "progress");
    else if (progress.kind === "refused") {
      const text = gettext("An edit could not be saved as it is and waits for your decision.");
      this.banner.say(text, "progress", [gettext("Decide"), () => void this.settling.decide()]);
      void this.settling.decide();
    } else if (this.banner.about === "progress") this.banner.clear();
  }

  private saved(answer: EditAnswer): void {
    this.panels.edited();
    this.conflicts.edited();
    if (answer.opened.length > 0) {
      this.say(interpolate(ngettext("Saved, %(count)s fault is left", "Saved, %(count)s faults are left", answer.opened.length), { count: answer.opened.length }));
    }
  }

  private showPeople(people: readonly Person[]): void {
    this.presence.heard(people);
    const here = part("#people").querySelector<PeopleHere>("people-here");
    if (here !== null) here.people = people;
    this.map.showPeople(
      people.flatMap(({ id, name, at, is_me }) => (is_me || at === null ? [] : [{ name, at, colour: colourOfPerson(id) }])),
    );
  }

  private viewed(): void {
    // Where the map stands, for whoever drives the page from outside.
    part<HTMLElement>("#map").dataset["area"] = this.map.area.join(",");
    void this.sync.show(this.map.area).catch((error: unknown) => { this.warn(sentenceFor(error)); });
    void this.ground.load();
    this.conflicts.viewed(this.map.area);
    const actions = part("#bench-actions").querySelector<PrintDialog>("print-dialog");
    if (actions !== null) actions.centre = this.map.centre;
  }

  private recolour(): void {
    this.map.recolour((uid) => {
      const zone = this.sync.store.shown(uid);
      return zone === undefined ? "#cccccc" : colourOf(zone, this.style, this.description.functions);
    });
  }

  // --- what is said ---

  private drawHead(): void {
    drawHead({
      people: part<HTMLElement>("#people"),
      actions: part<HTMLElement>("#bench-actions"),
      style: this.style,
      description: this.description,
      zones: this.sync.store.all(),
      language: this.settings.language,
      centre: this.map.centre,
    });
  }

  private offerSketch(): void {
    const { sketch } = this.keeper.now;
    if (sketch === null || !SKETCHING.has(sketch.tool)) return;
    const resume = (): void => {
      this.banner.clear();
      this.commands.take(sketch.tool as ToolName);
      this.bench.tool.resume(sketch.points);
      this.typed.bringIntoView(sketch.points);
    };
    const count = sketch.points.length;
    const text = interpolate(ngettext("A sketch with %(count)s corner was left unfinished.", "A sketch with %(count)s corners was left unfinished.", count), { count });
    this.banner.say(text, "sketch", [gettext("Continue"), resume]);
  }

  private warn(text: string): void {
    this.banner.say(text, "trouble");
  }

  private say(text: string): void {
    part("#spoken").textContent = text;
  }
}

