/** Whether everything drawn is at the server. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { icon } from "../../elements/icon";
import { gettext, interpolate, ngettext } from "../../text/gettext";
import type { Progress } from "../state/outbox";

/** Says how the edits stand. Owns nothing. Public: `progress`, `isReadOnly`. */
@customElement("save-state")
export class SaveState extends LitElement {
  @property({ attribute: false }) progress: Progress = { kind: "idle" };
  @property({ attribute: false }) isReadOnly = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { progress } = this;
    if (this.isReadOnly) return html`<span class="save-state" data-state="read">${icon("info")}${gettext("Only to look at")}</span>`;
    const [picture, text] = {
      idle: ["saved", gettext("Everything is saved")] as const,
      sending: ["sending", gettext("Saving…")] as const,
      offline: ["offline", gettext("Working offline")] as const,
      refused: ["not_checked", gettext("Waits for your decision")] as const,
    }[progress.kind];
    return html`<span class="save-state" data-state=${progress.kind}>${icon(picture)}${text}</span>`;
  }
}

/** What the banner says of edits that are kept on the device. */
export function keptText(count: number): string {
  return interpolate(
    ngettext(
      "No connection: you work on, %(count)s edit is kept on this device and goes out by itself.",
      "No connection: you work on, %(count)s edits are kept on this device and go out by themselves.",
      count,
    ),
    { count },
  );
}
