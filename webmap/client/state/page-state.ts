/** What the map page shows, and its form in the page's address, so that a link shows the same. */
import type { Level } from "../api/types";

export interface PageState {
  /** Words in the search box. */
  readonly query: string;
  /** The plot whose answer is open, or null. */
  readonly plot: string | null;
  /** The day that is asked about (ISO date), or null for today. */
  readonly asOf: string | null;
  /** Which level of plan colours the map. */
  readonly level: Level;
  /** Which layers that can be switched are shown, or null for the usual ones. */
  readonly layers: readonly string[] | null;
}

export const LEVELS: readonly Level[] = ["general", "zoning", "detailed", "land_use"];
const USUAL_LEVEL: Level = "zoning";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LAYERS = /^[a-z_]+(,[a-z_]+)*$/;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

function isLevel(text: string | null): text is Level {
  return LEVELS.some((level) => level === text);
}

/** "-" is what is left when every layer is switched off. */
function readLayers(text: string | null): readonly string[] | null {
  if (text === "-") return [];
  return text !== null && LAYERS.test(text) ? text.split(",") : null;
}

/** Read the state out of an address's query; what cannot be read counts as not said. */
export function readState(search: string): PageState {
  const said = new URLSearchParams(search);
  const plot = said.get("plot") ?? "";
  const asOf = said.get("as_of") ?? "";
  const level = said.get("level");
  return {
    query: said.get("q") ?? "",
    plot: UUID.test(plot) ? plot.toLowerCase() : null,
    asOf: ISO_DAY.test(asOf) ? asOf : null,
    level: isLevel(level) ? level : USUAL_LEVEL,
    layers: readLayers(said.get("layers")),
  };
}

/** Return the query of an address that `readState` reads as `state`; empty for the usual one. */
export function writeState(state: PageState): string {
  const said = new URLSearchParams();
  if (state.query !== "") said.set("q", state.query);
  if (state.plot !== null) said.set("plot", state.plot);
  if (state.asOf !== null) said.set("as_of", state.asOf);
  if (state.level !== USUAL_LEVEL) said.set("level", state.level);
  if (state.layers !== null) said.set("layers", state.layers.join(",") || "-");
  const text = said.toString();
  return text === "" ? "" : `?${text}`;
}
