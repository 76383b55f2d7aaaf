/** The buttons of the map. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { icon } from "./icon";
import { gettext } from "../text/gettext";

export type MapTool = "zoom-in" | "zoom-out" | "whole-city" | "here";

/** Buttons beside the map. Owns nothing; tells "tool-used" (MapTool). */
@customElement("map-tools")
export class MapTools extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const tools: readonly (readonly [MapTool, string])[] = [
      ["zoom-in", gettext("Zoom in")],
      ["zoom-out", gettext("Zoom out")],
      ["whole-city", gettext("Show the whole city")],
      ["here", gettext("Show where I am")],
    ];
    return html`${tools.map(
      ([tool, name]) => html`<button
        type="button"
        class="tool"
        title=${name}
        @click=${() => this.dispatchEvent(new CustomEvent("tool-used", { detail: tool, bubbles: true }))}
      >
        ${icon(tool)}<span class="unseen">${name}</span>
      </button>`,
    )}`;
  }
}
