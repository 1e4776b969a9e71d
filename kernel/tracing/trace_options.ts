/** What a run of a script is given, where it says what happens, and what it comes to. */
import type { Environment, HistogramOutput, RuntimeLimits, Value } from "../compiler/closures/runtime.js";
import type { CompiledScript } from "../compiler/compiled.js";
import type { Span } from "../compiler/source.js";
import type { FormatPiece } from "../compiler/text/pieces.js";
import type { Globals } from "./globals.js";
import type { Native } from "./native.js";
import type { FidelityResult } from "./result.js";

/** A run-time error that nothing caught. */
export interface ScriptFailure {
  readonly message: string;
  readonly span: Span | undefined;
  readonly point: string;
  readonly calls: readonly { readonly function: string; readonly span: Span }[];
}

/** Where what the script says goes, as it happens. Texts are byte strings. */
export interface TraceSink {
  /** `pieces` and `values`: what the text was made of, where it was made of a format. */
  print(text: string, pieces?: readonly FormatPiece[], values?: readonly Value[]): void;
  warn(text: string): void;
  histogram(output: HistogramOutput): void;
  failure(failure: ScriptFailure): void;
  /** What follows goes to the next file; absent where texts go to none. */
  switchFile?(): void;
}

/** What is run, on which globals, and how. */
export interface TraceOptions {
  readonly native: Native;
  readonly globals: Globals;
  /** Globals that the script declares afresh. */
  readonly declared: readonly string[];
  /** Runs until it is stopped, also where no event could come: for as long as a command, or for a time. */
  readonly waits: boolean;
  readonly script: CompiledScript;
  readonly limits: RuntimeLimits & { readonly maxErrors: number; readonly maxMapEntries: number };
  readonly environment: Omit<Environment, "system">;
  readonly sink: TraceSink;
  /** Of the processor time of the whole machine, 1 being all of it: the trace ends when its programs take more. */
  readonly maxShare?: number | undefined;
  /** Runs a shell command for `system()`; the trace waits for it before it ends. */
  readonly system: (command: string) => Promise<void>;
}

/** How a run ended. */
export interface TraceOutcome {
  /** `aborted`: ended without its end probes. */
  readonly status: "ok" | "failed" | "aborted";
  readonly fidelity: FidelityResult;
  readonly probes: readonly { readonly point: string; readonly mechanism: string }[];
  readonly start: Date;
  readonly end: Date;
  /** What the locals of a cell's statements hold, for its display expression. */
  readonly locals: readonly Value[];
}
