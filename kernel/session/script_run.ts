/** One run of a script from the command line: the plain-text sibling of a cell. */
import type { CompiledScript } from "../compiler/compiled.js";
import { formatDiagnostic } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import { fidelityPlain, isClean } from "../render/fidelity.js";
import { isEngineError, type EngineError, type Native } from "../tracing/native.js";
import type { FidelityResult } from "../tracing/result.js";
import { decodeText } from "../tracing/results.js";
import type { Trace } from "../tracing/trace.js";
import type { TraceOutcome, TraceSink } from "../tracing/trace_options.js";
import { autoprint, unreadGlobals } from "./autoprint.js";
import { PausedCommand, runShellInto } from "./commands.js";
import { servedFiles } from "./served_files.js";
import { LinkLines } from "./link_lines.js";
import { wantsInput } from "./typed_lines.js";
import { missingCapabilities, scriptFailureLine } from "./failures.js";
import { oldKernelSentence } from "./old_kernel.js";
import type { Compiled, Session } from "./session.js";

/** Where the text goes. All texts are byte strings. */
export interface ScriptOutput {
  stdout(bytes: string): void;
  stderr(bytes: string): void;
  /** Resolves when a command that writes to `descriptor` comes behind all that was printed before. */
  flushed(): Promise<void>;
  /** Lets what follows go to a file of its own, where `stdout` writes to files that take turns. */
  switchFile?(): void;
  /** What `stdout` writes to. */
  readonly descriptor: number;
}

/** What the user types. All texts are byte strings. */
export interface ScriptInput {
  /** `keys`: each key as it is pressed, where somebody sits at a terminal. */
  start(on: { text(bytes: string): void; end(): void }, options: { readonly keys: boolean }): void;
  stop(): void;
}

/** What is run, where its text goes, and how long it lasts. */
export interface ScriptRunOptions {
  readonly session: Session;
  readonly source: Source;
  readonly output: ScriptOutput;
  /** Without one nothing is ever typed. */
  readonly input?: ScriptInput;
  /** The run lasts as long as this command; its process is `target()`. */
  readonly command?: string;
  /** The process that `target()` names. */
  readonly pid?: number;
  readonly seconds?: number;
  /** Whether globals that are written and never read are printed at the end. */
  readonly showGlobals?: boolean;
  /** Whether to say at the end how far the figures can be trusted when nothing is wrong with them. */
  readonly alwaysShowFidelity: boolean;
}

/** One script, from the first line of its text to its last output. */
export class ScriptRun {
  private trace: Trace | null = null;
  private command: PausedCommand | null = null;
  private interrupts = 0;
  private ended = false;
  /** By the first ^C; ends the attaching where that takes long. */
  private readonly interruption = new AbortController();
  private commandFailed = false;
  private abandon: () => void = () => undefined;
  private readonly abandoned = new Promise<void>((resolve) => (this.abandon = resolve));

  constructor(private readonly options: ScriptRunOptions) {}

  /** Resolves to the exit status: 1 where a pass refused the script, an error was reported, or the command failed. */
  async run(): Promise<number> {
    const { session, source, command, pid } = this.options;
    try {
      if (command !== undefined) this.command = PausedCommand.start(command, "inherit");
      const targetPid = this.command?.pid ?? pid ?? 0;
      const compiled = session.compile(source.text, {
        name: source.name,
        targetPid,
        targetProgram: this.command?.program,
      });
      for (const diagnostic of compiled.diagnostics) this.say(`${formatDiagnostic(diagnostic)}\n`);
      if (!compiled.script) return 1;
      const aborted = this.abandoned.then(() => 1);
      return await Promise.race([this.runScript({ ...compiled, script: compiled.script }, targetPid), aborted]);
    } catch (error) {
      if (!isEngineError(error)) throw error;
      if (this.interruption.signal.aborted && error.code === "ECANCELED") {
        this.say("Interrupted while its probes were attached: the script has not run.\n");
        return 1;
      }
      this.say(`ERROR: ${refusalSentence(error, session.native)}\n`);
      return 1;
    } finally {
      this.ended = true;
      this.command?.stop();
      session.close();
    }
  }

  /** As ^C to `stap`. First: end probes run and results are shown. Again: everything ends at once. */
  interrupt(): void {
    this.interrupts++;
    if (this.interrupts === 1) return this.stop();
    this.trace?.abort();
    this.abandon();
  }

  /** The end of the run that is nobody's failure. */
  stop(): void {
    this.interruption.abort();
    this.trace?.stop();
  }

  private async runScript(compiled: Compiled, targetPid: number): Promise<number> {
    const { session, seconds } = this.options;
    const isBounded = this.command !== null || seconds !== undefined;
    const progress = new LinkLines((line) => this.say(line));
    const trace = await session.prepareInBackground(compiled, this.sink(), (command) => this.system(command), {
      targetPid,
      waits: isBounded,
      signal: this.interruption.signal,
      onProgress: (done) => progress.tell("attaching", done),
    });
    this.trace = trace;
    if (trace.filePaths.length > 0) this.say(`${servedFiles(trace.filePaths)}\n`);
    trace.start();
    if (this.interruption.signal.aborted) trace.stop();
    void trace.ended.then(() => (this.ended = true));
    this.takeInput(trace, compiled.script);
    await new Promise(setImmediate);
    // A script that has ended already never meant the command to run.
    if (!this.ended) this.releaseCommand(trace);
    const limit = seconds === undefined ? null : setTimeout(() => trace.stop(), seconds * 1000);
    const outcome = await trace.ended;
    if (limit) clearTimeout(limit);
    if (outcome.status !== "aborted" && this.options.showGlobals !== false) this.showGlobals(compiled.script);
    this.showTroubles(outcome, compiled.script);
    await trace.finished;
    return outcome.fidelity.errors > 0n || this.commandFailed || this.interrupts > 1 ? 1 : 0;
  }

  /** Begins to read only for a script that waits for what is typed. */
  private takeInput(trace: Trace, script: CompiledScript): void {
    const { input } = this.options;
    if (!input || !wantsInput(script)) return;
    const on = { text: (bytes: string) => trace.type(bytes), end: () => trace.endInput() };
    input.start(on, { keys: wantsInput(script, "char") });
    void trace.ended.then(() => input.stop());
  }

  private releaseCommand(trace: Trace): void {
    this.command?.release();
    void this.command?.finished.then((status) => {
      if (status !== 0 && !this.ended && this.interrupts === 0) {
        this.commandFailed = true;
        this.say(`WARNING: Child process exited with status ${status}\n`);
      }
      trace.stop();
    });
  }

  private sink(): TraceSink {
    const { output } = this.options;
    const warned = new Set<string>();
    return {
      print: (text) => output.stdout(text),
      warn: (text) => {
        if (warned.has(text)) return;
        warned.add(text);
        output.stderr(text.replace(/\n*$/, "\n"));
      },
      histogram: ({ text }) => output.stdout(text),
      switchFile: () => output.switchFile?.(),
      failure: (failure) => this.say(`${scriptFailureLine({ ...failure, message: decodeText(failure.message) })}\n`),
    };
  }

  private showGlobals(script: CompiledScript): void {
    const { session, output } = this.options;
    for (const global of unreadGlobals(script.globals)) output.stdout(autoprint(global, session.globals.store(global)));
  }

  /** What SystemTap says of a run that was not flawless, and the fidelity line. */
  private showTroubles({ fidelity }: TraceOutcome, { programs }: CompiledScript): void {
    const { errors, missed, lost } = fidelity;
    if (errors + missed + lost > 0n) this.say(`WARNING: Number of errors: ${errors}, skipped probes: ${missed}\n`);
    if (lost > 0n) this.say(`WARNING: There were ${lost} transport failures.\n`);
    if (this.isWorthShowing(fidelity, programs.length > 0)) this.say(`${fidelityPlain(fidelity)}\n`);
  }

  private isWorthShowing(fidelity: FidelityResult, hasPrograms: boolean): boolean {
    return !isClean(fidelity) || (hasPrograms && this.options.alwaysShowFidelity);
  }

  private say(text: string): void {
    this.options.output.stderr(Buffer.from(text, "utf8").toString("latin1"));
  }

  private async system(command: string): Promise<void> {
    const { output } = this.options;
    await output.flushed();
    await runShellInto(decodeText(command), output.descriptor);
  }
}

/** One sentence: what was refused, why, and what to do where we know. */
function refusalSentence(error: EngineError, native: Native): string {
  const tooOld = oldKernelSentence(error);
  if (tooOld !== null) return tooOld;
  if (error.verifierLog) {
    const log = error.verifierLog.trimEnd().split("\n").slice(-12).join("\n");
    return `${error.message}. The verifier refused a program that Tapbook made; please report this with the script and these lines:\n${log}`;
  }
  if (error.code !== "EPERM" && error.code !== "EACCES") return error.message;
  const missing = missingCapabilities(native);
  return missing.length > 0
    ? `tracing needs ${missing.join(" and ")}, which this process lacks: run it as root, or give them to it (\`tapbook doctor\` tells how).`
    : `${error.message}: a security policy of this machine (lockdown, seccomp, a container) refuses it, and Tapbook respects that.`;
}
