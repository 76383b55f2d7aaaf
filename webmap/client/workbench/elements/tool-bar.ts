/** The tools, their options, undo and redo. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { icon } from "../../elements/icon";
import { gettext } from "../../text/gettext";
import { type ToolEntry, toolGroups } from "../tools/all";
import type { ToolName } from "../tools/tool";

/** What the bar can ask for beside a tool. */
export type Command =
  | "undo" | "redo" | "remove" | "square" | "numbers" | "corners" | "keys" | "snaps" | "traces" | "right_angles";

interface CommandEntry {
  readonly command: Command;
  readonly key: string;
  readonly icon: string;
  readonly title: string;
  readonly isOn?: boolean;
}

/**
 * The toolbar.
 *
 * Owns which of its buttons the Tab key reaches (the arrow keys reach the others). Tells "tool-chosen"
 * (ToolName) and "command-given" (Command). Public: `tool`, `isReadOnly`, `snaps`, `traces`, `rightAngles`.
 */
@customElement("tool-bar")
export class ToolBar extends LitElement {
  @property({ attribute: false }) tool: ToolName = "select";
  @property({ attribute: false }) isReadOnly = false;
  @property({ attribute: false }) snaps = true;
  @property({ attribute: false }) traces = false;
  @property({ attribute: false }) rightAngles = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.pressed);
  }

  protected override render(): TemplateResult {
    const groups = toolGroups().map((group) => group.filter(({ looks }) => looks === true || !this.isReadOnly));
    return html`${groups.map((group) => (group.length === 0 ? html`` : html`<div class="tool-group">${group.map((one) => this.toolButton(one))}</div>`))}
      ${this.isReadOnly ? html`` : this.commandGroups().map((group) => html`<div class="tool-group">${group.map((one) => this.commandButton(one))}</div>`)}
      <div class="tool-group">
        ${this.commandButton({ command: "keys", key: "?", icon: "tool-keys", title: gettext("All keys") })}
      </div>`;
  }

  private commandGroups(): readonly (readonly CommandEntry[])[] {
    return [
      [
        { command: "square", key: "Q", icon: "tool-square", title: gettext("Square the selected zones") },
        { command: "remove", key: "Delete", icon: "tool-delete", title: gettext("Delete the selected zones") },
        { command: "numbers", key: "I", icon: "tool-numbers", title: gettext("Type a corner: coordinates, or distance and bearing") },
        { command: "corners", key: "L", icon: "tool-corners", title: gettext("Paste a table of corners") },
      ],
      [
        { command: "snaps", key: "N", icon: "tool-snap", title: gettext("Snapping (Alt held: not now)"), isOn: this.snaps },
        { command: "traces", key: "T", icon: "tool-trace", title: gettext("Trace along existing edges"), isOn: this.traces },
        { command: "right_angles", key: "A", icon: "tool-right-angles", title: gettext("Right angles while drawing (Shift: the other way)"), isOn: this.rightAngles },
      ],
      [
        { command: "undo", key: "Ctrl+Z", icon: "tool-undo", title: gettext("Undo") },
        { command: "redo", key: "Ctrl+Y", icon: "tool-redo", title: gettext("Redo") },
      ],
    ];
  }

  private toolButton({ name, key, icon: picture, title }: ToolEntry): TemplateResult {
    const isOn = name === this.tool;
    return html`<button type="button" class="bench-tool" data-tool=${name} title="${title} (${key})" aria-pressed=${isOn ? "true" : "false"}
      aria-keyshortcuts=${key} @click=${() => { this.tell("tool-chosen", name); }}>
      ${icon(picture)}<span class="tool-name">${title}</span><kbd>${key}</kbd>
    </button>`;
  }

  private commandButton({ command, key, icon: picture, title, isOn }: CommandEntry): TemplateResult {
    const pressed = isOn === undefined ? {} : { on: isOn ? "true" : "false" };
    const click = (): void => { this.tell("command-given", command); };
    const inside = html`${icon(picture)}<span class="tool-name">${title}</span><kbd>${key}</kbd>`;
    return pressed.on === undefined
      ? html`<button type="button" class="bench-tool" data-command=${command} title="${title} (${key})" @click=${click}>${inside}</button>`
      : html`<button type="button" class="bench-tool bench-option" data-command=${command} title="${title} (${key})" aria-pressed=${pressed.on} @click=${click}>${inside}</button>`;
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...this.querySelectorAll("button")];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    if (at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
