/** Whether the text of a script can be read: the first pass alone, which needs neither an engine nor any package. */
import { formatDiagnostic, type Diagnostic } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import { parseMacros, parseScript } from "../compiler/syntax/parse.js";
import { macroLibrary } from "../tapset/macros.js";
import { machineConditions } from "./conditions.js";
import type { SessionOptions } from "./session.js";

export interface CheckOptions extends Pick<SessionOptions, "limits" | "guru" | "arguments" | "globalValues"> {
  readonly source: Source;
}

export interface CheckOutcome {
  readonly accepted: boolean;
  /** Warnings and errors, each a paragraph without a line break at its end. */
  readonly messages: readonly string[];
}

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

export function outcomeOf(diagnostics: readonly Diagnostic[]): CheckOutcome {
  const accepted = diagnostics.every(({ severity }) => severity !== "error");
  return { accepted, messages: diagnostics.map(formatDiagnostic) };
}
