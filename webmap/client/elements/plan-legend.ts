/** What the colours mean, and which level of plan they show. */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon } from "./icon";
import type { HatchFigure, LegendEntry, Level } from "../api/types";
import { gettext } from "../text/gettext";

/** The group of what a land-use plan says; the other groups are functions of the other plans. */
const LAND_USE = "Land-use plan";

/**
 * A collapsible legend with the switch between the levels of plan.
 *
 * Owns whether it is open. Tells "level-chosen" (Level). Public: `level`, `entries`,
 * `patterns`, `language`.
 */
@customElement("plan-legend")
export class PlanLegend extends LitElement {
  @property({ attribute: false }) level: Level = "zoning";
  @property({ attribute: false }) entries: readonly LegendEntry[] = [];
  @property({ attribute: false }) patterns: Readonly<Record<string, HatchFigure>> = {};
  @property({ attribute: false }) language = "vi";
  @state() private isOpen = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const levels: readonly (readonly [Level, string])[] = [
      ["general", gettext("General plan")],
      ["zoning", gettext("Zoning plan")],
      ["detailed", gettext("Detailed plan")],
      ["land_use", gettext("Land use")],
    ];
    return html`
      <fieldset class="levels">
        <legend class="unseen">${gettext("Colours show")}</legend>
        ${levels.map(
          ([level, name]) => html`<label class="level">
            <input
              type="radio"
              name="level"
              value=${level}
              .checked=${level === this.level}
              @change=${() => { this.choose(level); }}
            /><span>${name}</span>
          </label>`,
        )}
      </fieldset>
      <button
        type="button"
        class="legend-toggle"
        aria-expanded=${this.isOpen ? "true" : "false"}
        aria-controls="legend-list"
        @click=${() => (this.isOpen = !this.isOpen)}
      >
        ${icon("legend")}<span>${gettext("Legend")}</span>${icon(this.isOpen ? "less" : "more")}
      </button>
      <div id="legend-list" class="legend-list" ?hidden=${!this.isOpen} tabindex="0" role="region"
        aria-label=${gettext("Legend")}>
        ${this.groups().map(
          ([group, entries]) => html`
            <h3>${gettext(group)}</h3>
            <ul>
              ${entries.map(
                (entry) => html`<li>
                  ${this.swatch(entry)}
                  ${this.nameOf(entry)}
                </li>`,
              )}
            </ul>
          `,
        )}
        ${this.entries.length === 0 ? html`<p>${gettext("The legend could not be loaded.")}</p>` : nothing}
      </div>
    `;
  }

  /** The colour, with a piece of the hatch over it. */
  private swatch(entry: LegendEntry): TemplateResult {
    const figure = this.patterns[entry.hatch];
    const id = `hatch-${entry.function}`;
    return html`<svg class="swatch" viewBox="0 0 20 14" aria-hidden="true">
      ${figure === undefined
        ? nothing
        : svg`<defs>
            <pattern id=${id} width=${figure.width} height=${figure.height} patternUnits="userSpaceOnUse"
              patternTransform="scale(0.6)">
              <path d=${figure.strokes.map(([[x1, y1], [x2, y2]]) => `M${x1} ${y1}L${x2} ${y2}`).join("")}
                stroke=${entry.colour} stroke-width=${figure.line_px * 1.6} fill="none"></path>
            </pattern>
          </defs>`}
      <rect x="0.5" y="0.5" width="19" height="13" rx="2" fill=${entry.colour} fill-opacity="0.6"
        stroke=${entry.colour} stroke-width="0.6"></rect>
      ${figure === undefined
        ? nothing
        : svg`<rect x="0.5" y="0.5" width="19" height="13" rx="2" fill=${`url(#${id})`}></rect>`}
    </svg>`;
  }

  private nameOf(entry: LegendEntry): string {
    return this.language === "en" && entry.name_en !== "" ? entry.name_en : entry.name_vi;
  }

  private groups(): readonly (readonly [string, readonly LegendEntry[]])[] {
    const groups = new Map<string, LegendEntry[]>();
    const isLandUse = this.level === "land_use";
    for (const entry of this.entries.filter((one) => (one.group === LAND_USE) === isLandUse)) {
      const group = groups.get(entry.group);
      if (group === undefined) groups.set(entry.group, [entry]);
      else group.push(entry);
    }
    return [...groups];
  }

  private choose(level: Level): void {
    this.level = level;
    this.dispatchEvent(new CustomEvent("level-chosen", { detail: level, bubbles: true }));
  }
}
