/** Beginning an adjustment of a plan in force. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import "./ground-picker";
import { nameOfZone, type Picking, type ZoneInForce } from "./ground-picker";
import { getJson, sendJson } from "../api/http";
import type { DraftBrief, EastNorth, Surface } from "../api/draft-types";
import { sentenceFor } from "../elements/trouble";
import { folded } from "../state/content";
import { gettext, interpolate, ngettext } from "../text/gettext";
import { readCorners } from "../workbench/geometry/corners";
import { area_m2, enclosed } from "../workbench/geometry/surfaces";

/** What the page tells the form; `{code}` in an address stands for the plan's code. */
export interface AdjustmentSettings {
  readonly plans: readonly { readonly code: string; readonly name: string; readonly level: string }[];
  readonly addresses: { readonly begin: string; readonly zones: string; readonly edit: string };
  readonly token: string;
  readonly language: string;
  readonly today: string;
}

interface InForce {
  readonly is_cut: boolean;
  readonly ground: readonly Surface[];
  readonly zones: readonly ZoneInForce[];
}

type From = Picking | "corners";

/**
 * The form: which plan, general or local, from when, and for a local one its ground.
 *
 * Owns all that is typed and chosen. Sends it and opens the workbench with the new draft. Public:
 * `settings`.
 */
@customElement("adjustment-form")
export class AdjustmentForm extends LitElement {
  @property({ attribute: false }) settings: AdjustmentSettings | null = null;
  @state() private plan = "";
  @state() private kind: "general" | "local" = "local";
  @state() private from: From = "zones";
  @state() private inForce: InForce | null = null;
  @state() private picked: ReadonlySet<string> = new Set();
  @state() private corners: readonly EastNorth[] = [];
  @state() private pastedText = "";
  @state() private sought = "";
  @state() private trouble = "";
  @state() private isSending = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { settings } = this;
    if (settings === null) return nothing;
    if (settings.plans.length === 0) return html`<p class="panel-empty">${gettext("No plan is in force yet.")}</p>`;
    const plan = settings.plans.find((one) => one.code === this.plan);
    return html`<form class="adjustment-form" @submit=${this.submitted}>
      <label class="field"><span>${gettext("Plan")}</span>
        <select name="plan" required @change=${this.chosePlan}>
          <option value="" ?selected=${this.plan === ""}>${gettext("Choose a plan…")}</option>
          ${settings.plans.map((one) => html`<option value=${one.code} ?selected=${one.code === this.plan}>${one.name} (${one.code}, ${one.level})</option>`)}
        </select>
      </label>
      <fieldset class="kinds"><legend>${gettext("Kind of adjustment")}</legend>
        ${this.radio("kind", "local", this.kind, gettext("Local: some ground only"), () => (this.kind = "local"))}
        ${this.radio("kind", "general", this.kind, gettext("General: the whole plan"), () => (this.kind = "general"))}
      </fieldset>
      <label class="field"><span>${gettext("Name of the adjustment")}</span>
        <input type="text" name="name_vi" required maxlength="300"
          placeholder=${plan === undefined ? "" : interpolate(gettext("For example: adjustment of %(plan)s"), { plan: plan.name })} />
      </label>
      <label class="field"><span>${gettext("Name in English (may stay empty)")}</span>
        <input type="text" name="name_en" maxlength="300" lang="en" /></label>
      <label class="field"><span>${gettext("Shall hold from")}</span>
        <input type="date" name="valid_from" required min=${settings.today} .value=${settings.today} /></label>
      ${this.kind === "local" && this.plan !== "" ? this.ground() : nothing}
      ${this.trouble === "" ? nothing : html`<p class="form-error" role="alert">${this.trouble}</p>`}
      <button class="button main-button" ?disabled=${this.isSending}>${gettext("Begin the draft")}</button>
    </form>`;
  }

  private radio(name: string, value: string, chosen: string, text: string, choose: () => void): TemplateResult {
    return html`<label class="table-check"><input type="radio" name=${name} value=${value} .checked=${value === chosen}
      @change=${choose} />${text}</label>`;
  }

  private ground(): TemplateResult {
    return html`<fieldset class="ground-choice"><legend>${gettext("Ground of the adjustment")}</legend>
      <div class="kinds">
        ${this.radio("from", "zones", this.from, gettext("Take zones of the plan"), () => (this.from = "zones"))}
        ${this.radio("from", "draw", this.from, gettext("Draw it"), () => (this.from = "draw"))}
        ${this.radio("from", "corners", this.from, gettext("Paste corners"), () => (this.from = "corners"))}
      </div>
      ${this.from === "corners" ? this.cornerText() : nothing}
      ${this.inForce === null
        ? html`<p class="form-note">${gettext("Loading…")}</p>`
        : html`<ground-picker .zones=${this.inForce.zones} .ground=${this.inForce.ground} .picking=${this.from === "zones" ? "zones" : "draw"}
            .picked=${this.from === "zones" ? this.picked : new Set<string>()} .corners=${this.from === "zones" ? [] : this.shownCorners}
            @zone-picked=${(event: CustomEvent<string>) => { this.toggle(event.detail); }}
            @corner-set=${(event: CustomEvent<EastNorth>) => { if (this.from === "draw") this.corners = [...this.corners, event.detail]; }}
          ></ground-picker>`}
      ${this.from === "draw" ? this.drawButtons() : nothing}
      ${this.from === "zones" && this.inForce !== null ? this.zoneList(this.inForce) : nothing}
      <p class="form-note" role="status">${this.sum()}</p>
    </fieldset>`;
  }

  private cornerText(): TemplateResult {
    const { unread } = readCorners(this.pastedText, "guessed");
    return html`<label class="field"><span>${gettext("One corner a line: X (north) and Y (east) in metres of VN-2000, in either order")}</span>
        <textarea rows="6" .value=${this.pastedText} placeholder="1  2325012,34  587004,56"
          @input=${(event: Event) => (this.pastedText = (event.target as HTMLTextAreaElement).value)}></textarea></label>
      ${unread.map((line) => html`<p class="form-refusal">${interpolate(gettext("Line %(line)s cannot be read: %(text)s"), line)}</p>`)}`;
  }

  private drawButtons(): TemplateResult {
    return html`<p class="form-note">${gettext("Click corner after corner; the last one joins the first.")}</p>
      <div class="ground-tools">
        <button type="button" class="button small-button" ?disabled=${this.corners.length === 0}
          @click=${() => (this.corners = this.corners.slice(0, -1))}>${gettext("Take the last corner back")}</button>
      </div>`;
  }

  private zoneList({ zones, is_cut }: InForce): TemplateResult {
    const words = folded(this.sought).trim();
    const shown = zones.filter((zone) => folded(zone.label).includes(words)).slice(0, 200);
    return html`${is_cut ? html`<p class="form-note">${gettext("The plan has more zones than are listed here: draw the ground or paste its corners.")}</p>` : nothing}
      <input type="search" aria-label=${gettext("Filter by symbol")} placeholder=${gettext("Filter by symbol")} .value=${this.sought}
        @input=${(event: Event) => (this.sought = (event.target as HTMLInputElement).value)} />
      <div class="zone-choices" tabindex="0" role="group" aria-label=${gettext("Zones")}>
        ${shown.map((zone) => html`<label class="table-check"><input type="checkbox" .checked=${this.picked.has(zone.uid)}
          @change=${() => { this.toggle(zone.uid); }} />${nameOfZone(zone)}</label>`)}
      </div>`;
  }

  private get shownCorners(): readonly EastNorth[] {
    return this.from === "draw" ? this.corners : readCorners(this.pastedText, "guessed").corners.map(({ at }) => at);
  }

  private sum(): string {
    const areas = new Intl.NumberFormat(this.settings?.language, { maximumFractionDigits: 1 });
    if (this.from === "zones") {
      const chosen = this.chosen();
      const count = interpolate(ngettext("%(count)s zone", "%(count)s zones", chosen.length), { count: chosen.length });
      return `${count} · ${areas.format(chosen.reduce((sum, zone) => sum + area_m2(zone.boundary), 0))} m²`;
    }
    const corners = this.shownCorners;
    const size = corners.length < 3 ? 0 : Math.abs(area_m2(enclosed(corners)));
    return `${interpolate(ngettext("%(count)s corner", "%(count)s corners", corners.length), { count: corners.length })} · ${areas.format(size)} m²`;
  }

  private chosen(): readonly ZoneInForce[] {
    return this.inForce?.zones.filter((zone) => this.picked.has(zone.uid)) ?? [];
  }

  private toggle(uid: string): void {
    const picked = new Set(this.picked);
    if (!picked.delete(uid)) picked.add(uid);
    this.picked = picked;
  }

  private readonly chosePlan = (event: Event): void => {
    this.plan = (event.target as HTMLSelectElement).value;
    this.picked = new Set();
    this.corners = [];
    this.inForce = null;
    if (this.plan !== "") void this.load(this.plan);
  };

  private async load(plan: string): Promise<void> {
    if (this.settings === null) return;
    try {
      const found = await getJson<InForce>(addressOf(this.settings.addresses.zones, plan));
      // Another plan may have been chosen meanwhile.
      if (plan === this.plan) this.inForce = found;
    } catch (error) {
      this.trouble = sentenceFor(error);
    }
  }

  /** The ground that was chosen; null: there is none. */
  private async extent(): Promise<Surface | null> {
    if (this.from !== "zones") return this.shownCorners.length < 3 ? null : enclosed(this.shownCorners);
    const chosen = this.chosen();
    if (chosen.length === 0) return null;
    // The overlay is a large part of the program; most visitors of the page need none.
    const { union } = await import("../workbench/geometry/overlay");
    return union(chosen.map((zone) => zone.boundary));
  }

  private readonly submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) void this.begin(new FormData(event.target));
  };

  private async begin(given: FormData): Promise<void> {
    const { settings } = this;
    if (settings === null) return;
    const text = (name: string): string => {
      const value = given.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    this.trouble = "";
    this.isSending = true;
    try {
      const extent = this.kind === "local" ? await this.extent() : null;
      if (this.kind === "local" && extent === null) {
        this.trouble = gettext("Choose or draw the ground of the adjustment first.");
        return;
      }
      const body = { adjustment: this.kind, name_vi: text("name_vi"), name_en: text("name_en"), valid_from: text("valid_from"), extent };
      await sendJson<DraftBrief>(addressOf(settings.addresses.begin, this.plan), body, { method: "POST", token: settings.token });
      location.assign(addressOf(settings.addresses.edit, this.plan));
    } catch (error) {
      this.trouble = sentenceFor(error);
    } finally {
      this.isSending = false;
    }
  }
}

function addressOf(address: string, code: string): string {
  return address.replace("{code}", encodeURIComponent(code));
}
