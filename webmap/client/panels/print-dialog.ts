/** Asking for a map layout on paper. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";

import { withQuery } from "../api/http";
import type { DraftBrief, EastNorth } from "../api/draft-types";
import { gettext } from "../text/gettext";

/** Scales and papers that the server prints: those of webmap/printing/sheet.py. */
const SCALES = [200, 500, 1000, 2000, 5000, 10_000, 25_000] as const;
const PAPERS = ["A4", "A3", "A2"] as const;

/**
 * A dialogue for scale, paper and title of a print.
 *
 * Opens by `show()`. Public: `draft`, `centre` (east, north in metres), `address` (`{code}` stands for
 * the plan's code).
 */
@customElement("print-dialog")
export class PrintDialog extends LitElement {
  @property({ attribute: false }) draft: Pick<DraftBrief, "id" | "code" | "name_vi" | "scale"> | null = null;
  @property({ attribute: false }) centre: EastNorth | null = null;
  @property({ attribute: false }) address = "/plans/{code}/print.pdf";
  @query("dialog") private readonly dialog!: HTMLDialogElement | null;

  /** Open the dialogue. */
  show(): void {
    this.dialog?.showModal();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const usual = this.draft?.scale ?? 2000;
    const numbers = new Intl.NumberFormat("vi", { useGrouping: "always" });
    const scales = [...new Set([...SCALES, usual])].sort((a, b) => a - b);
    return html`<dialog class="panel-dialog" aria-labelledby="print-title" @keydown=${stay}>
      <h2 id="print-title">${gettext("Print the map")}</h2>
      <form method="dialog" class="print-form" @submit=${this.asked}>
        <label>${gettext("Scale")}
          <select name="scale">${scales.map((scale) => html`<option value=${scale} ?selected=${scale === usual}>1:${numbers.format(scale)}</option>`)}</select>
        </label>
        <label>${gettext("Paper")}
          <select name="paper">${PAPERS.map((paper) => html`<option value=${paper} ?selected=${paper === "A3"}>${paper}</option>`)}</select>
        </label>
        <label>${gettext("Orientation")}
          <select name="orientation">
            <option value="landscape" selected>${gettext("Landscape")}</option>
            <option value="portrait">${gettext("Portrait")}</option>
          </select>
        </label>
        <label class="print-title">${gettext("Title")}
          <input type="text" name="title" maxlength="120" placeholder=${this.draft?.name_vi ?? ""} />
        </label>
        <p class="form-note">${gettext("The middle of the map in view becomes the middle of the sheet.")}</p>
        <div class="dialog-buttons">
          <button type="button" class="button" @click=${() => this.dialog?.close()}>${gettext("Cancel")}</button>
          <button class="button main-button" ?disabled=${this.draft === null || this.centre === null}>${gettext("Make the PDF")}</button>
        </div>
      </form>
    </dialog>`;
  }

  private readonly asked = (event: SubmitEvent): void => {
    const { draft, centre } = this;
    if (draft === null || centre === null || !(event.target instanceof HTMLFormElement)) return;
    const chosen = new FormData(event.target);
    const value = (name: string): string => {
      const given = chosen.get(name);
      return typeof given === "string" ? given : "";
    };
    const address = withQuery(this.address.replace("{code}", encodeURIComponent(draft.code)), {
      draft: draft.id,
      scale: value("scale"),
      east: centre[0].toFixed(2),
      north: centre[1].toFixed(2),
      paper: value("paper"),
      orientation: value("orientation"),
      title: value("title").trim() === "" ? null : value("title").trim(),
    });
    open(address, "_blank", "noopener");
  };
}

/** Keys pressed in the dialogue are none of the map's. */
function stay(event: KeyboardEvent): void {
  event.stopPropagation();
}
