/** Our own icons, drawn from the sprite that the server serves. */
import { svg, html, type TemplateResult } from "lit";

let sprite = "";

/** Say where the sprite lies; once, at the start of the page. */
export function useSprite(address: string): void {
  sprite = address;
}

/** A picture beside a text that says the same, so it is hidden from screen readers. */
export function icon(name: string): TemplateResult {
  return html`<svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${svg`<use href="${sprite}#${name}"></use>`}
  </svg>`;
}
