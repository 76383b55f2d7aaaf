/** Every tool with its key, its picture and its name. */
import { gettext } from "../../text/gettext";
import { MoveTool, RotateTool, SelectTool, VertexTool } from "./handling";
import { BufferTool, CopyTool, CutTool, MergeTool } from "./picking";
import { DrawTool, HoleTool, OffsetTool, ReshapeTool, SplitTool } from "./sketching";
import type { Desk, Tool, ToolName } from "./tool";

export interface ToolEntry {
  readonly name: ToolName;
  readonly key: string;
  readonly icon: string;
  readonly title: string;
  /** Changes nothing: for whoever only looks. */
  readonly looks?: boolean;
}

/** The tools in the order of the bar; groups are parted by a line. */
export function toolGroups(): readonly (readonly ToolEntry[])[] {
  return [
    [{ name: "select", key: "V", icon: "tool-select", title: gettext("Select"), looks: true }],
    [
      { name: "draw", key: "D", icon: "tool-draw", title: gettext("Draw a zone") },
      { name: "copy", key: "C", icon: "tool-copy", title: gettext("Copy plots, lines or zones of other plans") },
      { name: "offset", key: "O", icon: "tool-offset", title: gettext("Red lines from an axis") },
      { name: "buffer", key: "B", icon: "tool-buffer", title: gettext("Buffer") },
    ],
    [
      { name: "vertex", key: "E", icon: "tool-vertex", title: gettext("Edit corners") },
      { name: "move", key: "M", icon: "tool-move", title: gettext("Move zones") },
      { name: "rotate", key: "R", icon: "tool-rotate", title: gettext("Turn zones") },
      { name: "reshape", key: "P", icon: "tool-reshape", title: gettext("Reshape an edge") },
    ],
    [
      { name: "split", key: "S", icon: "tool-split", title: gettext("Split by a line") },
      { name: "cut", key: "X", icon: "tool-cut", title: gettext("Cut along an existing line") },
      { name: "merge", key: "G", icon: "tool-merge", title: gettext("Merge zones") },
      { name: "hole", key: "H", icon: "tool-hole", title: gettext("Cut a hole") },
    ],
  ];
}

export function makeTool(name: ToolName, desk: Desk): Tool {
  switch (name) {
    case "select": return new SelectTool(desk);
    case "draw": return new DrawTool(desk);
    case "vertex": return new VertexTool(desk);
    case "move": return new MoveTool(desk);
    case "rotate": return new RotateTool(desk);
    case "hole": return new HoleTool(desk);
    case "reshape": return new ReshapeTool(desk);
    case "split": return new SplitTool(desk);
    case "merge": return new MergeTool(desk);
    case "cut": return new CutTool(desk);
    case "buffer": return new BufferTool(desk);
    case "offset": return new OffsetTool(desk);
    case "copy": return new CopyTool(desk);
  }
}
