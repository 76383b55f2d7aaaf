/** Questions that hold everything else up for a moment, as <dialog>. */
import { html, render, type TemplateResult } from "lit";

import { gettext } from "../../text/gettext";

export interface Answer {
  /** Value of the button that closed it. */
  readonly button: string;
  readonly form: FormData;
}

export interface Button {
  readonly value: string;
  readonly title: string;
  readonly isMain?: boolean;
  /** Closes without looking whether the fields are filled in. */
  readonly isFree?: boolean;
}

function host(): HTMLElement {
  const found = document.getElementById("dialogues");
  if (found === null) throw new Error("the page lacks #dialogues");
  return found;
}

let count = 0;

/**
 * Put a question and wait for the answer; null: Esc or Cancel.
 *
 * The focus goes back to where it was (that is what <dialog> does). `draw` is called again by the
 * function it is given, as after somebody typed.
 */
export function ask(
  title: string,
  draw: (again: () => void) => TemplateResult,
  buttons: readonly Button[],
  options: { isWide?: boolean; name?: string } = {},
): Promise<Answer | null> {
  const place = document.createElement("div");
  host().append(place);
  const id = `dialogue-${++count}`;
  return new Promise((resolve) => {
    const again = (): void => {
      render(
        html`<dialog class="panel-dialog bench-dialogue" data-name=${options.name ?? ""} ?data-wide=${options.isWide === true} aria-labelledby=${id}
          @keydown=${(event: KeyboardEvent) => { event.stopPropagation(); }} @close=${closed}>
          <form method="dialog">
            <h2 id=${id}>${title}</h2>
            <div class="dialogue-body">${draw(again)}</div>
            <div class="dialog-buttons">
              <button type="submit" class="button" value="" formnovalidate>${buttons.length === 0 ? gettext("Close") : gettext("Cancel")}</button>
              ${buttons.map(
                ({ value, title: name, isMain, isFree }) => html`<button type="submit" class="button ${isMain === true ? "main-button" : ""}"
                  value=${value} ?formnovalidate=${isFree === true}>${name}</button>`,
              )}
            </div>
          </form>
        </dialog>`,
        place,
      );
    };
    const closed = (): void => {
      const dialog = place.querySelector("dialog");
      const form = place.querySelector("form");
      const button = dialog?.returnValue ?? "";
      const answer = button === "" || form === null ? null : { button, form: new FormData(form) };
      place.remove();
      resolve(answer);
    };
    again();
    const dialog = place.querySelector("dialog");
    // Enter means the main button, not the first one of the row.
    dialog?.addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      if (event.key !== "Enter" || target.tagName !== "INPUT") return;
      event.preventDefault();
      dialog.querySelector<HTMLButtonElement>(".main-button")?.click();
    });
    dialog?.showModal();
    place.querySelector<HTMLElement>("[autofocus]")?.focus();
  });
}

/** The text that a form says under a name. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
