/** Whether a script would be accepted, without running any of it. */
import type { Catalogue, Target } from "../compiler/catalogue.js";
import type { Native } from "../tracing/native.js";
import type { DumpKind } from "../compiler/dump/dump.js";
import { dumpText } from "./dump.js";
import { outcomeOf, type CheckOptions, type CheckOutcome } from "./parse_script.js";
import { Session } from "./session.js";

/** Up to the types, or up to code for this kernel. */
export function compileOnly(
  { source, ...options }: CheckOptions,
  machine: { readonly native: Native; readonly catalogue: Catalogue },
  lastPass: "semantic" | "compile",
): CheckOutcome {
  const { catalogue, native } = machine;
  const session = new CheckingSession({ ...options, catalogue, native: withoutLoading(native), mode: "script" });
  return outcomeOf(session.compile(source.text, { name: source.name, lastPass }).diagnostics);
}

/** As `compileOnly`, with what the compiler has made as text. */
export function dumpOnly(
  { source, ...options }: CheckOptions,
  { catalogue, native }: { readonly native: Native; readonly catalogue: Catalogue },
  kinds: readonly DumpKind[],
): CheckOutcome & { readonly text: string } {
  const session = new CheckingSession({ ...options, catalogue, native: withoutLoading(native), mode: "script" });
  const { text, diagnostics } = dumpText(kinds, session.input(source.text, { name: source.name }), native);
  return { ...outcomeOf(diagnostics), text };
}

/** What could only be told by attaching something counts as possible: whether this kernel grants it is seen when the script runs. */
class CheckingSession extends Session {
  override target(targetPid: number, targetProgram?: string): Target {
    return Object.create(super.target(targetPid, targetProgram), { refusal: { value: () => null } }) as Target;
  }
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
