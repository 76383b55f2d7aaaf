/** Figures of reach for tests. */
import type { Figure, KindView, NormRow, NormView } from "../api/reach-types";

export function figure(what: Partial<Figure>): Figure {
  return {
    kind: "market", kind_name: "Market", norm: "", mode: "walk", metric: "metres", measure: "share_within", unit: "", value: null, low: null, high: null,
    people: 100, state: null, reason: "", values: {}, ...what,
  };
}

export function norm(what: Partial<NormView>): NormView {
  return { id: "mk21", limit_m: 500, laxest_m: 500, measured: "straight", source: "QCVN", confidence: "high", in_force: "both", ...what };
}

export function kind(norms: readonly NormView[]): KindView {
  return { code: "market", name: "Market", norms };
}

export function normRow(what: Partial<NormRow>, reason = ""): NormRow {
  const state = what.state ?? "met";
  const part = {
    measure: "share_within", state, reason, text: "", share: null, covered: null, not_covered: null, unknown_people: null, worst_zone: "", worst_label: "",
    values: {},
  } as const;
  return { norm: "mk21", facility: "Market", source: "QCVN", confidence: "high", in_force: "both", parts: [part], ...what, state };
}
