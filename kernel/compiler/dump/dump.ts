/** What the compiler makes of a script, pass by pass, as text: for `%dump`, `tapbook check --dump` and tests. */
import { compile, type CompileInput } from "../compile.js";
import { SCRATCH_MAP, type CompiledScript } from "../compiled.js";
import { Diagnostics, type Diagnostic } from "../diagnostic.js";
import type { IrFunction } from "../ir/instructions.js";
import { lowerProgram } from "../ir/program.js";
import { programResult } from "../attach_groups.js";
import { inferShapes, type Shapes, type StoredTexts } from "../ir/shapes.js";
import { ScriptTables } from "../ir/tables.js";
import { parseScript, readTokens } from "../syntax/parse.js";
import { printTokens, printTree } from "../syntax/print.js";
import { printProgram } from "./bpf.js";
import { printIr } from "./ir.js";
import { printTypes } from "./types.js";

/** One view of a script; machine code is not the compiler's, see `printMachineCode`. */
export type DumpKind = "tokens" | "ast" | "types" | "ir" | "bpf";

export interface DumpSection {
  readonly kind: DumpKind;
  readonly text: string;
}

export interface DumpOutcome {
  /** In the order asked for, without what errors kept from being made. */
  readonly sections: readonly DumpSection[];
  readonly diagnostics: readonly Diagnostic[];
  /** Null where there are errors. */
  readonly script: CompiledScript | null;
}

/** Compiles, and prints what each pass has made. Never throws for any text. */
export function dumpScript(kinds: readonly DumpKind[], input: CompileInput): DumpOutcome {
  const { script, diagnostics } = compile(input);
  const sections = kinds.flatMap((kind): DumpSection[] => {
    if (kind === "tokens" || kind === "ast") return [{ kind, text: printParsed(kind, input) }];
    return script ? [{ kind, text: printCompiled(kind, script, input) }] : [];
  });
  return { sections, diagnostics, script };
}

function printParsed(
  kind: "tokens" | "ast",
  { source, mode, arguments: given, conditions, macros }: CompileInput,
): string {
  const options = { mode, arguments: given, conditions, macros };
  // Complaints were made when the script was compiled.
  const text =
    kind === "tokens"
      ? printTokens(readTokens(source, options, new Diagnostics()))
      : printTree(parseScript(source, options).script);
  return `${text}\n`;
}

function printCompiled(kind: "types" | "ir" | "bpf", script: CompiledScript, input: CompileInput): string {
  if (kind === "types") return printTypes(script.program, script.globals, shapesOf(script, input));
  const programs = kind === "ir" ? loweredPrograms(script, input).map(printIr) : script.programs.map(printProgram);
  if (programs.length === 0) return "nothing of this runs in the kernel\n";
  return programs.map((text, index) => `${programHeading(script, index)}\n${text}`).join("\n");
}

function programHeading({ programs, handlers }: CompiledScript, index: number): string {
  const { name, type, handlers: members } = programs[index] as CompiledScript["programs"][number];
  const points = members.map((member) => handlers[member]?.handler.point ?? "");
  return `# program ${name} (${type}) for ${points.join(", ")}`;
}

function shapesOf({ program, globals }: CompiledScript, { limits, layouts, contents }: CompileInput): Shapes {
  const { maxStringLength, maxMapEntries } = limits;
  const capacities = new Map(
    globals.flatMap(({ variable, layout }) => (layout ? [[variable.name, layout.entries] as const] : [])),
  );
  const stored = (global: string): StoredTexts | null => (capacities.has(global) ? (contents?.(global) ?? null) : null);
  return inferShapes(program, { maxStringLength, maxMapEntries, capacities, known: layouts, contents: stored });
}

/** The functions of each program, lowered once more: equal input gives equal code, and nobody else needs it kept. */
export function loweredPrograms(script: CompiledScript, input: CompileInput): (readonly IrFunction[])[] {
  const { limits, target } = input;
  const shapes = shapesOf(script, input);
  const layouts = script.globals.flatMap(({ variable, layout }) => (layout ? [[variable.name, layout] as const] : []));
  const tables = new ScriptTables(new Map(layouts));
  const hasWideScratch = script.maps.some(({ name, type }) => name === SCRATCH_MAP && type === "array");
  return script.programs.map(({ handlers, attach }) => {
    const members = handlers.flatMap((index) => {
      const { handler, scratch } = script.handlers[index] as CompiledScript["handlers"][number];
      return scratch === null ? [] : [{ handler, scratch }];
    });
    const options = { target, tables, shapes, limits, hasWideScratch, result: programResult(attach) };
    return lowerProgram(members, options).functions;
  });
}
