/** Whether a script would be accepted, without running any of it. */
import type { Catalogue } from "../compiler/catalogue.js";
import { formatDiagnostic, type Diagnostic } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import { parseMacros, parseScript } from "../compiler/syntax/parse.js";
import type { Native } from "../tracing/native.js";
import type { DumpKind } from "../compiler/dump/dump.js";
import { macroLibrary } from "../tapset/macros.js";
import { machineConditions } from "./conditions.js";
import { dumpText } from "./dump.js";
import { Session, type SessionOptions } from "./session.js";

export interface CheckOptions extends Pick<SessionOptions, "limits" | "guru" | "arguments" | "globalValues"> {
  readonly source: Source;
}

export interface CheckOutcome {
  readonly accepted: boolean;
  /** Warnings and errors, each a paragraph without a line break at its end. */
  readonly messages: readonly string[];
}

/** The first pass alone: it depends on the text only, so that no engine is needed. */
export function parseOnly({ source, guru, arguments: given }: CheckOptions): CheckOutcome {
  const conditions = machineConditions(guru ?? false);
  const { diagnostics } = parseScript(source, {
    mode: "script",
    arguments: given ?? [],
    conditions,
    macros: parseMacros(macroLibrary, conditions),
  });
  return outcomeOf(diagnostics.list);
}

/** Up to the types, or up to code for this kernel. */
export function compileOnly(
  { source, ...options }: CheckOptions,
  machine: { readonly native: Native; readonly catalogue: Catalogue },
  lastPass: "semantic" | "compile",
): CheckOutcome {
  const { catalogue, native } = machine;
  const session = new Session({ ...options, catalogue, native: withoutLoading(native), mode: "script" });
  return outcomeOf(session.compile(source.text, { name: source.name, lastPass }).diagnostics);
}

/** As `compileOnly`, with what the compiler has made as text. */
export function dumpOnly(
  { source, ...options }: CheckOptions,
  { catalogue, native }: { readonly native: Native; readonly catalogue: Catalogue },
  kinds: readonly DumpKind[],
): CheckOutcome & { readonly text: string } {
  const session = new Session({ ...options, catalogue, native: withoutLoading(native), mode: "script" });
  const { text, diagnostics } = dumpText(kinds, session.input(source.text, { name: source.name }), native);
  return { ...outcomeOf(diagnostics), text };
}

function outcomeOf(diagnostics: readonly Diagnostic[]): CheckOutcome {
  const accepted = diagnostics.every(({ severity }) => severity !== "error");
  return { accepted, messages: diagnostics.map(formatDiagnostic) };
}

/** Describing a machine otherwise tries small programs; a check loads nothing, also where it could. */
function withoutLoading(native: Native): Native {
  return {
    ...native,
    loadProgram: ({ name }) => {
      const operation = `load program "${name}"`;
      const refusal = new Error(`${operation}: a check loads nothing`);
      throw Object.assign(refusal, { name: "EngineError", errno: 1, code: "EPERM", operation });
    },
  };
}
