/** What the planner decides when the server refuses an edit: two drawings of one zone, or faults. */
import { html, nothing, svg, type TemplateResult } from "lit";

import type { Content, Fault, Surface, ZoneConflict } from "../../api/draft-types";
import { boxOf, pathOf } from "../../panels/drawn-surface";
import { explainFault, nameOfFault, nameOfField } from "../../panels/words";
import { FIELDS } from "../../state/content";
import { gettext, interpolate, ngettext } from "../../text/gettext";
import type { QueuedChange, QueuedEdit } from "../state/outbox";
import { ask, textOf } from "./dialogue";

export type ConflictWay = "merged" | "mine" | "theirs" | "both";

const SIDE = 220;

/** One zone in four drawings over the same ground: what was, mine, theirs, and both in one. */
function drawings(conflict: ZoneConflict, mine: QueuedChange | undefined): TemplateResult {
  const base = conflict.base?.boundary ?? null;
  const ours = mine?.is_removed === true ? null : (mine?.boundary ?? base);
  const theirs = conflict.now?.boundary ?? null;
  const merged = conflict.merged?.boundary ?? null;
  const box = boxOf([base, ours, theirs].filter((one): one is Surface => one !== null));
  const draw = (shown: readonly (readonly [Surface | null, string])[]): TemplateResult => html`<svg class="compared" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true">
    ${shown.map(([surface, look]) => (surface === null || box === null ? nothing : svg`<path class=${look} d=${pathOf(surface, box, SIDE)}></path>`))}
  </svg>`;
  return html`<div class="compare">
    <figure>${draw([[base, "drawn-base"], [ours, "drawn-mine"]])}<figcaption><span class="mark-mine"></span>${ours === null ? gettext("Mine: removed") : gettext("Mine")}</figcaption></figure>
    <figure>${draw([[base, "drawn-base"], [theirs, "drawn-theirs"]])}<figcaption><span class="mark-theirs"></span>${theirs === null
      ? interpolate(gettext("%(name)s: removed"), { name: conflict.by })
      : interpolate(gettext("%(name)s (saved)"), { name: conflict.by })}</figcaption></figure>
    <figure>${draw([[base, "drawn-base"], [theirs, "drawn-theirs"], [ours, "drawn-mine"]])}<figcaption>${gettext("Both, one over the other")}</figcaption></figure>
    ${merged === null ? nothing : html`<figure>${draw([[base, "drawn-base"], [merged, "drawn-merged"]])}<figcaption>${gettext("Merged")}</figcaption></figure>`}
  </div>`;
}

/** The fields in which the two differ, as a small table. */
function contents(conflict: ZoneConflict, mine: Partial<Content>): TemplateResult | typeof nothing {
  const { now, base } = conflict;
  const text = (value: string | number | null | undefined): string => (value === null || value === undefined || value === "" ? "–" : String(value));
  const rows = FIELDS.filter((field) => {
    const ours = mine[field] ?? base?.[field];
    return field in mine && now !== null && text(ours) !== text(now[field]);
  });
  if (rows.length === 0) return nothing;
  return html`<table class="compare-table">
    <thead><tr><th>${gettext("Field")}</th><th>${gettext("Before")}</th><th>${gettext("Mine")}</th><th>${conflict.by}</th></tr></thead>
    <tbody>${rows.map((field) => html`<tr><th>${nameOfField(field)}</th><td>${text(base?.[field])}</td><td>${text(mine[field])}</td><td>${text(now?.[field])}</td></tr>`)}</tbody>
  </table>`;
}

/** Ask what becomes of an edit whose zones somebody else changed; null: not decided yet. */
export async function askConflict(edit: QueuedEdit, conflicts: readonly ZoneConflict[], language: string): Promise<ConflictWay | null> {
  const times = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  const merges = conflicts.every(({ merged }) => merged !== null);
  const answer = await ask(
    gettext("Somebody else changed the same zone"),
    () => html`<p>${merges
        ? gettext("Both drawings can be merged: they do not touch each other. Nothing of either is lost.")
        : gettext("Both drawings touch each other. Nothing is lost until you decide.")}</p>
      ${conflicts.map((conflict) => {
        const mine = edit.changes.find(({ uid }) => uid === conflict.uid);
        const label = conflict.now?.label ?? conflict.base?.label ?? "";
        return html`<section class="conflict-zone">
          <h3>${interpolate(gettext("Zone %(label)s"), { label: label === "" ? gettext("without a symbol") : label })}
            <small>${interpolate(gettext("%(name)s saved at %(time)s"), { name: conflict.by, time: times.format(new Date(conflict.at)) })}</small></h3>
          ${drawings(conflict, mine)} ${contents(conflict, mine?.content ?? {})}
        </section>`;
      })}`,
    [
      { value: "theirs", title: gettext("Keep theirs") },
      { value: "both", title: gettext("Keep theirs, mine as a variant") },
      { value: "mine", title: gettext("Keep mine"), ...(merges ? {} : { isMain: true }) },
      ...(merges ? [{ value: "merged", title: gettext("Take the merged one"), isMain: true }] : []),
    ],
    { name: "conflict", isWide: true },
  );
  return answer && (answer.button as ConflictWay);
}

export type FaultDecision =
  | { readonly kind: "accept"; readonly reason: string }
  | { readonly kind: "cut" }
  | { readonly kind: "fill" }
  | { readonly kind: "withdraw" };

/** Ask what becomes of an edit that opens faults; null: not decided yet. */
export async function askFaults(faults: readonly Fault[], language: string, can: { repair: boolean }): Promise<FaultDecision | null> {
  const areas = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const has = (kind: Fault["kind"]): boolean => faults.some((one) => one.kind === kind);
  const count = faults.length;
  const answer = await ask(
    interpolate(ngettext("This edit opens %(count)s fault", "This edit opens %(count)s faults", count), { count }),
    () => html`<p>${gettext("It is kept here, but not saved yet.")}</p>
      <ul class="dialogue-list">${faults.slice(0, 12).map(
        (fault) => html`<li><b>${nameOfFault(fault.kind)}</b> ${areas.format(fault.area_m2)} m² · ${explainFault(fault.kind)}</li>`,
      )}</ul>
      <label class="field">${gettext("Reason why it is left so (goes into the history)")}
        <textarea name="reason" rows="2" required maxlength="2000"></textarea></label>`,
    [
      { value: "withdraw", title: gettext("Take the edit back"), isFree: true },
      ...(can.repair && has("overlap") ? [{ value: "cut", title: gettext("Keep off the neighbours"), isFree: true }] : []),
      ...(can.repair && (has("gap") || has("sliver")) ? [{ value: "fill", title: gettext("Fill the gap with my zone"), isFree: true }] : []),
      { value: "accept", title: gettext("Save with this reason"), isMain: true },
    ],
    { name: "faults", isWide: true },
  );
  if (answer === null) return null;
  if (answer.button === "accept") return { kind: "accept", reason: textOf(answer.form, "reason") };
  return { kind: answer.button as "cut" | "fill" | "withdraw" };
}

/** Say why an edit cannot be saved, and ask whether to try again or take it back. */
export async function askRefused(sentence: string): Promise<"again" | "withdraw" | null> {
  const answer = await ask(
    gettext("This edit cannot be saved"),
    () => html`<p>${sentence}</p><p>${gettext("It is kept on this device until you decide.")}</p>`,
    [
      { value: "withdraw", title: gettext("Take the edit back"), isFree: true },
      { value: "again", title: gettext("Try again"), isMain: true, isFree: true },
    ],
    { name: "refused" },
  );
  return answer && (answer.button as "again" | "withdraw");
}
