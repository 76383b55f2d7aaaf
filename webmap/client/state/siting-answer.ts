/** Reading the answer of a search for sites: what is shown of the best choice or of another one. */
import type { EastNorth } from "../api/draft-types";
import type { Candidate, SitingView } from "../api/scenario-types";

/** Keys of the sites of a choice: 0 is the best one, n the n-th alternative. */
export function chosenIn({ chosen, alternatives }: SitingView, choice: number): readonly string[] {
  return choice === 0 ? chosen : (alternatives[choice - 1]?.chosen ?? []);
}

/** People newly reached by a choice. */
export function newlyIn({ newly_people, alternatives }: SitingView, choice: number): number | null {
  return choice === 0 ? newly_people : (alternatives[choice - 1]?.newly_people ?? null);
}

/** The sites of a choice, those that reach most people alone first. */
export function sitesOf(view: SitingView, choice: number): readonly Candidate[] {
  const chosen = new Set(chosenIn(view, choice));
  return view.candidates.filter(({ key }) => chosen.has(key))
    .sort((one, other) => (other.newly_people ?? 0) - (one.newly_people ?? 0) || one.key.localeCompare(other.key));
}

/** What the map marks: the sites of the choice by their rank, and those that only the best choice has. */
export function marksOf(view: SitingView, choice: number): readonly {
  readonly key: string; readonly place: EastNorth; readonly is_chosen: boolean; readonly is_other: boolean; readonly rank?: number;
}[] {
  const ranks = new Map(sitesOf(view, choice).map(({ key }, at) => [key, at + 1]));
  const best = new Set(view.chosen);
  return view.candidates.map(({ key, place }) => {
    const rank = ranks.get(key);
    return { key, place, is_chosen: rank !== undefined, is_other: rank === undefined && best.has(key), ...(rank === undefined ? {} : { rank }) };
  });
}

/** How good an answer is known to be. */
export type Proof =
  | { readonly kind: "best" }
  /** No choice can be better by more than this share of it. */
  | { readonly kind: "within"; readonly share: number }
  | { readonly kind: "unknown" }
  | { readonly kind: "none" };

export function proofOf({ status, gap }: SitingView): Proof {
  if (status === "none") return { kind: "none" };
  if (status === "optimal") return { kind: "best" };
  return gap === null || !Number.isFinite(gap) ? { kind: "unknown" } : { kind: "within", share: gap };
}
