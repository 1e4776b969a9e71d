/** The handlers of a script that run in this process: begin, end, timers, and what comes from outside. */
import type { Handler } from "../compiler/check/program.js";
import { compileHandler } from "../compiler/closures/compile.js";
import { ScriptAbort, ScriptError, type Runtime, type Value } from "../compiler/closures/runtime.js";
import type { Occasion, UserHandler } from "./outside_events.js";
import type { ScriptFailure, TraceOptions } from "./trace_options.js";

/** Milliseconds that one run of a handler may take: meanwhile nothing else in the process can, an interrupt neither. */
const LONGEST_RUN = 3000;

/** What handlers do to the run that they are part of. */
export interface RunOfHandlers {
  isAborted(): boolean;
  isExiting(): boolean;
  exit(): void;
  abort(): void;
  fail(failure: ScriptFailure): void;
  /** One of them is about to run. */
  count(handler: Handler): void;
}

export class UserHandlers {
  readonly list: readonly UserHandler[];
  /** How many events they have handled. */
  events = 0n;
  /** What the locals of a cell's statements hold. */
  locals: readonly Value[] = [];
  private readonly commands = new Set<Promise<void>>();

  constructor(
    private readonly options: TraceOptions,
    private readonly trace: RunOfHandlers,
  ) {
    this.list = options.script.handlers
      .filter(({ handler }) => handler.probe.kind === "user")
      .map(({ handler }) => ({ handler, run: compileHandler(handler) }));
  }

  /** Runs those of a moment in their order. */
  runMoment(kind: "statements" | "begin" | "end" | "error"): void {
    const chosen = this.list.filter(({ handler: { probe } }) => probe.kind === "user" && probe.moment.kind === kind);
    const order = ({ handler: { probe } }: UserHandler): bigint =>
      probe.kind === "user" && "order" in probe.moment ? probe.moment.order : 0n;
    for (const entry of chosen.toSorted((left, right) => Number(order(left) - order(right)))) {
      if (this.trace.isAborted() || (this.trace.isExiting() && (kind === "begin" || kind === "statements"))) return;
      const locals = this.run(entry);
      if (kind === "statements") this.locals = locals;
    }
  }

  /** Runs one; what its locals hold in the end, none where it failed. */
  run({ handler, run }: UserHandler, occasion: Occasion = {}): readonly Value[] {
    if (!handler.isStatements) this.events++;
    this.trace.count(handler);
    try {
      return run(this.runtime(handler, occasion));
    } catch (error) {
      if (error instanceof ScriptAbort) this.trace.abort();
      else if (error instanceof ScriptError)
        this.trace.fail({ message: error.message, span: error.span, point: handler.point, calls: error.calls });
      else throw error;
      return [];
    }
  }

  /** What a handler needs, or a display expression, which is evaluated after the trace. */
  runtime(handler: Pick<Handler, "point">, { input, longest = 0 }: Occasion = {}): Runtime {
    const { options } = this;
    const { limits } = options;
    const started = performance.now();
    return {
      limits: longest > limits.maxStringLength ? { ...limits, maxStringLength: longest } : limits,
      ...(input === undefined ? {} : { input }),
      store: (global) => options.globals.store(global),
      print: (text, pieces, values) => options.sink.print(text, pieces, values),
      printHistogram: (output) => options.sink.histogram(output),
      warn: (text) => options.sink.warn(text),
      switchFile: () => options.sink.switchFile?.(),
      exit: () => this.trace.exit(),
      checkInterrupt: () => {
        if (this.trace.isAborted()) throw new ScriptAbort();
        if (performance.now() - started > LONGEST_RUN)
          throw new ScriptError(`MAXACTION exceeded: the handler ran for more than ${LONGEST_RUN / 1000} s`);
      },
      probePoint: handler.point,
      environment: {
        ...options.environment,
        system: (command) => {
          const done = options.system(command).finally(() => this.commands.delete(done));
          this.commands.add(done);
        },
      },
    };
  }

  /** Resolves when no command of `system()` runs any more. */
  async commandsDone(): Promise<void> {
    await Promise.allSettled(this.commands);
  }
}
