/** One cell from text to its last output. */
import { ScriptError, type HistogramOutput, type Value } from "../compiler/closures/runtime.js";
import type { Display, GlobalVariable } from "../compiler/check/program.js";
import type { CompileOutput } from "../compiler/compile.js";
import type { CompiledScript } from "../compiler/compiled.js";
import { formatDiagnostic } from "../compiler/diagnostic.js";
import type { PlotRequest, RowsRequest, RunOptions } from "../magics/index.js";
import type { RedactedOutput } from "./redacted_output.js";
import type { LinkProgress } from "../tracing/links.js";
import { isEngineError } from "../tracing/native.js";
import type { Provenance } from "../tracing/result.js";
import { PrintedRows } from "../tracing/printed_rows.js";
import { decodeText, histogramResult } from "../tracing/results.js";
import { Trace } from "../tracing/trace.js";
import type { ScriptFailure, TraceOutcome, TraceSink } from "../tracing/trace_options.js";
import { unreadGlobals } from "./autoprint.js";
import type { LanguageSettings } from "./cell_magics.js";
import { CellScreen } from "./cell_screen.js";
import { PausedCommand, runShell } from "./commands.js";
import { displayResults, labelled, resultsOfGlobal } from "./display_results.js";
import { HIT_COLUMNS, HIT_EPILOGUE, printsRows } from "./hit_rows.js";
import { LinkDisplay } from "./link_display.js";
import { LiveDisplay, type LiveFrame, type LiveResult } from "./live_display.js";
import { diagnosticFailure, interrupted, machineFailure, scriptFailure, type Failure } from "./failures.js";
import { plotOf, plotRefusal, rowsResults } from "./plots.js";
import { PrintedText } from "./printed_text.js";
import { servedFiles } from "./served_files.js";
import { provenanceOf } from "./provenance.js";
import type { Compiled, Session } from "./session.js";
import { askForLines, inputRefusal, wantsInput, type Answering } from "./typed_lines.js";
import { Warnings } from "./warnings.js";

/** The cursor to the first line, and everything behind it removed: what `ansi_clear_screen()` prints. */
// oxlint-disable-next-line no-control-regex
const CLEARED_SCREEN = /\u001B\[(?:1;1)?H\u001B\[2?J/;

export interface CellRunOptions {
  readonly session: Session;
  readonly name: string;
  readonly script: string;
  readonly run: RunOptions;
  /** What the cell sets for itself. */
  readonly language: LanguageSettings;
  /** What it shows besides the globals that nothing reads, or in another form. */
  readonly plots: readonly PlotRequest[];
  /** What becomes of what it prints; null where that is text. */
  readonly rows: RowsRequest | null;
  readonly output: RedactedOutput;
  readonly answering: Answering;
  /** Refuse what would have to be waited for: probes. */
  readonly statementsOnly: boolean;
  /** Called when the trace has begun. */
  readonly onStart?: () => void;
}

export class CellRun {
  private readonly screen: CellScreen;
  private readonly rows: PrintedRows | null;
  /** They are the hits of its probes. */
  private readonly hasHitRows: boolean;
  private trace: Trace | null = null;
  private outcome: TraceOutcome | null = null;
  private command: PausedCommand | null = null;
  private live: LiveDisplay | null = null;
  private interrupts = 0;
  private readonly failures: ScriptFailure[] = [];
  private readonly start = new Date();
  /** The trace has ended, whatever is still to be shown of it. */
  private isOver = false;
  /** By the second interrupt; ends what `system()` has started, too. */
  private readonly insisted = new AbortController();
  /** By the first; ends the attaching where that takes long. */
  private readonly interruption = new AbortController();
  /** Lets the next cell be compiled. */
  private release: () => void = () => undefined;

  constructor(private readonly options: CellRunOptions) {
    this.screen = new CellScreen(options.output);
    const { rows, script } = options;
    this.hasHitRows = rows?.orHits === true && !printsRows(script);
    this.rows =
      rows && (this.hasHitRows ? PrintedRows.ofHits(rows.name, HIT_COLUMNS) : new PrintedRows(rows.name, rows.columns));
  }

  /** Null where all went well. */
  async run(): Promise<Failure | null> {
    try {
      return await this.compileAndRun();
    } finally {
      this.release();
      if (this.rows) this.rows.isGathering = false;
      this.live?.drop();
      await this.endCommand();
      await this.screen.close();
    }
  }

  /** The trace that it runs; null before it is attached. */
  get running(): Trace | null {
    return this.trace;
  }

  /** How the trace ended; null until then. */
  get ended(): TraceOutcome | null {
    return this.outcome;
  }

  private async compileAndRun(): Promise<Failure | null> {
    const { run } = this.options;
    if (run.command !== undefined) this.command = PausedCommand.start(run.command, this.commandOutput());
    const targetPid = this.command?.pid ?? run.pid ?? 0;
    this.release = await this.options.session.takeTurn();
    const compiled = await this.compile(targetPid);
    for (const diagnostic of compiled.diagnostics) {
      if (diagnostic.severity === "warning") this.screen.stream("stderr", `${formatDiagnostic(diagnostic)}\n`);
    }
    if (!compiled.script) return diagnosticFailure(compiled.diagnostics);
    return this.runScript({ ...compiled, script: compiled.script }, targetPid);
  }

  /** With no trace left in its way. */
  private async compile(targetPid: number): Promise<CompileOutput> {
    const { session, name, script, language } = this.options;
    for (;;) {
      const compiled = session.compile(script, {
        name,
        targetPid,
        targetProgram: this.command?.program,
        ...(this.hasHitRows ? { epilogue: HIT_EPILOGUE } : {}),
        ...language,
      });
      if (!compiled.script) return compiled;
      const stopped = await session.makeWay({ ...compiled, script: compiled.script });
      if (stopped.length === 0) return compiled;
      for (const { cell, name: global, reason } of stopped) {
        const why =
          reason === "declared" ? "this cell declares it afresh" : "this cell keeps longer or more values in it";
        this.screen.stream("stderr", `The trace of ${cell} was stopped: it uses ${global}, and ${why}.\n`);
      }
    }
  }

  /** First: end probes run and results are shown. Again: everything ends at once. */
  interrupt(): void {
    this.interrupts++;
    this.interruption.abort();
    if (this.interrupts === 1) return this.trace?.stop();
    if (this.isOver) return;
    this.insisted.abort();
    this.trace?.abort();
  }

  private async runScript(compiled: Compiled, targetPid: number): Promise<Failure | null> {
    const { run, statementsOnly } = this.options;
    const { script } = compiled;
    if (statementsOnly && script.program.handlers.some(({ isStatements }) => !isStatements)) {
      const message = "probes cannot be part of an expression";
      return { name: "SemanticError", message, lines: [`error: ${message}`, "hint: run them in a cell"] };
    }
    const refused = inputRefusal(script, this.options.answering);
    if (refused) return refused;
    const printed = PrintedText.open((name, text) => this.showText(name, text), run.out);
    if (!(printed instanceof PrintedText)) return printed;
    try {
      const trace = await this.prepare(compiled, targetPid, printed);
      this.release();
      if (!(trace instanceof Trace)) return trace;
      if (this.rows) this.options.session.rows.set(this.rows.name, this.rows);
      const refusal = this.options.plots.map((plot) => plotRefusal(this.options.session, plot)).find((found) => found);
      if (refusal) {
        trace.abort();
        await this.detached(trace);
        return refusal;
      }
      if (script.programs.length > 0) this.live = new LiveDisplay(this.screen, () => this.frame(script, trace));
      const outcome = await this.follow(trace, script);
      const cut = printed.finish();
      if (this.insisted.signal.aborted) {
        await this.detached(trace);
        return interrupted(
          "The cell was interrupted twice: what was under way was given up, and results are not shown.",
        );
      }
      this.showResults(script, outcome, cut);
      await this.detached(trace);
      return this.failures.length === 0 ? null : scriptFailure(this.failures);
    } finally {
      printed.finish();
    }
  }

  /** A notebook is no terminal: where a script clears its screen, the cell's outputs are cleared. */
  private showText(name: "stdout" | "stderr", text: string): void {
    const [first = "", ...later] = text.split(CLEARED_SCREEN);
    const rest = later.pop();
    if (rest === undefined) return this.screen.stream(name, first);
    this.screen.clear();
    this.live?.restart();
    this.screen.stream(name, rest);
  }

  /** The trace, attached; or why it could not be. */
  private async prepare(compiled: Compiled, targetPid: number, printed: PrintedText): Promise<Trace | Failure> {
    const { session, name, language } = this.options;
    const { signal } = this.interruption;
    const waits = this.command !== null || this.options.run.seconds !== undefined;
    let progress: LinkProgress | null = null;
    const display = new LinkDisplay(
      this.screen,
      () => progress && { ...progress, work: signal.aborted ? "cancelling" : "attaching" },
    );
    try {
      this.trace = await session.prepareInBackground(
        compiled,
        this.sink(compiled.script, printed),
        (command) => this.system(command),
        {
          name,
          targetPid,
          waits,
          maxShare: this.options.run.maxShare,
          limits: language.limits,
          signal,
          onProgress: (value) => (progress = value),
        },
      );
      return this.trace;
    } catch (error) {
      if (!isEngineError(error)) throw error;
      if (signal.aborted && error.code === "ECANCELED") {
        return interrupted("The cell was interrupted while its probes were attached: it has not run.");
      }
      return machineFailure(error, session.native, compiled.script);
    } finally {
      display.close();
    }
  }

  private async follow(trace: Trace, script: CompiledScript): Promise<TraceOutcome> {
    const { run } = this.options;
    void trace.ended.then(() => {
      this.isOver = true;
      // At once: who ends the session may close the globals in the next moment.
      this.live?.stop();
    });
    const unfollow = this.followGlobals(script);
    void trace.ended.then(unfollow);
    if (trace.filePaths.length > 0) this.screen.stream("stdout", `${servedFiles(trace.filePaths)}\n`);
    const over = new AbortController();
    trace.start();
    const { answering } = this.options;
    if (typeof answering === "function" && wantsInput(script)) void askForLines(trace, answering, over.signal);
    if (this.interrupts > 0) trace.stop();
    this.live?.start();
    this.options.onStart?.();
    const limit = run.seconds === undefined ? null : setTimeout(() => trace.stop(), run.seconds * 1000);
    await new Promise(setImmediate);
    // A script that has ended already never meant the command to run.
    if (!this.isOver) this.command?.release();
    void this.command?.finished.then((status) => {
      if (status !== 0 && !this.isOver && this.interrupts === 0)
        this.screen.stream("stderr", `WARNING: Child process exited with status ${status}\n`);
      trace.stop();
    });
    const outcome = (this.outcome = await trace.ended);
    if (limit) clearTimeout(limit);
    over.abort();
    this.live?.stop();
    return outcome;
  }

  /** What probes on events write is sampled, for plots over time. */
  private followGlobals({ programs, globals }: CompiledScript): () => void {
    if (programs.length === 0) return () => undefined;
    const written = globals.filter(({ variable }) => variable.written && variable.onlyEmptied !== true);
    return this.options.session.histories.follow(written.map(({ variable }) => variable.name));
  }

  /** Resolves when nothing of it is attached any more, which may be long after its results are shown. */
  private async detached(trace: Trace): Promise<void> {
    const display = new LinkDisplay(this.screen, () => {
      const progress = trace.detached();
      return progress && { ...progress, work: "detaching" };
    });
    await trace.finished;
    display.close();
  }

  private sink(script: CompiledScript, printed: PrintedText): TraceSink {
    const { session } = this.options;
    const warnings = new Warnings((text) => this.screen.stream("stderr", text));
    return {
      print: (text, pieces, values) => {
        const isRow =
          this.rows !== null && pieces !== undefined && values !== undefined && this.rows.add(pieces, values);
        if (!isRow) printed.print(text);
      },
      warn: (text) => warnings.warn(decodeText(text)),
      histogram: (histogram) =>
        this.screen.show(
          histogramResult(labelled(histogram), unitOf(histogram, script, session)),
          this.provenance(script),
        ),
      failure: (failure) => void this.failures.push({ ...failure, message: decodeText(failure.message) }),
    };
  }

  private showResults(script: CompiledScript, outcome: TraceOutcome, cut: ReturnType<PrintedText["finish"]>): void {
    const { session } = this.options;
    const fidelity = { ...outcome.fidelity, cut };
    const about = this.provenance(script, { ...outcome, fidelity });
    const { display } = script.program;
    // As in SystemTap, whose display of globals is an end probe: `abort()` skips it.
    const unread = outcome.status === "aborted" ? [] : unreadGlobals(script.globals);
    for (const { variable } of script.globals) if (variable.written) session.wrote(variable.name, about);
    const results = this.liveResults(script, unread);
    if (this.live) this.live.finish(results, about);
    else for (const { result } of results) this.screen.show(result, about);
    if (display && outcome.status === "ok") this.display(display, outcome.locals, about);
    this.live?.conclude(fidelity, about);
    this.live = null;
  }

  /** How the trace stands, and what its globals hold. */
  private frame(script: CompiledScript, trace: Trace): LiveFrame {
    const { seconds } = this.options.run;
    return {
      progress: {
        state: trace.isPaused ? "paused" : "running",
        fidelity: trace.progress(),
        hits: trace.hitsByPoint(),
        ...(seconds === undefined ? {} : { totalSeconds: seconds }),
      },
      results: this.liveResults(script, unreadGlobals(script.globals)),
    };
  }

  private liveResults({ program: { display } }: CompiledScript, unread: readonly GlobalVariable[]): LiveResult[] {
    const { plots, session, language } = this.options;
    const globals = unread
      // Who empties a global knows what it holds now.
      .filter((global) => global.onlyEmptied !== true)
      .filter((global) => display?.kind !== "global" || display.global.name !== global.name)
      .filter((global) => plots.every(({ name }) => name !== global.name))
      .flatMap((global) =>
        resultsOfGlobal(session, global, language.limits).map((result, index) => ({
          key: `${global.name}:${result.kind}:${index}`,
          result,
        })),
      );
    const plotted = plots.flatMap((plot, place) =>
      plotOf(session, plot, language.limits).map((result, index) => ({ key: `plot ${place}:${index}`, result })),
    );
    const { rows } = this;
    const gathered = rows && plots.every(({ name }) => name !== rows.name) ? rowsResults(rows) : [];
    return [...gathered.map((result) => ({ key: "rows", result })), ...globals, ...plotted];
  }

  private display(display: Display, locals: readonly Value[], about: Provenance | undefined): void {
    const { session } = this.options;
    const { trace, screen } = this;
    if (!trace) return;
    const name = shownGlobal(display);
    const origin = about ?? (name === undefined ? undefined : session.origin(name));
    try {
      const runtime = trace.displayRuntime({ point: "" });
      const [first, ...rest] = displayResults(session, display, runtime, locals, this.options.language.limits);
      for (const result of rest) screen.show(result, origin);
      if (first) screen.result(first, origin);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      this.failures.push({ message: decodeText(error.message), span: error.span, point: "", calls: error.calls });
    }
  }

  /** Of what comes from a trace only; while it runs, its end is now. */
  private provenance(script: CompiledScript, outcome?: TraceOutcome): Provenance | undefined {
    if (script.programs.length === 0) return undefined;
    const { session, script: text } = this.options;
    const time = outcome ?? { start: this.start, end: new Date() };
    return provenanceOf(session, text, script, time, outcome?.fidelity ?? this.trace?.progress());
  }

  private commandOutput(): Parameters<typeof runShell>[1] {
    // What the command says comes behind what the script has said of it so far.
    const say = (name: "stdout" | "stderr") => (text: string) => {
      this.trace?.drain();
      this.screen.stream(name, text);
    };
    return { stdout: say("stdout"), stderr: say("stderr") };
  }

  /** It ends with its cell; what it says when told so is still shown. */
  private async endCommand(): Promise<void> {
    this.command?.stop();
    await this.command?.finished;
  }

  private async system(command: string): Promise<void> {
    const { screen } = this;
    const output = {
      stdout: (text: string) => screen.stream("stdout", text),
      stderr: (text: string) => screen.stream("stderr", text),
    };
    await runShell(decodeText(command), output, this.insisted.signal);
  }
}

/** The global that is shown as it is; undefined where what is shown is made of several things. */
function shownGlobal(display: Display): string | undefined {
  if (display.kind === "global") return display.global.name;
  if (display.kind === "histogram") return display.histogram.target.global.name;
  const { expression } = display;
  if (expression.kind === "global" || expression.kind === "element") return expression.global.name;
  return expression.kind === "extract" ? expression.target.global.name : undefined;
}

/** A printed histogram is of one global; its label starts with that name. */
function unitOf(histogram: HistogramOutput, script: CompiledScript, session: Session): string | undefined {
  const named = script.globals.find(({ variable }) => new RegExp(`\\b${variable.name}\\b`).test(histogram.label));
  return named && session.unit(named.variable.name);
}
