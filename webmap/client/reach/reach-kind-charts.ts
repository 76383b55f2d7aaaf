/** How much choice and room there is, how minutes are spread over the people, and how unequally. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { inequality, minutesChart } from "./kind-charts";
import { roomFacts } from "./room-facts";
import type { Figure, Mode } from "../api/reach-types";

/** Owns whether minutes are those on foot or by motorbike. Public: `kind` (its code), `norm` (its id; "": none), `figures`, `language`. */
@customElement("reach-kind-charts")
export class ReachKindCharts extends LitElement {
  @property({ attribute: false }) kind = "";
  @property({ attribute: false }) norm = "";
  @property({ attribute: false }) figures: readonly Figure[] = [];
  @property({ attribute: false }) language = "vi";
  @state() private mode: Mode = "walk";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { figures, kind, language, mode } = this;
    return html`${this.norm === "" ? nothing : roomFacts(figures, kind, this.norm, language)}${minutesChart({ figures, kind, mode, language, choose: (chosen) => (this.mode = chosen) })}${inequality(figures, kind, language)}`;
  }
}
