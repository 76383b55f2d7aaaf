/** The line above the map: people, colours, print. */
import { html, render } from "lit";

import type { DraftDescription, EastNorth, Zone } from "../api/draft-types";
import type { PrintDialog } from "../panels/print-dialog";
import type { StyleBy } from "../state/zone-colours";
import { gettext } from "../text/gettext";

export interface Head {
  readonly people: HTMLElement;
  readonly actions: HTMLElement;
  readonly style: StyleBy;
  readonly description: DraftDescription;
  readonly zones: readonly Zone[];
  readonly language: string;
  readonly centre: EastNorth;
}

export function drawHead({ people, actions, style, description, zones, language, centre }: Head): void {
  render(html`<people-here></people-here>`, people);
  const open = (): void => { actions.querySelector<PrintDialog>("print-dialog")?.show(); };
  render(
    html`<style-switch .by=${style} .functions=${description.functions} .zones=${zones} .language=${language}></style-switch>
      <button type="button" class="button small-button" @click=${open}>${gettext("Print…")}</button>
      <print-dialog .draft=${description} .centre=${centre}></print-dialog>`,
    actions,
  );
}
