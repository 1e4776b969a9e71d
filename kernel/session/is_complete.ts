/** Whether a cell can be run as it is: its script by the grammar, its magics by what they are for. */
import { completeness, type Completeness } from "../compiler/syntax/completeness.js";
import { magics } from "../magics/index.js";
import { splitCell, type CellMagic } from "./cell_text.js";
import type { Session } from "./session.js";

export function isComplete(session: Session, code: string): Completeness {
  const cell = splitCell(code);
  const used = cell.magics.filter(({ kind }) => kind !== "shell");
  if (!used.every(isKnown)) return { status: "invalid" };
  // What tells how a script runs is nothing without the script, which is still to come.
  if (cell.script.trim() === "" && used.some(awaitsScript)) return { status: "incomplete", indent: "" };
  return completeness({ name: "cell", text: cell.script }, session.parseOptions("cell"));
}

function isKnown({ kind, name, isFirst }: CellMagic): boolean {
  return magics.some((magic) => magic.name === name && magic.kind === kind) && (kind === "line" || isFirst);
}

function awaitsScript({ kind, name }: CellMagic): boolean {
  return kind === "cell" || magics.some((magic) => magic.name === name && magic.awaitsScript === true);
}
