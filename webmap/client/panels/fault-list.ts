/** What is wrong with the drawing, where, and how it can be repaired. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { picture } from "./drawn-surface";
import { explainFault, nameOfFault } from "./words";
import type { Fault, FaultKind, Surface, Way } from "../api/draft-types";
import { icon } from "../elements/icon";
import { gettext, interpolate, ngettext } from "../text/gettext";

const LOOKS: Readonly<Record<FaultKind, string>> = {
  overlap: "fault-overlap",
  gap: "fault-gap",
  sliver: "fault-sliver",
  outside: "fault-outside",
  invalid: "fault-invalid",
};

/** What hinders most comes first. */
const KINDS: readonly FaultKind[] = ["invalid", "overlap", "outside", "gap", "sliver"];
const MOST_SHOWN = 300;

export interface WayChoice {
  readonly key: string;
  readonly way: Way;
}

/**
 * The list of faults.
 *
 * Owns nothing but what is drawn. Tells "fault-shown" (key), "repair-asked" (key) and "way-chosen"
 * (WayChoice). Public: `faults`, `selected`, `ways`, `labels` (names of zones by uid), `language`,
 * `isReadOnly`.
 */
@customElement("fault-list")
export class FaultList extends LitElement {
  @property({ attribute: false }) faults: readonly Fault[] = [];
  @property({ attribute: false }) selected: string | null = null;
  @property({ attribute: false }) ways: { readonly key: string; readonly ways: readonly Way[] } | null = null;
  @property({ attribute: false }) labels: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) language = "vi";
  @property({ attribute: false }) isReadOnly = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const count = this.faults.length;
    if (count === 0) {
      return html`<p class="panel-empty no-faults">${icon("clear")}${gettext("No faults: no gaps, no overlaps, nothing outside.")}</p>`;
    }
    const ordered = KINDS.flatMap((kind) => this.faults.filter((one) => one.kind === kind));
    return html`<section class="fault-list" aria-label=${gettext("Faults of the drawing")}>
      <p class="panel-sum">${interpolate(ngettext("%(count)s fault", "%(count)s faults", count), { count })}${this.sums()}</p>
      <ul>${ordered.slice(0, MOST_SHOWN).map((fault) => this.entry(fault))}</ul>
      ${count > MOST_SHOWN
        ? html`<p class="form-note">${interpolate(gettext("and %(count)s more"), { count: count - MOST_SHOWN })}</p>`
        : nothing}
    </section>`;
  }

  private sums(): string {
    const parts = KINDS.flatMap((kind) => {
      const count = this.faults.filter((one) => one.kind === kind).length;
      return count === 0 ? [] : [`${nameOfFault(kind).toLowerCase()} ${count}`];
    });
    return `: ${parts.join(", ")}`;
  }

  private entry(fault: Fault): TemplateResult {
    const isSelected = fault.key === this.selected;
    return html`<li class="fault" data-kind=${fault.kind} data-key=${fault.key} ?data-selected=${isSelected}>
      ${icon(LOOKS[fault.kind])}
      <div class="fault-text">
        <b>${nameOfFault(fault.kind)}</b> <span class="fault-size">${this.sizeOf(fault)}</span>
        <p>${explainFault(fault.kind)} ${this.zonesOf(fault)}</p>
        ${fault.reason === null || fault.reason === ""
          ? nothing
          : html`<p class="fault-reason">${interpolate(gettext("Left on purpose: %(reason)s"), { reason: fault.reason })}</p>`}
        <div class="fault-buttons">
          <button type="button" class="button small-button" @click=${() => { this.tell("fault-shown", fault.key); }}>
            ${icon("pin")}${gettext("Show")}</button>
          ${this.isReadOnly
            ? nothing
            : html`<button type="button" class="button small-button" @click=${() => { this.tell("repair-asked", fault.key); }}>
                ${gettext("Repair…")}</button>`}
        </div>
        ${this.ways?.key === fault.key && !this.isReadOnly ? this.offered(fault, this.ways.ways) : nothing}
      </div>
    </li>`;
  }

  private sizeOf(fault: Fault): string {
    if (fault.kind === "invalid" && fault.area_m2 === 0) return "";
    const area = new Intl.NumberFormat(this.language, { maximumFractionDigits: fault.area_m2 < 10 ? 3 : 1 });
    const width = new Intl.NumberFormat(this.language, { maximumFractionDigits: fault.width_m < 1 ? 3 : 1 });
    return interpolate(gettext("%(area)s m², about %(width)s m wide"), {
      area: area.format(fault.area_m2),
      width: width.format(fault.width_m),
    });
  }

  private zonesOf(fault: Fault): string {
    const names = fault.zones.slice(0, 6).map((uid) => this.labels.get(uid) ?? uid.slice(0, 8));
    if (names.length === 0) return "";
    const more = fault.zones.length > 6 ? "…" : "";
    return interpolate(gettext("Zones: %(names)s."), { names: names.join(", ") + more });
  }

  private offered(fault: Fault, ways: readonly Way[]): TemplateResult {
    if (ways.length === 0) {
      return html`<p class="form-note">${gettext("No way to repair it at once; move the corners by hand.")}</p>`;
    }
    const ground: Surface[] = fault.boundary === null ? [] : [fault.boundary];
    return html`<ul class="ways" aria-label=${gettext("Ways to repair")}>
      ${ways.map((way) => {
        const after = way.changes.flatMap((change) => (change.boundary === undefined ? [] : [change.boundary]));
        const area = new Intl.NumberFormat(this.language, { maximumFractionDigits: 2 }).format(way.area_m2);
        return html`<li>
          ${picture([...after, ...ground], ground.length > 0 ? ground.concat(after) : after, way.title)}
          <span>${way.title}<small>${interpolate(gettext("%(area)s m² change hands"), { area })}</small></span>
          <button type="button" class="button small-button main-button"
            @click=${() => { this.tell("way-chosen", { key: fault.key, way }); }}>${gettext("Do it")}</button>
        </li>`;
      })}
    </ul>`;
  }

  private tell(name: string, detail: string | WayChoice): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
