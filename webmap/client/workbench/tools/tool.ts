/** What every tool has, and what it may ask of the desk at which it works. */
import type { Action, Content, EastNorth, GroundFeature, Surface } from "../../api/draft-types";
import type { Box } from "../geometry/surfaces";
import type { Corners } from "../geometry/overlay";
import type { Trouble } from "../geometry/trouble";
import type { Edge, SnapIndex } from "../geometry/snap";
import type { Pointed, Sketch } from "../sketch";
import type { DrawnZone } from "../state/draft-store";

export type ToolName =
  | "select" | "draw" | "vertex" | "move" | "rotate" | "hole" | "reshape" | "split" | "merge" | "cut" | "buffer"
  | "offset" | "copy";

/** What becomes of ground that a new zone shares with others. */
export type OverlapWay = "avoid" | "take" | "allow";

export interface Options {
  overlap: OverlapWay;
  right_angles: boolean;
  traces: boolean;
  snaps: boolean;
}

/** One finished gesture: what it makes of which zones. */
export interface Gesture {
  readonly action: Action;
  /** New boundaries of zones that are there. */
  readonly redrawn?: ReadonlyMap<string, Surface>;
  readonly made?: readonly { readonly boundary: Surface; readonly content: Partial<Content> }[];
  readonly contents?: ReadonlyMap<string, Partial<Content>>;
  readonly removed?: readonly string[];
  /** Whether the new zones are selected afterwards. */
  readonly selects?: boolean;
}

/** How the pieces of a split zone share what it said. */
export type SplitWay = "all" | "largest";

/** Questions that a tool puts to the planner; null: never mind. */
export interface Questions {
  merged(zones: readonly DrawnZone[], parts: number): Promise<{ keeps: string; adds_population: boolean } | null>;
  splitting(pieces: readonly Surface[]): Promise<SplitWay | null>;
  buffer(): Promise<{ metres: number; corners: Corners; replaces: boolean } | null>;
  offset(): Promise<{ left: number; right: number } | null>;
  angle(): Promise<number | null>;
}

export interface Desk {
  readonly options: Options;
  readonly index: SnapIndex;
  readonly questions: Questions;
  zone(uid: string): DrawnZone | undefined;
  zoneAt(point: EastNorth): DrawnZone | undefined;
  zonesIn(box: Box): readonly DrawnZone[];
  groundAt(point: EastNorth): GroundFeature | undefined;
  selected(): readonly DrawnZone[];
  select(uids: readonly string[]): void;
  /** What a new zone says before anybody filled in its form. */
  newContent(): Partial<Content>;
  /** Make the gesture topological and save it. */
  commit(gesture: Gesture): void;
  /** The sketch is another one; `draft` is what it would make, to be checked meanwhile. */
  sketched(draft?: Gesture | null): void;
  cannot(trouble: Trouble): void;
  say(text: string): void;
}

/** A tool in the planner's hand. */
export interface Tool {
  readonly name: ToolName;
  /** The next step, in a sentence. */
  readonly prompt: string;
  readonly sketch: Sketch;
  /** The corners so far: they outlive a reload, and measures and typed distances start from them. */
  readonly points: readonly EastNorth[];
  /** The sketch is a surface, not a line. */
  readonly encloses: boolean;
  /** Which edges the pointer may be drawn to. */
  counts(edge: Edge): boolean;
  /** The button went down; true: the drag is the tool's. */
  down(p: Pointed): boolean;
  drag(p: Pointed): void;
  up(p: Pointed): void;
  click(p: Pointed): void;
  move(p: Pointed): void;
  /** Finish what was begun (double click, Enter); false where nothing was. */
  finish(): boolean;
  /** Take the last step back; false where there is none. */
  back(): boolean;
  /** Drop what was begun; false where nothing was. */
  drop(): boolean;
  /** Delete what the tool points at; false where it points at nothing. */
  erase(): boolean;
  /** Take a typed place as the next corner; false where the tool takes none. */
  put(at: EastNorth): boolean;
  /** Begin with these corners, as after a reload. */
  resume(points: readonly EastNorth[]): void;
}

/** Does nothing by itself; tools say what they do otherwise. */
export abstract class BaseTool implements Tool {
  abstract readonly name: ToolName;
  abstract get prompt(): string;

  constructor(protected readonly desk: Desk) {}

  get sketch(): Sketch {
    return {};
  }

  get points(): readonly EastNorth[] {
    return [];
  }

  get encloses(): boolean {
    return false;
  }

  counts(_edge: Edge): boolean {
    return true;
  }

  down(_p: Pointed): boolean {
    return false;
  }

  drag(_p: Pointed): void {
    // Most tools work by clicks.
  }

  up(_p: Pointed): void {
    // As for `drag`.
  }

  click(_p: Pointed): void {
    // As for `drag`.
  }

  move(_p: Pointed): void {
    // Nothing follows the pointer.
  }

  finish(): boolean {
    return false;
  }

  back(): boolean {
    return false;
  }

  drop(): boolean {
    return false;
  }

  erase(): boolean {
    return false;
  }

  put(_at: EastNorth): boolean {
    return false;
  }

  resume(_points: readonly EastNorth[]): void {
    // There is nothing to begin with.
  }
}

/** How near the pointer must be to what it picks, in CSS pixels. */
export const REACH_PX = 11;
