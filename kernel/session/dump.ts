/** What the compiler and the kernel make of a script, as one text. */
import { dumpScript, type DumpKind as CompilerKind } from "../compiler/dump/dump.js";
import { printMachineCode } from "../compiler/dump/machine_code.js";
import type { CompileInput } from "../compiler/compile.js";
import type { CompiledScript } from "../compiler/compiled.js";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { DumpKind } from "../magics/index.js";
import { loadedSizes } from "./loaded_programs.js";
import type { Native } from "../tracing/native.js";

export interface DumpedText {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Nothing runs; only for `jit` is anything loaded, which throws EngineError where the kernel refuses. */
export function dumpText(kinds: readonly DumpKind[], input: CompileInput, native: Native): DumpedText {
  const isOfCompiler = (kind: DumpKind): kind is CompilerKind => kind !== "jit";
  const { sections, diagnostics, script } = dumpScript(kinds.filter(isOfCompiler), input);
  const texts = new Map<DumpKind, string>(sections.map(({ kind, text }) => [kind, text]));
  if (script && kinds.includes("jit")) texts.set("jit", machineCode(native, script));
  const shown = kinds.filter((kind) => texts.has(kind));
  const heading = (kind: DumpKind): string => (kinds.length > 1 ? `== ${kind} ==\n` : "");
  return { text: shown.map((kind) => `${heading(kind)}${texts.get(kind) ?? ""}`).join("\n"), diagnostics };
}

function machineCode(native: Native, script: CompiledScript): string {
  return printMachineCode(script.programs.length === 0 ? [] : loadedSizes(native, script));
}
