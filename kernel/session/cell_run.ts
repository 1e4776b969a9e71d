/** One cell from text to its last output. */
import { StringDecoder } from "node:string_decoder";
import { compileExpression, compileHistogram } from "../compiler/closures/compile.js";
import { ScriptError, type HistogramOutput, type Value } from "../compiler/closures/runtime.js";
import type { Display } from "../compiler/check/program.js";
import type { CompiledScript } from "../compiler/compiled.js";
import { formatDiagnostic } from "../compiler/diagnostic.js";
import type { RunOptions } from "../magics/index.js";
import type { CellOutput, MimeBundle } from "../protocol/interpreter.js";
import { renderResult } from "../render/index.js";
import type { FidelityResult, Provenance, Result } from "../tracing/result.js";
import { decodeText, globalResults, histogramResult, valueResult } from "../tracing/results.js";
import type { Trace, TraceOutcome, TraceSink } from "../tracing/trace.js";
import { unreadGlobals } from "./autoprint.js";
import { PausedCommand, runShell } from "./commands.js";
import { diagnosticFailure, scriptFailureLine, type Failure } from "./failures.js";
import { OutputCap } from "./output_cap.js";
import { provenance } from "./provenance.js";
import type { Session } from "./session.js";

export interface CellRunOptions {
  readonly session: Session;
  readonly name: string;
  readonly script: string;
  readonly run: RunOptions;
  readonly output: CellOutput;
}

export class CellRun {
  private trace: Trace | null = null;
  private command: PausedCommand | null = null;
  private interrupts = 0;
  private readonly failures: string[] = [];
  /** What is shown is put in order here: charts take a while to draw. */
  private shown: Promise<void> = Promise.resolve();
  private pending = 0;

  constructor(private readonly options: CellRunOptions) {}

  /** Null where all went well. */
  async run(): Promise<Failure | null> {
    const { session, name, script, run, output } = this.options;
    try {
      if (run.command !== undefined) this.command = PausedCommand.start(run.command, { stdout: (text) => this.afterEvents(() => output.stream("stdout", text)), stderr: (text) => this.afterEvents(() => output.stream("stderr", text)) });
      const targetPid = this.command?.pid ?? run.pid ?? 0;
      const compiled = session.compile(script, { name, targetPid });
      for (const diagnostic of compiled.diagnostics) if (diagnostic.severity === "warning") output.stream("stderr", `${formatDiagnostic(diagnostic)}\n`);
      if (!compiled.script) return diagnosticFailure(compiled.diagnostics);
      return await this.runScript({ ...compiled, script: compiled.script }, targetPid);
    } finally {
      this.command?.stop();
      await this.shown;
    }
  }

  /** First: end probes run and results are shown. Again: everything ends at once. */
  interrupt(): void {
    this.interrupts++;
    if (this.interrupts === 1) this.trace?.stop();
    else this.trace?.abort();
  }

  private async runScript(compiled: Parameters<Session["prepare"]>[0], targetPid: number): Promise<Failure | null> {
    const { session, run } = this.options;
    const { sink, finish } = this.sink(compiled.script);
    const trace = session.prepare(compiled, sink, (command) => this.system(command), targetPid);
    this.trace = trace;
    trace.start();
    this.command?.release();
    const limit = run.seconds === undefined ? null : setTimeout(() => trace.stop(), run.seconds * 1000);
    void this.command?.finished.then((status) => {
      if (status !== 0 && this.interrupts === 0) this.options.output.stream("stderr", `WARNING: Child process exited with status ${status}\n`);
      trace.stop();
    });
    if (this.interrupts > 0) trace.stop();
    const outcome = await trace.finished;
    if (limit) clearTimeout(limit);
    const cut = finish();
    if (outcome.status === "aborted") return { name: "Interrupted", message: "the cell was interrupted", lines: ["The cell was interrupted twice: its end probes did not run."] };
    this.showResults(compiled.script, outcome, cut);
    await this.shown;
    return this.failures.length === 0 ? null : { name: "ScriptError", message: this.failures[0] ?? "", lines: this.failures };
  }

  private sink(script: CompiledScript): { sink: TraceSink; finish: () => FidelityResult["cut"] } {
    const { output, session } = this.options;
    const decoder = new StringDecoder("utf8");
    const cap = new OutputCap((text) => this.inOrder(() => output.stream("stdout", decoder.write(Buffer.from(text, "latin1")))));
    const warned = new Set<string>();
    const sink: TraceSink = {
      print: (text) => cap.print(text),
      warn: (text) => {
        if (warned.has(text)) return;
        warned.add(text);
        this.inOrder(() => output.stream("stderr", `WARNING: ${decodeText(text.replace(/\n?$/, "\n"))}`));
      },
      histogram: (histogram) => this.show(histogramResult(labelled(histogram), unitOf(histogram, script, session))),
      failure: (failure) => {
        const line = decodeText(scriptFailureLine(failure));
        this.failures.push(line);
        this.inOrder(() => output.stream("stderr", `${line}\n`));
      },
    };
    return {
      sink,
      finish: () => {
        cap.finish();
        return cap.cut;
      },
    };
  }

  private showResults(script: CompiledScript, outcome: TraceOutcome, cut: FidelityResult["cut"]): void {
    const { session } = this.options;
    const about = provenance(session, this.options.script, outcome);
    for (const global of unreadGlobals(script.globals)) {
      if (script.program.display?.kind === "global" && script.program.display.global.name === global.name) continue;
      for (const result of globalResults(global, session.globals.store(global), session.unit(global.name))) this.show(result, about);
    }
    if (script.program.display && outcome.status === "ok") this.display(script.program.display, outcome.locals);
    if (script.programs.length > 0) this.show({ ...outcome.fidelity, cut }, about);
  }

  private display(display: Display, locals: readonly Value[]): void {
    const { session } = this.options;
    const trace = this.trace;
    if (!trace) return;
    try {
      const runtime = trace.displayRuntime({ point: "" });
      if (display.kind === "global") {
        const [first, ...rest] = globalResults(display.global, session.globals.store(display.global), session.unit(display.global.name));
        for (const result of rest) this.show(result);
        if (first) this.result(first);
      } else if (display.kind === "histogram") {
        const histogram = compileHistogram(display.histogram, display.label, display.locals)(runtime, locals);
        this.result(histogramResult(histogram, session.unit(display.histogram.target.global.name)));
      } else this.result(valueResult("", compileExpression(display.expression, display.locals)(runtime, locals)));
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      const line = decodeText(scriptFailureLine({ message: error.message, span: error.span, point: "", calls: error.calls }));
      this.failures.push(line);
    }
  }

  private show(result: Result, about?: Provenance): void {
    this.later(renderResult(result, about ? { provenance: about } : {}), (bundle) => this.options.output.display(bundle));
  }

  private result(result: Result): void {
    this.later(renderResult(result), (bundle) => this.options.output.result(bundle));
  }

  private later(bundle: Promise<MimeBundle>, deliver: (bundle: MimeBundle) => void): void {
    this.pending++;
    const before = this.shown;
    this.shown = (async () => {
      await before;
      deliver(await bundle);
      this.pending--;
    })();
  }

  /** At once where nothing is being drawn, else behind it. */
  private inOrder(deliver: () => void): void {
    if (this.pending === 0) return deliver();
    this.pending++;
    this.shown = this.shown.then(() => {
      deliver();
      this.pending--;
    });
  }

  /** What the command says comes behind what the script has said of it so far. */
  private afterEvents(deliver: () => void): void {
    this.trace?.drain();
    this.inOrder(deliver);
  }

  private async system(command: string): Promise<void> {
    const { output } = this.options;
    await runShell(decodeText(command), {
      stdout: (text) => this.inOrder(() => output.stream("stdout", text)),
      stderr: (text) => this.inOrder(() => output.stream("stderr", text)),
    });
  }
}

function labelled(histogram: HistogramOutput): HistogramOutput {
  return { ...histogram, label: decodeText(histogram.label) };
}

/** A printed histogram is of one global; its label starts with that name. */
function unitOf(histogram: HistogramOutput, script: CompiledScript, session: Session): string | undefined {
  const named = script.globals.find(({ variable }) => new RegExp(`\\b${variable.name}\\b`).test(histogram.label));
  return named && session.unit(named.variable.name);
}
