/** Runs one body both ways: as closures in `probe begin`, and as eBPF in a tracepoint's program that the kernel test-runs. */
import { options } from "../compiler/syntax/fixture.js";
import { compileHandler } from "../../kernel/compiler/closures/compile.js";
import { ScriptAbort, ScriptError, type Runtime, type Value } from "../../kernel/compiler/closures/runtime.js";
import { NO_DEFINITIONS } from "../../kernel/compiler/check/definitions.js";
import { compile, type CompileOutput } from "../../kernel/compiler/compile.js";
import { STATE_RUNNING, type CompiledScript } from "../../kernel/compiler/compiled.js";
import { DEFAULT_LIMITS } from "../../kernel/compiler/limits.js";
import type { Catalogue, Target } from "../../kernel/compiler/catalogue.js";
import { errorMessage } from "../../kernel/compiler/text/error_message.js";
import { positionAt, type Span } from "../../kernel/compiler/source.js";
import { Globals } from "../../kernel/tracing/globals.js";
import { LoadedScript } from "../../kernel/tracing/loaded_script.js";
import { systemEnvironment } from "../../kernel/tracing/environment.js";
import { describeTarget } from "../../kernel/tracing/machine/machine.js";
import type { Native } from "../../kernel/tracing/native.js";
import { readRecords } from "../../kernel/tracing/records.js";
import { catalogue } from "../../kernel/session/catalogue.js";

export interface Failure {
  readonly message: string;
  /** In the script, from 1. */
  readonly line: number;
  /** Where it happened and the calls that led there, innermost first: `line:column`. */
  readonly places: readonly string[];
}

/** What can be observed of a run. */
export interface Outcome {
  readonly printed: string;
  readonly failure: Failure | null;
  /** By `abort()`. */
  readonly aborted: boolean;
  /** By name: every element in order of insertion. */
  readonly globals: ReadonlyMap<string, readonly string[]>;
}

export interface Refusal {
  readonly refused: readonly { readonly code: string; readonly message: string }[];
}

/** A script without its probe point: declarations and functions, and the body of the one probe. */
export interface Script {
  readonly declarations: string;
  readonly body: string;
  /** Statements that it may execute; more than it can, where not given. */
  readonly maxAction?: number;
}

/** More than any generated loop executes, and the same on both sides. */
const LIMITS = { ...DEFAULT_LIMITS, maxAction: 1_000_000 };

const TRACEPOINT = 'kernel.trace("sched_process_fork")';

function limitsOf({ maxAction }: Script): typeof LIMITS {
  return maxAction === undefined ? LIMITS : { ...LIMITS, maxAction };
}

export class Sides {
  private readonly target: Target;
  private readonly catalogue: Catalogue = { ...catalogue, prelude: [] };

  constructor(
    private readonly native: Native,
    differences: Partial<Pick<Target, "possibleCpus">> = {},
  ) {
    this.target = {
      ...describeTarget(native)(0),
      tracepointProgram: "raw_tracepoint",
      prefersClassicTracepoints: false,
      ...differences,
    };
  }

  inUserSpace(script: Script): Outcome | Refusal {
    return this.run(script, "begin", (compiled, globals) => runClosures(this.native, script, compiled, globals));
  }

  inKernel(script: Script): Outcome | Refusal {
    return this.run(script, TRACEPOINT, (compiled, globals) => runProgram(this.native, compiled, globals));
  }

  /** Closures whose globals lie in maps, as where an end probe works on what probes have filled. */
  onMaps(script: Script): Outcome | Refusal {
    const neverRuns = `probe ${TRACEPOINT} {\n${script.body}\n}\n`;
    return this.run(
      script,
      "begin",
      (compiled, globals) => runClosures(this.native, script, compiled, globals),
      neverRuns,
    );
  }

  compile(script: Script, point = TRACEPOINT, behind = ""): CompileOutput {
    return compile({
      source: { name: "<script>", text: textOf(script, point) + behind },
      catalogue: this.catalogue,
      target: this.target,
      mode: "script",
      arguments: [],
      conditions: options.conditions,
      definitions: NO_DEFINITIONS,
      macros: new Map(),
      layouts: new Map(),
      limits: limitsOf(script),
      guru: false,
      globalValues: new Map(),
      lastPass: "compile",
      prelude: [],
    });
  }

  private run(
    script: Script,
    point: string,
    work: (compiled: CompiledScript, globals: Globals) => Omit<Outcome, "globals">,
    behind = "",
  ): Outcome | Refusal {
    const output = this.compile(script, point, behind);
    const errors = output.diagnostics.filter(({ severity }) => severity === "error");
    if (!output.script) return { refused: errors.map(({ code, message }) => ({ code, message })) };
    const globals = new Globals(this.native, LIMITS.maxMapEntries);
    try {
      globals.prepare(output.script, output.declared).commit();
      const outcome = work(output.script, globals);
      return { ...outcome, globals: contents(globals) };
    } finally {
      globals.close();
    }
  }
}

export function textOf({ declarations, body }: Script, point: string): string {
  return `${declarations}\nprobe ${point} {\n${body}\n}\n`;
}

export function isRefusal(result: Outcome | Refusal): result is Refusal {
  return "refused" in result;
}

function runClosures(
  native: Native,
  script: Script,
  compiled: CompiledScript,
  globals: Globals,
): Omit<Outcome, "globals"> {
  const handler = compiled.handlers[0]?.handler;
  if (!handler) throw new Error("the script has no probe");
  let printed = "";
  const runtime: Runtime = {
    limits: limitsOf(script),
    store: (global) => globals.store(global),
    print: (text) => (printed += text),
    printHistogram: (histogram) => (printed += histogram.text),
    warn: () => undefined,
    exit: () => undefined,
    checkInterrupt: () => undefined,
    probePoint: handler.point,
    environment: { ...systemEnvironment(native, 0, globals.stacks), system: () => undefined },
  };
  try {
    compileHandler(handler)(runtime);
    return { printed, failure: null, aborted: false };
  } catch (error) {
    if (error instanceof ScriptAbort) return { printed, failure: null, aborted: true };
    if (!(error instanceof ScriptError)) throw error;
    return { printed, failure: failureAt(error.message, error.span, error.calls), aborted: false };
  }
}

function runProgram(native: Native, script: CompiledScript, globals: Globals): Omit<Outcome, "globals"> {
  const loaded = new LoadedScript(native, script, globals);
  try {
    let printed = "";
    let failure: Failure | null = null;
    let aborted = false;
    const ring = native.openRingBuffer(loaded.ring, (batch) =>
      readRecords(batch, script.printSites, {
        output: (_, text) => (printed += text),
        error: (_, site, number, text, chains) => {
          const { message, span, calls = [] } = script.errorSites[site] ?? {};
          const outer = chains.flatMap((chain) => script.callChains[chain] ?? []);
          failure = failureAt(message == null ? text : errorMessage(message, number), span, [...calls, ...outer]);
        },
        exit: () => undefined,
        abort: () => (aborted = true),
      }),
    );
    try {
      loaded.setState(STATE_RUNNING, 0n);
      loaded.testRun(0);
      ring.drain();
    } finally {
      ring.close();
    }
    return { printed, failure, aborted };
  } finally {
    loaded.close();
  }
}

function failureAt(message: string, span: Span | undefined, calls: readonly { readonly span: Span }[]): Failure {
  const position = (where: Span): { line: number; column: number } => positionAt(where.source, where.start);
  const places = [...(span ? [span] : []), ...calls.map((call) => call.span)].map((where) => {
    const { line, column } = position(where);
    return `${line}:${column}`;
  });
  return { message, line: span ? position(span).line : 0, places };
}

function contents(globals: Globals): Map<string, string[]> {
  return new Map(
    globals
      .all()
      .map(({ variable, store }) => [
        variable.name,
        store
          .entries()
          .map(
            ({ key, value, statistic }) =>
              `[${key.map(written).join(", ")}] = ${statistic ? JSON.stringify(statistic, bigints) : written(value)}`,
          ),
      ]),
  );
}

function written(value: Value): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
