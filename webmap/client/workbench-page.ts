/** The workbench's page: loads the draft and puts it on the bench. */
import { html, render } from "lit";

import { DraftServer } from "./api/drafts";
import { getJson } from "./api/http";
import type { MapDescription } from "./api/types";
import { sentenceFor } from "./elements/trouble";
import { gettext } from "./text/gettext";
import { type BenchSettings, OpenDraft, part } from "./workbench/open-draft";
import { openKeeper } from "./workbench/windows";

/**
 * Puts the draft, the map and the tools together.
 *
 * Owns the page's parts and what is shown in them. Public: `start`.
 */
export class WorkbenchPage {
  private readonly server: DraftServer;

  constructor(private readonly settings: BenchSettings) {
    this.server = new DraftServer(settings.drafts, settings.draft, () => settings.token);
  }

  /** Load what the page needs and draw it; says so where that fails, with a way to try again. */
  async start(): Promise<void> {
    try {
      const [description, city, { BenchMap: Drawing }] = await Promise.all([
        this.server.describe(),
        getJson<MapDescription>(this.settings.map),
        import("./workbench/map/bench-map"),
      ]);
      const keeper = await openKeeper(description);
      new OpenDraft(this.settings, this.server, description, city, keeper, Drawing).begin();
    } catch (error) {
      render(
        html`<p>${gettext("The draft could not be loaded.")} ${sentenceFor(error)}</p>
          <button type="button" class="button" @click=${() => void this.start()}>${gettext("Try again")}</button>`,
        part<HTMLElement>("#banner"),
      );
    }
  }
}
