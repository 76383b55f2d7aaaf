/** All zones of a draft as a table that is worked in like a spreadsheet. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import "./bulk-edit";
import "./cell-editor";
import type { CellEditor, Written } from "./cell-editor";
import "./paste-preview";
import "./table-filter";
import { swatch } from "./function-select";
import { headings, rowsAsText } from "./headings";
import type { Asked } from "./table-filter";
import { moved, type Place, within } from "./table-keys";
import { nameOfField, nameOfFunction, numbersOf, unitOf } from "./words";
import type { Content, PlanFunction, Zone } from "../api/draft-types";
import { icon } from "../elements/icon";
import { type Field, only, textOf } from "../state/content";
import { cellsOf, type Column, COLUMNS, type PastePlan, planPaste } from "../state/pasted";
import { codes } from "../state/zone-colours";
import { isOtherList, type Order, rowsOf, sameSet, windowOf } from "../state/zone-rows";
import { gettext, interpolate, ngettext } from "../text/gettext";

/** What "contents-changed" carries. */
export type ContentsChange = readonly { readonly uid: string; readonly content: Partial<Content> }[];

/** Height of a row in pixels, as panels.css sets it: rows that are not drawn are counted by it. */
const ROW_PX = 34;

interface Editing {
  readonly uid: string;
  readonly field: Field;
  readonly text: string;
  /** Whether typing replaces what stands there, as after Enter, or goes on behind it, as after F2. */
  readonly isReplaced: boolean;
}

/**
 * The attribute table.
 *
 * Owns filter, order, the active cell and which cell is written. Draws only the rows in sight.
 * Tells "zones-selected" (uids), "zone-shown" (uid) and "contents-changed" (ContentsChange).
 * Public: `zones`, `functions`, `selected`, `language`, `isReadOnly`.
 */
@customElement("zone-table")
export class ZoneTable extends LitElement {
  // Rows are sorted anew only when a zone is another one, not whenever somebody lists them again.
  @property({ attribute: false, hasChanged: isOtherList }) zones: readonly Zone[] = [];
  @property({ attribute: false }) functions: readonly PlanFunction[] = [];
  @property({ attribute: false }) selected: ReadonlySet<string> = new Set();
  @property({ attribute: false }) language = "vi";
  @property({ attribute: false }) isReadOnly = false;
  @state() private asked: Asked = { words: "", function: "", onlySelected: false };
  @state() private order: Order = { by: "label", isDescending: false };
  @state() private active: Place = { row: 0, column: 0 };
  @state() private editing: Editing | null = null;
  @state() private plan: PastePlan | null = null;
  @state() private scrolledTo = { top: 0, height: 600 };
  @state() private said = "";
  @query(".table-scroll") private readonly scroller!: HTMLElement | null;
  @query(".zone-grid") private readonly grid!: HTMLElement | null;
  @query("cell-editor") private readonly editor!: CellEditor | null;

  private rows: readonly Zone[] = [];
  /** Where a range of rows begins that Shift extends. */
  private anchor = 0;
  private chosenHere: ReadonlySet<string> | null = null;
  private readonly sized = new ResizeObserver(() => { this.measure(); });

  override connectedCallback(): void {
    super.connectedCallback();
    // Browsers send these to where the caret was last, which need not be the table that has focus.
    document.addEventListener("copy", this.copied);
    document.addEventListener("paste", this.pasted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("copy", this.copied);
    document.removeEventListener("paste", this.pasted);
    this.sized.disconnect();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    if (this.scroller !== null) this.sized.observe(this.scroller);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const isOther = ["zones", "functions", "asked", "order"].some((name) => changed.has(name));
    if (isOther || (this.asked.onlySelected && changed.has("selected"))) {
      const among = this.asked.onlySelected ? this.selected : null;
      this.rows = rowsOf(this.zones, { ...this.asked, among }, this.order, codes(this.functions));
    }
    this.active = within(this.active, this.size);
  }

  protected override updated(changed: PropertyValues): void {
    // A zone chosen on the map comes into sight; one chosen here is in sight already.
    if (!changed.has("selected") || this.selected.size === 0 || sameSet(this.selected, this.chosenHere)) return;
    const row = this.rows.findIndex((zone) => this.selected.has(zone.uid));
    if (row === -1) return;
    this.active = { ...this.active, row };
    this.anchor = row;
    // The line for all selected rows has its height only in the next frame.
    requestAnimationFrame(() => { this.bringIntoSight(row); });
  }

  protected override render(): TemplateResult {
    return html`<section class="zone-table" aria-label=${gettext("Table of zones")}>
      <div class="table-bar">
        <table-filter .asked=${this.asked} .zones=${this.zones} .functions=${this.functions} .language=${this.language}
          @filter-asked=${this.filtered}></table-filter>
        <button type="button" class="button small-button" ?disabled=${this.selected.size === 0}
          @click=${() => { void navigator.clipboard.writeText(this.copiedText()); }}>${gettext("Copy rows")}</button>
      </div>
      ${this.selected.size < 2 || this.isReadOnly
        ? nothing
        : html`<bulk-edit .count=${this.selected.size} .functions=${this.functions} .language=${this.language}
            @bulk-asked=${(event: CustomEvent<Partial<Content>>) => { this.changeSelected(event.detail); }}></bulk-edit>`}
      <div class="table-scroll" @scroll=${this.measure}>${this.table()}</div>
      <p class="table-foot"><span>${this.count()}</span> <span class="table-keys">${this.isReadOnly
        ? nothing
        : gettext("Arrows move · Enter or F2 writes · Space selects · Ctrl+C and Ctrl+V copy and paste")}</span></p>
      <p class="unseen" role="status">${this.said}</p>
      <paste-preview .plan=${this.plan} .functions=${this.functions} .language=${this.language}
        @paste-taken=${this.takePaste} @paste-left=${this.leavePaste}></paste-preview>
    </section>`;
  }

  private get size(): { rows: number; columns: number; page: number } {
    const page = Math.max(1, Math.floor(this.scrolledTo.height / ROW_PX) - 2);
    return { rows: this.rows.length, columns: COLUMNS.length, page };
  }

  private table(): TemplateResult {
    const { first, end } = windowOf(this.rows.length, { ...this.scrolledTo, row: ROW_PX });
    return html`<table class="zone-grid" role="grid" tabindex="0" aria-label=${gettext("Zones")}
      aria-rowcount=${this.rows.length + 1} aria-colcount=${COLUMNS.length + 1} aria-multiselectable="true"
      aria-activedescendant=${this.rows.length > 0 ? cellId(this.active) : nothing}
      @keydown=${this.pressed}>
      <thead><tr aria-rowindex="1">
        <th class="col-show" scope="col"><span class="unseen">${gettext("Show on the map")}</span></th>
        ${COLUMNS.map((column) => this.heading(column))}
      </tr></thead>
      <tbody>
        ${spacer(first)}
        ${repeat(this.rows.slice(first, end), (zone) => zone.uid, (zone, at) => this.row(zone, first + at))}
        ${spacer(this.rows.length - end)}
      </tbody>
    </table>
    ${this.rows.length === 0 ? html`<p class="panel-empty">${gettext("No zone fits the filter.")}</p>` : nothing}`;
  }

  private heading(column: Column): TemplateResult {
    const isBy = this.order.by === column;
    const unit = unitOf(column);
    return html`<th class="col-${column}" scope="col"
      aria-sort=${isBy ? (this.order.isDescending ? "descending" : "ascending") : "none"}>
      <button type="button" @click=${() => { this.sortBy(column); }}>
        ${nameOfField(column)}${unit === "" ? nothing : html` <small>${unit}</small>`}
        ${isBy ? icon(this.order.isDescending ? "more" : "less") : nothing}
      </button></th>`;
  }

  private row(zone: Zone, at: number): TemplateResult {
    return html`<tr aria-rowindex=${at + 2} aria-selected=${this.selected.has(zone.uid) ? "true" : "false"}
      data-uid=${zone.uid}
      @click=${(event: MouseEvent) => { this.clicked(event, at); }} @dblclick=${() => { this.show(zone); }}>
      <td class="col-show"><button type="button" tabindex="-1" class="row-button"
        aria-label=${interpolate(gettext("Show %(label)s on the map"), { label: zone.label })}
        @click=${(event: Event) => { event.stopPropagation(); this.show(zone); }}>${icon("pin")}</button></td>
      ${COLUMNS.map((column, place) => this.cell(zone, column, { row: at, column: place }))}
    </tr>`;
  }

  private cell(zone: Zone, column: Column, place: Place): TemplateResult {
    const isActive = place.row === this.active.row && place.column === this.active.column;
    const { editing } = this;
    return html`<td id=${cellId(place)} class="col-${column} ${isActive ? "is-active" : ""}" data-column=${place.column}
      aria-colindex=${place.column + 2} aria-readonly=${column === "area_m2" || this.isReadOnly ? "true" : nothing}
      >${editing !== null && editing.uid === zone.uid && editing.field === column
        ? html`<cell-editor .field=${editing.field} .text=${editing.text} .isReplaced=${editing.isReplaced}
            .functions=${this.functions} .language=${this.language}
            @cell-written=${(event: CustomEvent<Written>) => { this.written(zone, event.detail); }}
            @cell-left=${() => { this.stopEditing(); }}></cell-editor>`
        : this.shown(zone, column)}</td>`;
  }

  private shown(zone: Zone, column: Column): TemplateResult | string {
    const numbers = numbersOf(this.language, 1);
    if (column === "area_m2") return numbers.format(zone.area_m2);
    if (column === "population") return zone.population === null ? "" : numbers.format(zone.population);
    if (column !== "function") return zone[column];
    const of = codes(this.functions).get(zone.function);
    return html`${swatch(of?.colour ?? "none")}<span>${of === undefined ? zone.function : nameOfFunction(of, this.language)}</span>`;
  }

  private count(): string {
    const numbers = numbersOf(this.language);
    const [shown, all] = [this.rows.length, this.zones.length];
    const some =
      shown === all
        ? interpolate(ngettext("%(count)s zone", "%(count)s zones", all), { count: numbers.format(all) })
        : interpolate(gettext("%(shown)s of %(all)s zones"), { shown: numbers.format(shown), all: numbers.format(all) });
    const count = numbers.format(this.selected.size);
    return this.selected.size === 0 ? some : `${some} · ${interpolate(gettext("%(count)s selected"), { count })}`;
  }

  // --- choosing -------------------------------------------------------------------------------

  private clicked(event: MouseEvent, row: number): void {
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    const uid = this.rows[row]?.uid;
    if (cell?.querySelector("cell-editor") || uid === undefined) return;
    this.active = { row, column: Number(cell?.dataset["column"] ?? this.active.column) };
    if (event.shiftKey) this.selectRange(row);
    else {
      this.anchor = row;
      if (event.ctrlKey || event.metaKey) this.toggle(uid);
      else this.select([uid]);
    }
    this.grid?.focus({ preventScroll: true });
  }

  private selectRange(to: number): void {
    const [from, until] = [Math.min(this.anchor, to), Math.max(this.anchor, to)];
    this.select(this.rows.slice(from, until + 1).map((zone) => zone.uid));
  }

  private toggle(uid: string): void {
    const chosen = new Set(this.selected);
    if (!chosen.delete(uid)) chosen.add(uid);
    this.select([...chosen]);
  }

  private select(uids: readonly string[]): void {
    this.chosenHere = new Set(uids);
    this.selected = this.chosenHere;
    this.said = interpolate(gettext("%(count)s selected"), { count: uids.length });
    this.tell("zones-selected", uids);
  }

  private show(zone: Zone): void {
    this.tell("zone-shown", zone.uid);
  }

  private readonly filtered = (event: CustomEvent<Asked>): void => {
    this.asked = event.detail;
    this.active = { ...this.active, row: 0 };
    this.scroller?.scrollTo({ top: 0 });
  };

  private sortBy(by: Column): void {
    this.order = { by, isDescending: this.order.by === by && !this.order.isDescending };
  }

  // --- keys and scrolling ---------------------------------------------------------------------

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing || event.target !== event.currentTarget || !this.act(event)) return;
    event.preventDefault();
    // The map has shortcuts of its own.
    event.stopPropagation();
  };

  /** Do what a key means; say whether it means anything here. */
  private act(event: KeyboardEvent): boolean {
    const to = moved(this.active, event, this.size);
    if (to !== null) {
      if (!event.shiftKey) this.anchor = to.row;
      else if (to.row !== this.active.row) this.selectRange(to.row);
      this.go(to);
      return true;
    }
    const zone = this.rows[this.active.row];
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "a") this.select(this.rows.map((one) => one.uid));
    else if (isCommand || event.altKey || zone === undefined) return false;
    else if (event.key === " ") this.toggle(zone.uid);
    else if (event.key === "Enter" || event.key === "F2") this.write(null, event.key === "Enter");
    else if (event.key === "Delete" || event.key === "Backspace") this.clear(zone);
    else if (event.key.length === 1) this.write(event.key);
    else return false;
    return true;
  }

  private go(to: Place): void {
    this.active = to;
    this.bringIntoSight(to.row);
    void this.updateComplete.then(() => {
      document.getElementById(cellId(to))?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  private bringIntoSight(row: number): void {
    const { scroller } = this;
    if (scroller === null) return;
    // The heading covers one row at the top.
    const [top, bottom] = [row * ROW_PX, (row + 2) * ROW_PX];
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
    this.measure();
  }

  private readonly measure = (): void => {
    const { scroller } = this;
    if (scroller === null) return;
    const now = { top: scroller.scrollTop, height: scroller.clientHeight };
    const [before, after] = [this.scrolledTo, now].map((at) => windowOf(this.rows.length, { ...at, row: ROW_PX }));
    // Drawn anew only when other rows come into sight.
    if (before?.first === after?.first && before?.end === after?.end) return;
    const row = this.rows.findIndex((zone) => zone.uid === this.editing?.uid);
    if (after !== undefined && row !== -1 && (row < after.first || row >= after.end)) this.editor?.keep();
    this.scrolledTo = now;
  };

  // --- writing --------------------------------------------------------------------------------

  private write(letter: string | null, isReplaced = false): void {
    const zone = this.rows[this.active.row];
    const field = COLUMNS[this.active.column];
    if (this.isReadOnly || zone === undefined || field === undefined || field === "area_m2") return;
    // A letter cannot begin a function: the list is opened where it stands.
    const text = letter === null || field === "function" ? textOf(zone, field) : letter;
    this.editing = { uid: zone.uid, field, text, isReplaced };
  }

  private written(zone: Zone, { content, rows, columns }: Written): void {
    const hadFocus = this.editor?.contains(document.activeElement) ?? false;
    this.editing = null;
    if (rows !== 0 || columns !== 0) {
      this.go(within({ row: this.active.row + rows, column: this.active.column + columns }, this.size));
    }
    if (hadFocus) this.grid?.focus({ preventScroll: true });
    if (differs(zone, content)) this.change([{ uid: zone.uid, content }]);
  }

  private stopEditing(): void {
    this.editing = null;
    this.grid?.focus({ preventScroll: true });
  }

  private clear(zone: Zone): void {
    const field = COLUMNS[this.active.column];
    if (field === undefined || field === "area_m2" || field === "function" || textOf(zone, field) === "") return;
    this.change([{ uid: zone.uid, content: only(field, field === "population" ? null : "") }]);
  }

  private changeSelected(content: Partial<Content>): void {
    const chosen = this.zones.filter((zone) => this.selected.has(zone.uid) && differs(zone, content));
    if (chosen.length === 0) this.said = gettext("Nothing to change: all have this value.");
    else this.change(chosen.map(({ uid }) => ({ uid, content })));
  }

  private change(changes: ContentsChange): void {
    if (!this.isReadOnly) this.tell("contents-changed", changes);
  }

  // --- copying and pasting --------------------------------------------------------------------

  private copiedText(): string {
    const chosen = this.rows.filter((zone) => this.selected.has(zone.uid));
    const active = this.rows[this.active.row];
    return rowsAsText(chosen.length > 0 || active === undefined ? chosen : [active], this.functions, this.language);
  }

  private readonly copied = (event: ClipboardEvent): void => {
    if (document.activeElement !== this.grid) return;
    event.preventDefault();
    event.clipboardData?.setData("text/plain", this.copiedText());
    this.said = gettext("Rows copied.");
  };

  private readonly pasted = (event: ClipboardEvent): void => {
    if (document.activeElement !== this.grid || this.isReadOnly) return;
    event.preventDefault();
    const block = cellsOf(event.clipboardData?.getData("text/plain") ?? "");
    if (block.length === 0) return;
    const { rows, functions, selected, active } = this;
    this.plan = planPaste(block, { rows, functions, selected, row: active.row, column: active.column, headings: headings() });
  };

  private readonly takePaste = (): void => {
    const changes = this.plan?.changes ?? [];
    this.leavePaste();
    this.change(changes.map(({ zone, content }) => ({ uid: zone.uid, content })));
  };

  private readonly leavePaste = (): void => {
    this.plan = null;
    this.grid?.focus({ preventScroll: true });
  };

  private tell(name: string, detail: readonly string[] | string | ContentsChange): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

function cellId({ row, column }: Place): string {
  return `cell-${row}-${column}`;
}

/** The room of rows that are not drawn. */
function spacer(rows: number): TemplateResult | typeof nothing {
  if (rows <= 0) return nothing;
  return html`<tr aria-hidden="true" class="table-spacer">
    <td colspan=${COLUMNS.length + 1} .style=${`height:${rows * ROW_PX}px`}></td>
  </tr>`;
}

function differs(zone: Zone, content: Partial<Content>): boolean {
  return (Object.keys(content) as Field[]).some((field) => zone[field] !== content[field]);
}
