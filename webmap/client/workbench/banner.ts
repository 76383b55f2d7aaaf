/** What has to be said beside the map until it is read or over. */
import { html, nothing, render } from "lit";

import { gettext } from "../text/gettext";

/** What a message is about: one about progress goes when the progress does. */
export type About = "progress" | "trouble" | "sketch";

/** One message at a time. Owns its place in the page. Public: `about`, `say`, `clear`. */
export class Banner {
  private now: About | null = null;

  constructor(private readonly place: HTMLElement) {}

  get about(): About | null {
    return this.now;
  }

  /** Say something, with a button for what can be done about it. */
  say(text: string, about: About, action: readonly [string, () => void] | null = null): void {
    this.now = about;
    const close = (): void => { this.clear(); };
    render(
      html`<p>${text}</p>
        ${action === null ? nothing : html`<button type="button" class="button small-button" @click=${action[1]}>${action[0]}</button>`}
        ${about === "progress" ? nothing : html`<button type="button" class="button small-button" @click=${close}>${gettext("Close")}</button>`}`,
      this.place,
    );
  }

  clear(): void {
    this.now = null;
    render(nothing, this.place);
  }
}
