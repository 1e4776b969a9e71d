/** One notebook as Jupyter's protocol sees it. */
import type { Catalogue } from "../compiler/catalogue.js";
import type {
  CellError,
  CellOutput,
  CommTarget,
  Completeness,
  Completion,
  ExecuteOutcome,
  ExecuteRequest,
  HistoryEntry,
  HistoryRequest,
  Interpreter,
  LanguageDescription,
  MimeBundle,
  Payload,
  UserExpressionResult,
} from "../protocol/interpreter.js";
import type { Native } from "../tracing/native.js";
import { missingScript, runMagic, type CellSettings } from "./cell_magics.js";
import { BackgroundTraces } from "./background_traces.js";
import { CellRun, type CellRunOptions } from "./cell_run.js";
import { splitCell } from "./cell_text.js";
import { runShell } from "./commands.js";
import { complete } from "./completion/complete.js";
import { costPreview } from "./cost_preview.js";
import { DATA_TARGET, dataComm } from "./data_comm.js";
import { description } from "./description.js";
import { dumpText } from "./dump.js";
import { diagnosticFailure, failureOf, interrupted, type Failure } from "./failures.js";
import { History, OutputMemory } from "./history.js";
import { HistoryFolder } from "./history_folder.js";
import { inspect } from "./inspection/inspect.js";
import { PlotDisplay } from "./plot_display.js";
import { isComplete } from "./is_complete.js";
import { DrawingThread } from "../render/index.js";
import { RedactedOutput, redactedText } from "./redacted_output.js";
import { Session } from "./session.js";
import { Watches } from "./watches.js";
import type { Answering } from "./typed_lines.js";
import { warmUp } from "./warm_up.js";

const RED = "\u001B[31m";
const PLAIN = "\u001B[0m";

/** Milliseconds after the start until what charts are drawn with is loaded, unless one is wanted before. */
const IDLE = 1500;

interface Cell {
  readonly code: string;
  /** How diagnostics call it. */
  readonly name: string;
  readonly cellId: string | undefined;
  readonly output: RedactedOutput;
  readonly answering: Answering;
  readonly statementsOnly: boolean;
  /** Gets what the front end is to do besides. */
  readonly payload: Payload[];
}

interface RunningCell {
  /** For the cell's commands, and for what stands behind them. */
  readonly interruption: AbortController;
  run: CellRun | null;
}

/** What a notebook is given by the process that it runs in. */
export interface NotebookOptions {
  readonly native: Native;
  readonly catalogue: Catalogue;
  /** Where inputs are kept for later sessions; without it they are not. */
  readonly historyFolder?: string;
  /** Takes one sentence for the kernel's log. */
  readonly log?: (line: string) => void;
  /** Charts are drawn in a thread of their own, which is a file that the build makes. */
  readonly drawsInThread?: boolean;
}

/** What a cell shows of globals that traces in the background go on writing. */
interface MovingPlots {
  readonly cellId: string | undefined;
  readonly display: PlotDisplay;
}

/** A notebook: its session, and what the protocol asks of it. */
export class Notebook implements Interpreter {
  readonly description: LanguageDescription = description;
  readonly commTargets: ReadonlyMap<string, CommTarget>;
  private readonly session: Session;
  private readonly past: History;
  private readonly backgrounds = new BackgroundTraces();
  /** Several where a front end uses subshells. */
  private readonly running = new Set<RunningCell>();
  private readonly watches: Watches;
  private readonly movingPlots = new Set<MovingPlots>();
  private readonly drawer: DrawingThread | undefined;
  private warming: NodeJS.Timeout | undefined;

  constructor(private readonly options: NotebookOptions) {
    const { historyFolder, log } = options;
    this.past = new History(historyFolder === undefined ? null : new HistoryFolder(historyFolder), log);
    this.session = new Session({ ...options, mode: "cell" });
    this.drawer = options.drawsInThread === true ? new DrawingThread() : undefined;
    this.watches = new Watches(this.session);
    this.commTargets = new Map([[DATA_TARGET, dataComm(this.session)]]);
  }

  /** To be called when nobody waits: takes from the first cell what it would have to do before it runs. */
  warmUp(): void {
    if (this.running.size === 0) warmUp(this.session);
    // Loading takes a second of a processor, which the first cells may want.
    this.warming = setTimeout(() => this.drawer?.start(), IDLE).unref();
  }

  async execute(request: ExecuteRequest, output: CellOutput): Promise<ExecuteOutcome> {
    const { code, executionCount, silent } = request;
    const memory = new OutputMemory();
    const shown = new RedactedOutput(
      remembering(silent ? SILENT : output, memory),
      this.session.redaction,
      this.drawer,
    );
    // Run again, a cell replaces what its earlier run left running.
    await this.backgrounds.stop(this.backgrounds.ofCell(request.cellId));
    this.stopPlots(({ cellId }) => cellId !== undefined && cellId === request.cellId);
    if (request.cellId !== undefined) await this.watches.stop(request.cellId);
    const { cellId } = request;
    // What one types into a console to leave it; a script says `exit()`.
    if (code.trim() === "exit")
      return { status: "ok", userExpressions: {}, payload: [{ source: "ask_exit", keepkernel: false }] };
    const payload: Payload[] = [];
    const failure = await this.runCell({
      code,
      name: `cell ${executionCount}`,
      cellId,
      output: shown,
      answering: request.input ?? "front end cannot ask",
      statementsOnly: false,
      payload,
    });
    shown.flush();
    if (request.storeHistory && !silent) this.past.add(executionCount, code, memory.toString());
    if (failure) return { status: "error", error: this.cellError(failure) };
    const userExpressions: Record<string, UserExpressionResult> = {};
    for (const [name, text] of Object.entries(request.userExpressions))
      userExpressions[name] = await this.evaluate(name, text);
    return { status: "ok", userExpressions, payload };
  }

  complete(code: string, cursor: number): Completion {
    const traces = (): string[] => this.backgrounds.all().map(({ name }) => name);
    const probes = (): string[] =>
      this.backgrounds.all().flatMap(({ run }) => run.running?.probes().map(({ point }) => point) ?? []);
    return complete({ session: this.session, traces, probes }, code, cursor);
  }

  inspect(code: string, cursor: number, detail: 0 | 1): MimeBundle | null {
    const found = inspect(this.session, code, cursor, detail);
    const { redaction } = this.session;
    return found && redaction.isOn ? redactedText(found, redaction) : found;
  }

  isComplete(code: string): Completeness {
    return isComplete(this.session, code);
  }

  history(request: HistoryRequest): readonly HistoryEntry[] {
    return this.past.find(request);
  }

  interrupt(): void {
    for (const { interruption, run } of this.running) {
      interruption.abort();
      run?.interrupt();
    }
  }

  async shutdown(): Promise<void> {
    this.interrupt();
    this.interrupt();
    this.backgrounds.abort();
    this.stopPlots(() => true);
    await this.watches.stop();
    clearTimeout(this.warming);
    await this.drawer?.close();
    this.session.close();
  }

  private async runCell(cell: Cell): Promise<Failure | null> {
    const { code, cellId, output } = cell;
    const interruption = new AbortController();
    const running: RunningCell = { interruption, run: null };
    this.running.add(running);
    try {
      const { magics, script } = splitCell(code);
      const settings: CellSettings = {
        run: {},
        dump: null,
        language: {},
        background: null,
        plots: [],
        watches: [],
        cost: null,
        payload: cell.payload,
        stopWatches: () => this.watches.stop(),
        rows: null,
      };
      for (const magic of magics) {
        if (interruption.signal.aborted) return interrupted("The cell was interrupted before its script ran.");
        if (magic.kind === "shell") await this.runCommand(magic.argument, output, interruption.signal);
        else {
          const failure = await runMagic(magic, this.session, this.backgrounds, output, settings);
          if (failure) return failure;
        }
      }
      if (interruption.signal.aborted) return interrupted("The cell was interrupted before its script ran.");
      const failure = missingScript(magics, script) ?? (await this.runScript(script, cell, settings, running));
      if (failure) return failure;
      for (const watch of settings.watches) {
        const refusal = await this.watches.start(watch, cellId, output);
        if (refusal) return refusal;
      }
      return null;
    } catch (error) {
      return failureOf(error, this.options.native);
    } finally {
      this.running.delete(running);
    }
  }

  /** As the cell's magics want it. */
  private async runScript(
    script: string,
    { name, cellId, output, answering, statementsOnly }: Cell,
    settings: CellSettings,
    running: RunningCell,
  ): Promise<Failure | null> {
    const { run, language, background, plots, rows, dump } = settings;
    if (script.trim() === "") return plots.length === 0 ? null : this.showPlots(plots, cellId, output);
    if (dump) return this.dump({ ...settings, dump }, script, name, output);
    if (settings.cost !== null) {
      const { signal } = running.interruption;
      const targetPid = run.pid ?? 0;
      const preview = await costPreview(this.session, script, { name, targetPid, language, signal });
      if (typeof preview !== "string") return preview;
      output.stream("stdout", preview);
      if (settings.cost === "only") return null;
    }
    const options = {
      session: this.session,
      name,
      script,
      run,
      language,
      plots,
      rows,
      output,
      answering,
      statementsOnly,
    };
    if (background !== null) return this.startBackground(background, cellId, options, running);
    running.run = new CellRun(options);
    return running.run.run();
  }

  private async showPlots(
    plots: CellSettings["plots"],
    cellId: string | undefined,
    output: RedactedOutput,
  ): Promise<Failure | null> {
    const moving = { cellId, display: new PlotDisplay(this.session, plots, output) };
    const shown = await moving.display.show();
    if ("failure" in shown) return shown.failure;
    this.movingPlots.add(moving);
    void shown.ended.finally(() => this.movingPlots.delete(moving));
    return null;
  }

  private stopPlots(which: (plots: MovingPlots) => boolean): void {
    for (const moving of this.movingPlots) if (which(moving)) moving.display.stop();
  }

  /** Resolves when the trace has begun, or has ended already; what fails later is told in the cell's output. */
  private async startBackground(
    name: string,
    cellId: string | undefined,
    options: CellRunOptions,
    running: RunningCell,
  ): Promise<Failure | null> {
    const former = this.backgrounds.get(name);
    if (former) await this.backgrounds.stop([former]);
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const onStart = (): void => {
        hasBegun = true;
        resolve(null);
      };
      const run = new CellRun({ ...options, answering: "background", onStart });
      // Until it has begun it is the cell's, and an interrupt of the cell ends it.
      running.run = run;
      const told = (failure: Failure | null): void => {
        if (hasBegun && failure) options.output.stream("stderr", failure.lines.map((line) => `${line}\n`).join(""));
        resolve(failure);
      };
      const ended = run.run().then(told, (error: unknown) => {
        if (hasBegun) told(failureOf(error, this.options.native));
        else reject(error);
      });
      this.backgrounds.add({ name, cell: options.name, cellId, run, ended });
    });
  }

  private dump(
    { dump: kinds, language }: CellSettings & { readonly dump: NonNullable<CellSettings["dump"]> },
    script: string,
    name: string,
    output: RedactedOutput,
  ): Failure | null {
    const { text, diagnostics } = dumpText(
      kinds,
      this.session.input(script, { name, ...language }),
      this.options.native,
    );
    if (text !== "") output.stream("stdout", text);
    return diagnostics.some(({ severity }) => severity === "error") ? diagnosticFailure(diagnostics) : null;
  }

  private async runCommand(command: string, output: RedactedOutput, signal: AbortSignal): Promise<void> {
    const say = (name: "stdout" | "stderr") => (text: string) => output.stream(name, text);
    const status = await runShell(command, { stdout: say("stdout"), stderr: say("stderr") }, signal);
    if (status !== 0 && !signal.aborted) output.stream("stderr", `(exit status ${status})\n`);
  }

  /** Jupyter's user expressions: each evaluated as a cell of its own would be, an error kept in its place. */
  private async evaluate(name: string, code: string): Promise<UserExpressionResult> {
    let bundle: MimeBundle = { data: { "text/plain": "" }, metadata: {} };
    const silent: CellOutput = { ...SILENT, result: (value) => void (bundle = value) };
    const output = new RedactedOutput(silent, this.session.redaction, this.drawer);
    const failure = await this.runCell({
      code,
      name: `expression ${name}`,
      cellId: undefined,
      output,
      answering: "front end cannot ask",
      statementsOnly: true,
      payload: [],
    });
    return failure ? { status: "error", error: this.cellError(failure) } : { status: "ok", bundle };
  }

  private cellError({ name, message, lines }: Failure): CellError {
    const { redaction } = this.session;
    const traceback = lines.map((line) => redaction.text(line).replace(/^(error|ERROR):/, `${RED}$1:${PLAIN}`));
    return { name, message: redaction.text(message), traceback };
  }
}

const SILENT: CellOutput = {
  stream: () => undefined,
  display: () => undefined,
  update: () => undefined,
  result: () => undefined,
  clear: () => undefined,
};

/** The history pairs a cell with what it printed and its result. */
function remembering(output: CellOutput, memory: OutputMemory): CellOutput {
  return {
    ...bound(output),
    stream: (name, text) => {
      if (name === "stdout") memory.add(text);
      output.stream(name, text);
    },
    result: (bundle) => {
      memory.addDisplay(bundle.data["text/plain"]);
      output.result(bundle);
    },
  };
}

function bound(output: CellOutput): CellOutput {
  return {
    stream: (name, text) => output.stream(name, text),
    display: (bundle, displayId) => output.display(bundle, displayId),
    update: (displayId, bundle) => output.update(displayId, bundle),
    result: (bundle) => output.result(bundle),
    clear: (wait) => output.clear(wait),
  };
}
