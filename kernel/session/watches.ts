/** `%watch`: expressions over globals whose displays are kept fresh, also while traces go on. */
import { randomUUID } from "node:crypto";
import type { GlobalVariable } from "../compiler/check/program.js";
import { ScriptError } from "../compiler/closures/runtime.js";
import type { KnownDefinitions } from "../compiler/check/definitions.js";
import type { WatchRequest } from "../magics/index.js";
import type { RedactedOutput } from "./redacted_output.js";
import type { Result } from "../tracing/result.js";
import { decodeText } from "../tracing/results.js";
import type { TraceSink } from "../tracing/trace_options.js";
import { CellScreen } from "./cell_screen.js";
import { displayResults } from "./display_results.js";
import { diagnosticFailure, type Failure } from "./failures.js";
import { sameResult } from "./plot_display.js";
import type { Compiled, Session } from "./session.js";

/** Reading large maps and drawing large charts may take this share of the time at most. */
const SHARE = 0.1;

export class Watches {
  private readonly watches = new Set<Watch>();

  constructor(private readonly session: Session) {}

  /** Resolves when it has been shown once; why it cannot be, where that is so. */
  async start(request: WatchRequest, cellId: string | undefined, output: RedactedOutput): Promise<Failure | null> {
    const watch = new Watch(this.session, request, cellId, output);
    const failure = await watch.begin();
    if (failure) return failure;
    this.watches.add(watch);
    void watch.ended.finally(() => this.watches.delete(watch));
    return null;
  }

  /** Those of a cell, or all; their displays stay as they are. */
  async stop(cellId?: string): Promise<void> {
    const chosen = [...this.watches].filter((watch) => cellId === undefined || watch.cellId === cellId);
    for (const watch of chosen) watch.stop();
    await Promise.all(chosen.map(({ ended }) => ended));
  }
}

interface Shown {
  readonly displayId: string;
  result: Result;
}

class Watch {
  private readonly screen: CellScreen;
  private readonly shown: Shown[] = [];
  private compiled: Compiled | null = null;
  /** What the session knew when it was compiled. */
  private known: KnownDefinitions | null = null;
  private isOver = false;
  private wake: () => void = () => undefined;
  private conclude: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => (this.conclude = resolve));

  constructor(
    private readonly session: Session,
    private readonly request: WatchRequest,
    readonly cellId: string | undefined,
    output: RedactedOutput,
  ) {
    this.screen = new CellScreen(output);
  }

  async begin(): Promise<Failure | null> {
    const first = await this.evaluate();
    if ("failure" in first) {
      await this.screen.close();
      return first.failure;
    }
    await this.show(first.results);
    void this.follow();
    return null;
  }

  stop(): void {
    this.isOver = true;
    this.wake();
  }

  private async follow(): Promise<void> {
    const { everySeconds, forSeconds } = this.request;
    const end = forSeconds === null ? Infinity : performance.now() + forSeconds * 1000;
    let pause = everySeconds * 1000;
    while (!this.isOver && performance.now() < end) {
      await this.rest(Math.min(pause, end - performance.now()));
      const start = performance.now();
      // What `%watch stop` and the end see is as fresh as what comes before them.
      const next = await this.evaluate();
      await this.show("failure" in next ? [textOf(next.failure.message)] : next.results);
      pause = Math.max(everySeconds * 1000, (performance.now() - start) / SHARE);
    }
    for (const { displayId, result } of this.shown) this.screen.update(displayId, result, undefined);
    await this.screen.close();
    this.conclude();
  }

  private rest(milliseconds: number): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async show(results: readonly Result[]): Promise<void> {
    for (const [index, result] of results.entries()) {
      const shown = this.shown[index];
      if (!shown) {
        const displayId = randomUUID();
        this.shown.push({ displayId, result });
        this.screen.showLive(displayId, result);
      } else if (!sameResult(shown.result, result)) {
        shown.result = result;
        await this.screen.updateLive(shown.displayId, result);
      }
    }
  }

  /** As a cell with nothing but the expression would be. */
  private async evaluate(): Promise<{ readonly results: readonly Result[] } | { readonly failure: Failure }> {
    const { session } = this;
    const release = await session.takeTurn();
    try {
      const compiled = this.compile();
      if ("failure" in compiled) return compiled;
      const failures: string[] = [];
      const sink: TraceSink = {
        print: () => undefined,
        warn: () => undefined,
        histogram: () => undefined,
        failure: ({ message }) => void failures.push(message),
      };
      const trace = session.prepare(compiled, sink, async () => undefined, { name: "%watch" });
      // What it has just been adopted with is what it will be compared with.
      this.known = session.known;
      trace.start();
      const { locals } = await trace.ended;
      const { display } = compiled.script.program;
      if (failures[0] !== undefined || !display) return { results: [textOf(decodeText(failures[0] ?? ""))] };
      return { results: displayResults(session, display, trace.displayRuntime({ point: "" }), locals) };
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      return { results: [textOf(decodeText(error.message))] };
    } finally {
      release();
    }
  }

  private compile(): Compiled | { readonly failure: Failure } {
    const { session, request } = this;
    if (this.compiled && this.known === session.known) return this.compiled;
    const output = session.compile(request.expression, { name: "%watch" });
    const { script } = output;
    if (!script) return { failure: diagnosticFailure(output.diagnostics) };
    const { display, handlers } = script.program;
    const changes = script.globals.find(({ variable }) => variable.written)?.variable;
    if (!display || changes || handlers.some(({ isStatements }) => !isStatements))
      return { failure: refusal(request.expression, changes) };
    return (this.compiled = { ...output, script });
  }
}

function refusal(expression: string, changes: GlobalVariable | undefined): Failure {
  const message = changes
    ? `\`${expression}\` changes ${changes.name}, and %watch only looks`
    : `\`${expression}\` has no value to watch`;
  return { name: "MagicError", message, lines: [`error: ${message}`, "hint: %watch takes an expression over globals"] };
}

function textOf(value: string): Result {
  return { kind: "text", label: "", value };
}
