/** Which key means what. */
import type { Command } from "./elements/tool-bar";
import { toolGroups } from "./tools/all";
import type { ToolName } from "./tools/tool";

export type Meant =
  | { readonly kind: "tool"; readonly tool: ToolName }
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "finish" | "leave" | "back" | "erase" | "whole" | "selected" | "click" };

const COMMANDS: Readonly<Record<string, Command>> = {
  i: "numbers", l: "corners", q: "square", n: "snaps", t: "traces", a: "right_angles", "?": "keys",
};
const OTHERS: Readonly<Record<string, Exclude<Meant["kind"], "tool" | "command">>> = {
  Enter: "finish", Escape: "leave", Backspace: "back", Delete: "erase", f: "whole", z: "selected", " ": "click",
};

export interface Press {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** Return what a key means while the drawing has the keyboard; null: nothing of ours. */
export function meaningOf({ key, ctrl, shift, alt }: Press): Meant | null {
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (alt) return null;
  if (ctrl) {
    if (letter === "z") return { kind: "command", command: shift ? "redo" : "undo" };
    return letter === "y" ? { kind: "command", command: "redo" } : null;
  }
  const command = COMMANDS[letter];
  if (command !== undefined) return { kind: "command", command };
  const other = OTHERS[letter];
  if (other !== undefined) return { kind: other };
  const tool = toolGroups().flat().find((one) => one.key.toLowerCase() === letter);
  return tool === undefined ? null : { kind: "tool", tool: tool.name };
}
