/** What a cell's `input` probes wait for: lines that the front end is asked for, one after the other. */
import type { CompiledScript } from "../compiler/compiled.js";
import type { ExecuteRequest } from "../protocol/interpreter.js";
import type { Trace } from "../tracing/trace.js";
import type { Failure } from "./failures.js";
import { diagnosticFailure } from "./failures.js";

export type AskForLine = NonNullable<ExecuteRequest["input"]>;

/** Who answers a cell: nobody, where the front end cannot ask or the cell's reply is sent before its trace ends. */
export type Answering = AskForLine | "front end cannot ask" | "background";

const REASONS = {
  "front end cannot ask": [
    "this front end takes no input for a cell (allow_stdin is false)",
    'run the cell where it can be asked, or give the values by a file: procfs("NAME").write',
  ],
  background: [
    "a cell in the background has nobody to ask, since its reply is sent",
    'run it without %%bg, or give the values by a file: procfs("NAME").write',
  ],
} as const;

/** Whether a script waits for what is typed, in characters where `unit` says so. */
export function wantsInput({ program }: Pick<CompiledScript, "program">, unit?: "char"): boolean {
  return inputProbe(program, unit) !== undefined;
}

function inputProbe({ handlers }: CompiledScript["program"], unit?: "char") {
  return handlers.find(
    ({ probe }) =>
      probe.kind === "user" && probe.moment.kind === "input" && (unit === undefined || probe.moment.unit === unit),
  );
}

/** Why the script cannot run here; null where it can. */
export function inputRefusal({ program }: CompiledScript, answering: Answering): Failure | null {
  const probe = inputProbe(program);
  if (!probe || typeof answering === "function") return null;
  const [reason, hint] = REASONS[answering];
  const { point, span } = probe;
  const message = `${point}: ${reason}`;
  return diagnosticFailure([{ code: "probe/refused", severity: "error", pass: "semantic", message, span, hint }]);
}

/** Asks until `signal` says that the trace has ended, or the user interrupts. */
export async function askForLines(trace: Trace, ask: AskForLine, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let line: string;
    try {
      line = await ask("", false, signal);
    } catch {
      // Interrupted or taken back: whoever did that ends the cell.
      return;
    }
    if (!signal.aborted) trace.type(`${Buffer.from(line, "utf8").toString("latin1")}\n`);
  }
}
