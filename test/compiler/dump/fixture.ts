/** The compiler's input for a script on this machine, its tracepoint programs such that the kernel test-runs them. */
import { target } from "../../probes/target.js";
import { NO_DEFINITIONS } from "../../../kernel/compiler/check/definitions.js";
import type { CompileInput } from "../../../kernel/compiler/compile.js";
import { dumpScript, type DumpKind, type DumpOutcome } from "../../../kernel/compiler/dump/dump.js";
import { DEFAULT_LIMITS } from "../../../kernel/compiler/limits.js";
import { catalogue } from "../../../kernel/session/catalogue.js";
import { options } from "../syntax/fixture.js";

export function inputFor(text: string): CompileInput {
  return {
    source: { name: "test", text },
    catalogue: { ...catalogue, prelude: [] },
    target: target({
      tracepointProgram: "raw_tracepoint",
      hasTracepoint: () => true,
      tracepoints: () => ["sched_process_fork"],
    }),
    mode: "cell",
    arguments: [],
    conditions: options.conditions,
    prelude: [],
    definitions: NO_DEFINITIONS,
    macros: new Map(),
    layouts: new Map(),
    limits: DEFAULT_LIMITS,
    guru: false,
    globalValues: new Map(),
    lastPass: "compile",
  };
}

export function dumped(text: string, ...kinds: DumpKind[]): DumpOutcome {
  return dumpScript(kinds, inputFor(text));
}

/** The one view of a script that must be legal. */
export function view(kind: DumpKind, text: string): string {
  const { sections, diagnostics } = dumped(text, kind);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return sections[0]?.text ?? "";
}

/** A probe on an event without arguments. */
export function probe(body: string): string {
  return `probe kernel.trace("sched_process_fork") { ${body} }`;
}
