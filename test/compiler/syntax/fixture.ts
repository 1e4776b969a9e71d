/** A target for the parser's tests, and short ways to say what came out. */
import { positionAt } from "../../../kernel/compiler/source.js";
import type { Macro } from "../../../kernel/compiler/syntax/preprocess.js";
import { parseScript, type ParseOptions, type ParseResult } from "../../../kernel/compiler/syntax/parse.js";
import { printTree } from "../../../kernel/compiler/syntax/print.js";

export const options: ParseOptions = {
  mode: "cell",
  arguments: [],
  macros: new Map(),
  conditions: {
    kernel_v: "6.18.0",
    kernel_vr: "6.18.0-4-amd64",
    arch: "x86_64",
    runtime: "bpf",
    systemtap_v: "5.6",
    systemtap_privilege: "stapdev",
    guru_mode: false,
    config: (name) => ({ CONFIG_SMP: "y", CONFIG_EXT4_FS: "m", CONFIG_NR_CPUS: "64" })[name],
  },
};

export function parse(text: string, changes: Partial<ParseOptions> = {}): ParseResult {
  return parseScript({ name: "test", text }, { ...options, ...changes });
}

/** Every diagnostic as `line:column code`, the code without its `parse/`. */
export function complaints(text: string, changes: Partial<ParseOptions> = {}): string[] {
  return parse(text, changes).diagnostics.list.map(({ span, code }) => {
    const { line, column } = positionAt(span.source, span.start);
    return `${line}:${column} ${code.replace("parse/", "")}`;
  });
}

/** The printed tree of a text that must be legal. */
export function tree(text: string, changes: Partial<ParseOptions> = {}): string {
  expect(complaints(text, changes)).toEqual([]);
  return printTree(parse(text, changes).script);
}

/** The printed tree of one expression or statement of a cell. */
export function statementTree(text: string): string {
  const [, ...lines] = tree(text).split("\n");
  return lines.map((line) => line.slice(2)).join("\n");
}

/** The macros that a text defines. */
export function macrosOf(text: string): ReadonlyMap<string, Macro> {
  return parse(text).macros;
}

/** Lines of an expected tree, without the indentation that the test file gives them. */
export function lines(text: string): string {
  const all = text.replace(/^\n/, "").trimEnd().split("\n");
  const margin = Math.min(...all.map((line) => line.search(/\S/)));
  return all.map((line) => line.slice(margin)).join("\n");
}
