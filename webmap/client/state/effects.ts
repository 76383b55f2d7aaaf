/** What shares before and after come to: changes in points, whom to name first. No limit is judged here. */
import type { KindEffect, Share, WardEffect } from "../api/scenario-types";

/** A norm of a kind, for addresses and choices. */
export function effectId({ kind, norm }: Pick<KindEffect, "kind" | "norm">): string {
  return `${kind}/${norm}`;
}

/** By how much a share changes, in percentage points; null where one of the two is not known. */
export function pointsOf(before: Share, after: Share): number | null {
  const [was, is] = [middle(before), middle(after)];
  return was === null || is === null ? null : (is - was) * 100;
}

/** What is told of a share in one number: the certain part where not all is known. */
function middle({ value, low }: Share): number | null {
  return low ?? value;
}

/** Norms that a scenario touches before the others, those with most people who lose or gain first. */
export function byWeight(effects: readonly KindEffect[]): readonly KindEffect[] {
  const weight = ({ is_changed, gain, lose }: KindEffect): number => (is_changed ? 1 : 0) + gain + lose;
  return [...effects].sort((one, other) => weight(other) - weight(one));
}

/** Who loses is named first, then who gains. */
export function byLoss<W extends Pick<WardEffect, "gain" | "lose" | "name">>(wards: readonly W[]): readonly W[] {
  return [...wards].sort((one, other) => other.lose - one.lose || other.gain - one.gain || one.name.localeCompare(other.name, "vi"));
}

/** Norms whose people are known to change. */
export function touched(effects: readonly KindEffect[]): readonly KindEffect[] {
  return byWeight(effects.filter(({ gain, lose }) => gain > 0 || lose > 0));
}

/** The norm that is shown: the one asked for, else the kind's most touched one, else its first. */
export function effectFor(effects: readonly KindEffect[], kind: string, norm: string): KindEffect | null {
  const ofKind = effects.filter((one) => one.kind === kind);
  return ofKind.find((one) => one.norm === norm) ?? byWeight(ofKind)[0] ?? null;
}
