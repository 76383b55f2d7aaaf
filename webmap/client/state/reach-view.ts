/** What the page of reach shows, and its form in the page's address, so that a link shows the same. */
export type ReachTab = "coverage" | "scenarios" | "siting" | "network" | "norms";
export const REACH_TABS: readonly ReachTab[] = ["coverage", "scenarios", "siting", "network", "norms"];

export type Look = "bands" | "tenths";

export interface ReachView {
  readonly tab: ReachTab;
  /** Code of a kind of service; "": all of them together. */
  readonly kind: string;
  /** Row of the norms; "": the one that decides. */
  readonly norm: string;
  /** Whether the map shows ground within reach, or who has it farthest. */
  readonly look: Look;
  /** A plot that is open, or null. */
  readonly plot: string | null;
}

export const AT_FIRST: ReachView = { tab: "coverage", kind: "", norm: "", look: "bands", plot: null };

const CODE = /^\w{1,40}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function code(said: string | null): string {
  return said !== null && CODE.test(said) ? said : "";
}

/** Read the view out of an address's query; what cannot be read counts as not said. */
export function readReachView(search: string): ReachView {
  const said = new URLSearchParams(search);
  const plot = said.get("plot") ?? "";
  return {
    tab: REACH_TABS.find((tab) => tab === said.get("view")) ?? AT_FIRST.tab,
    kind: code(said.get("kind")),
    norm: code(said.get("norm")),
    look: said.get("look") === "tenths" ? "tenths" : "bands",
    plot: UUID.test(plot) ? plot.toLowerCase() : null,
  };
}

/**
 * Return the query of an address that `readReachView` reads as `view`, with the scope before it.
 *
 * What others wrote into `search` (a tab's own choices) stays as long as the tab does.
 */
export function writeReachView(view: ReachView, draft: number | null, search = ""): string {
  const before = new URLSearchParams(search);
  const isSameTab = readReachView(search).tab === view.tab;
  const said = new URLSearchParams();
  if (draft !== null) said.set("draft", String(draft));
  if (view.tab !== AT_FIRST.tab) said.set("view", view.tab);
  if (view.kind !== "") said.set("kind", view.kind);
  if (view.norm !== "") said.set("norm", view.norm);
  if (view.look !== AT_FIRST.look) said.set("look", view.look);
  if (view.plot !== null) said.set("plot", view.plot);
  const own = ["draft", "view", "kind", "norm", "look", "plot"];
  if (isSameTab) for (const [name, value] of before) if (!own.includes(name)) said.set(name, value);
  const text = said.toString();
  return text === "" ? "" : `?${text}`;
}
