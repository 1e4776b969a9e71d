/** A cell's magics and shell commands, taken out of the script with the places of everything else kept. */
import { ScriptScan } from "./script_scan.js";

/** One line that is not of the script. */
export interface CellMagic {
  readonly kind: "line" | "cell" | "shell";
  /** Empty for a shell command. */
  readonly name: string;
  readonly argument: string;
  /** Counted from 1. */
  readonly line: number;
  /** `%%name` counts only where nothing stands before it. */
  readonly isFirst: boolean;
}

export interface CellText {
  readonly magics: readonly CellMagic[];
  /** Lines of magics are blank in it. */
  readonly script: string;
}

const MAGIC_LINE = /^(?<sign>%%?)(?<name>[A-Za-z_]\w*)(?:\s+(?<argument>.*))?$/;

/** `!command`, but not the language's `!(…)`, `!=` and `!~`. */
const SHELL_LINE = /^!(?!\s*[=(~])(?<command>.*)$/;

/** `?NAME` and, where it is all there is left, `NAME?`: what `%man NAME` shows, as IPython writes it. */
const HELP_BEFORE = /^\?+\s*(?<name>[^\s?].*)$/;
const HELP_BEHIND = /^(?<name>(?:struct |union |enum )?[%@$A-Za-z_][^\s?]*)\?+$/;

/**
 * A line is a magic or a command only between statements: inside a block, a string or a comment, and where an expression
 * goes on, `%` and `!` are the language's.
 */
export function splitCell(code: string): CellText {
  const magics: CellMagic[] = [];
  const scan = new ScriptScan();
  const end = code.trimEnd().length;
  let at = 0;
  const lines = code.split("\n").map((written, index) => {
    const isLast = at <= end && at + written.length >= end;
    at += written.length + 1;
    const magic = scan.isBetweenStatements ? magicOf(written.trim(), isLast) : null;
    if (!magic) {
      scan.line(written);
      return written;
    }
    magics.push({ ...magic, line: index + 1, isFirst: scan.isBlank && magics.length === 0 });
    return "";
  });
  return { magics, script: lines.join("\n") };
}

function magicOf(text: string, isLast: boolean): Pick<CellMagic, "kind" | "name" | "argument"> | null {
  const command = SHELL_LINE.exec(text)?.groups?.["command"];
  if (command !== undefined) return { kind: "shell", name: "", argument: command.trim() };
  const asked = HELP_BEFORE.exec(text) ?? (isLast ? HELP_BEHIND.exec(text) : null);
  if (asked) return { kind: "line", name: "man", argument: asked.groups?.["name"] ?? "" };
  const { sign, name, argument } = MAGIC_LINE.exec(text)?.groups ?? {};
  if (name === undefined) return null;
  return { kind: sign === "%%" ? "cell" : "line", name, argument: argument?.trim() ?? "" };
}
