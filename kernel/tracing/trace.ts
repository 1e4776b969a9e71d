/**
 * One run of a script: begin, events, timers, end. Owns everything it attaches; when it has finished, nothing of it is left
 * in the kernel but the session's globals.
 */
import type { Runtime, Value } from "../compiler/closures/runtime.js";
import type { UserMoment } from "../compiler/catalogue.js";
import type { Handler } from "../compiler/check/program.js";
import { STATE_STOPPED } from "../compiler/compiled.js";
import { drawingOptions } from "../compiler/limits.js";
import { errorMessage } from "../compiler/text/error_message.js";
import type { GlobalsDraft } from "./globals.js";
import { describeMechanism } from "./attachments.js";
import { HeldOutput } from "./held_output.js";
import type { AttachOptions, Detaching, LinkProgress } from "./links.js";
import { LoadedScript } from "./loaded_script.js";
import type { NativeRingBuffer } from "./native.js";
import { OutsideEvents, type Occasion, type UserHandler } from "./outside_events.js";
import { OverheadMeter, type Overhead } from "./overhead.js";
import { ProbeSwitches, type ProbeState } from "./probe_switches.js";
import { readRecords } from "./records.js";
import type { FidelityResult } from "./result.js";
import { ScriptFiles } from "./script_files/script_files.js";
import { Timers } from "./timers.js";
import type { ScriptFailure, TraceOptions, TraceOutcome } from "./trace_options.js";
import { UserHandlers, type RunOfHandlers } from "./user_handlers.js";

/** A batch of this many bytes has more behind it; when none such has come for this many milliseconds, the flood is over. */
const LARGE_BATCH = 256 << 10;
const FLOOD_PAUSE = 50;

/** So many functions that the kernel refuses are told one by one. */
const LEFT_OUT_SHOWN = 5;

/** Moments that may come as long as the script runs. */
const LASTING: ReadonlySet<UserMoment["kind"]> = new Set(["timer", "file", "input"]);

/** One run of one script. */
export class Trace {
  private readonly loaded: LoadedScript;
  private readonly timers: Timers;
  private readonly meter: OverheadMeter;
  private readonly handlers: UserHandlers;
  private ring: NativeRingBuffer | null = null;
  private readonly held = new HeldOutput();
  /** `settling`: detached, with records yet to come. */
  private phase: "new" | "running" | "settling" | "ending" | "finished" = "new";
  private lastLargeBatch = -Infinity;
  /** What it came to; null while it runs. */
  private result: FidelityResult | null = null;
  private paused = false;
  private readonly switches: ProbeSwitches;
  private overload: FidelityResult["overload"];
  private aborted = false;
  private exitWanted = false;
  private errors = 0;
  private started = 0n;
  private readonly startDate = new Date();
  private forgetProcesses: () => string | null = () => null;
  private detaching: Detaching | null = null;
  private resolve: (outcome: TraceOutcome) => void = () => undefined;
  /** Its last handler has run. */
  readonly ended: Promise<TraceOutcome>;
  /** As `ended`, and nothing of it is attached any more. */
  readonly finished: Promise<TraceOutcome>;
  private readonly draft: GlobalsDraft;
  private readonly outside: OutsideEvents;
  private files: ScriptFiles | null = null;
  private filesClosed: Promise<void> | null = null;

  /** Loads and attaches; throws EngineError where the kernel refuses, and then leaves nothing behind. */
  static attached(options: TraceOptions): Trace {
    const trace = new Trace(options);
    try {
      trace.loaded.attach();
      trace.takeOver();
    } catch (error) {
      trace.discard();
      throw error;
    }
    return trace;
  }

  /** The same without holding anybody up, where there is much to attach. */
  static async attachedInBackground(options: TraceOptions, attaching: AttachOptions): Promise<Trace> {
    const trace = new Trace(options);
    try {
      await trace.loaded.attachInBackground(attaching);
      trace.takeOver();
    } catch (error) {
      trace.discard();
      throw error;
    }
    return trace;
  }

  /** Everything is attached: from here on the session's globals are those of this trace. */
  private takeOver(): void {
    this.serveFiles();
    this.draft.commit();
    this.tellLeftOut();
  }

  private constructor(private readonly options: TraceOptions) {
    const { native, script, globals } = options;
    this.handlers = new UserHandlers(options, this.ofHandlers());
    this.outside = new OutsideEvents(this.handlers.list, (entry, occasion) => this.runFromOutside(entry, occasion));
    this.draft = globals.prepare(script, options.declared, options.limits.maxMapEntries);
    try {
      this.loaded = new LoadedScript(native, script, this.draft);
    } catch (error) {
      this.draft.discard();
      throw error;
    }
    this.timers = new Timers(native);
    this.switches = new ProbeSwitches(script.handlers, this.loaded);
    const { maxShare } = options;
    this.meter = new OverheadMeter(
      native,
      this.loaded,
      maxShare === undefined ? null : (cpuShare) => this.guardAgainst(cpuShare, maxShare),
    );
    this.ended = new Promise((resolve) => (this.resolve = resolve));
    this.finished = this.ended.then(async (outcome) => {
      await this.detaching?.done;
      await this.filesClosed;
      return outcome;
    });
    try {
      if (this.loaded.hasPrograms) this.ring = native.openRingBuffer(this.loaded.ring, (batch) => this.receive(batch));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** What handlers in user space can do to this run. */
  private ofHandlers(): RunOfHandlers {
    return {
      isAborted: () => this.aborted,
      isExiting: () => this.exitWanted,
      exit: () => (this.exitWanted = true),
      abort: () => (this.aborted = this.exitWanted = true),
      fail: (failure) => this.fail(failure),
      count: (handler) => this.switches.count(handler),
    };
  }

  /** The runtime for a display expression, which is evaluated after the trace. */
  displayRuntime(handler: Pick<Handler, "point">): Runtime {
    return this.handlers.runtime(handler);
  }

  private tellLeftOut(): void {
    const left = this.loaded.leftOut;
    for (const { pattern, place, error } of left.slice(0, LEFT_OUT_SHOWN))
      this.options.sink.warn(`WARNING: ${pattern} goes on without ${place}: ${error.message}\n`);
    const others = left.length - LEFT_OUT_SHOWN;
    if (others > 0) this.options.sink.warn(`WARNING: and ${others} more that the kernel refuses are left out\n`);
  }

  /** It could not be attached. */
  private discard(): void {
    this.ring?.close();
    this.loaded.close();
    this.draft.discard();
    void this.files?.close();
  }

  /** Throws EngineError where the machine refuses. */
  private serveFiles(): void {
    const points = this.outside.filePoints();
    if (points.length > 0) this.files = new ScriptFiles(points, this.options.limits.maxStringLength - 1);
  }

  /** For what comes from outside. */
  private runFromOutside(entry: UserHandler, occasion: Occasion): readonly Value[] | null {
    if (this.phase !== "running" || this.paused || this.exitWanted || !this.switches.isOn(entry.handler)) return null;
    this.ring?.drain();
    const { errors } = this;
    const locals = this.handlers.run(entry, occasion);
    // Who waits for an answer gets it before the end that the handler may have asked for.
    if (this.exitWanted) queueMicrotask(() => this.finish());
    return this.errors > errors || this.aborted ? null : locals;
  }

  /** What the user has typed, as a byte string; it may come in pieces. */
  type(text: string): void {
    this.outside.type(text);
  }

  /** The user types nothing more: a trace that waits for nothing else ends. */
  endInput(): void {
    this.outside.endInput();
    const waitsForMore = ({ handler: { probe } }: { readonly handler: Handler }): boolean =>
      probe.kind === "kernel" || (LASTING.has(probe.moment.kind) && probe.moment.kind !== "input");
    if (!this.options.waits && !this.options.script.handlers.some(waitsForMore)) this.stop();
  }

  /** The files that it serves while it runs. */
  get filePaths(): readonly string[] {
    return this.files?.paths ?? [];
  }

  /** How far it is with letting go of what it has attached; null where that took no time. */
  detached(): LinkProgress | null {
    return this.detaching?.progress() ?? null;
  }

  /** Whether anything keeps it running after its begin probes. */
  get isLive(): boolean {
    if (this.options.waits) return true;
    return this.options.script.handlers.some(
      ({ handler: { probe } }) => probe.kind === "kernel" || LASTING.has(probe.moment.kind),
    );
  }

  /** Runs statements and begin probes, then lets events in. */
  start(): void {
    if (this.phase !== "new") return;
    this.phase = "running";
    this.started = this.options.native.monotonicNanoseconds();
    const { stacks } = this.options.globals;
    if (this.options.script.takesUserStacks) this.forgetProcesses = stacks.expect(this.options.environment.targetPid);
    const warning = stacks.takeWarning();
    if (warning !== null) this.options.sink.warn(`WARNING: ${warning}\n`);
    this.handlers.runMoment("statements");
    this.handlers.runMoment("begin");
    if (this.exitWanted || this.aborted || !this.isLive) return this.finish();
    if (this.loaded.hasPrograms && !this.meter.start() && this.options.maxShare !== undefined)
      this.options.sink.warn(
        "WARNING: max= cannot be held: the kernel lets this process not measure what programs cost (that takes CAP_SYS_ADMIN)\n",
      );
    this.letEventsIn();
  }

  private letEventsIn(): void {
    this.setRunning();
    this.timers.start(this.timerHandlers());
  }

  private setRunning(): void {
    const { environment } = this.options;
    this.loaded.setState(this.switches.state, environment.realtime() - environment.monotonic());
  }

  /** Switches the probes of one point off or on while all others go on; false where they have no switch of their own. */
  setProbe(point: string, isOn: boolean): boolean {
    if (!this.switches.set(point, isOn)) return false;
    // A script that has ended itself must not be let in again.
    if (this.phase === "running" && !this.paused && !this.exitWanted && this.loaded.isLetIn) this.setRunning();
    return true;
  }

  probeStates(): readonly ProbeState[] {
    return this.switches.states();
  }

  hitsByPoint(): ReadonlyMap<string, bigint> {
    return this.switches.hitsByPoint();
  }

  /** What programs took of one processor in the last window. */
  private guardAgainst(cpuShare: number, maxShare: number): void {
    const share = cpuShare / this.options.native.onlineCpus();
    if (share <= maxShare || this.phase !== "running") return;
    this.overload = { share, maxShare };
    this.stop();
  }

  /** As ^C to SystemTap: end probes run, results are shown. */
  stop(): void {
    if (this.phase === "running") this.finish();
  }

  /** Lets no event and no timer in until `resume`; what happens meanwhile is not counted. */
  pause(): void {
    if (this.phase !== "running" || this.paused) return;
    this.paused = true;
    this.loaded.setState(STATE_STOPPED, 0n);
    this.timers.stop();
  }

  resume(): void {
    if (this.phase !== "running" || !this.paused) return;
    this.paused = false;
    this.letEventsIn();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** How it stands; once it has ended, how it stood then. */
  progress(): FidelityResult {
    return this.result ?? this.measure(this.meter.read());
  }

  /** Handles now what programs have sent so far; in a flood, what comes will be handled as it comes. */
  drain(): void {
    if (this.phase === "running" && !this.isFlooded) this.ring?.drain();
  }

  /** Ends at once, without end probes. */
  abort(): void {
    this.aborted = true;
    // Attached already, though nothing has run: that must be let go as well.
    if (this.phase === "new") this.phase = "running";
    if (this.phase === "running") this.finish();
    else if (this.phase === "settling") this.complete();
  }

  private timerHandlers(): { interval: bigint; randomize: bigint; run: () => void }[] {
    return this.handlers.list.flatMap((entry) => {
      const { probe } = entry.handler;
      if (probe.kind !== "user" || probe.moment.kind !== "timer") return [];
      const { nanoseconds, randomize } = probe.moment;
      const run = (): void => {
        // What the kernel has printed so far comes first.
        this.ring?.drain();
        if (this.phase !== "running" || !this.switches.isOn(entry.handler)) return;
        this.handlers.run(entry);
        if (this.exitWanted) this.finish();
      };
      return [{ interval: nanoseconds, randomize, run }];
    });
  }

  private receive(batch: Uint8Array): void {
    if (batch.length >= LARGE_BATCH) this.lastLargeBatch = performance.now();
    readRecords(batch, this.options.script.printSites, {
      output: (_, text, stream, pieces, values) =>
        stream === "stderr" ? this.options.sink.warn(text) : this.options.sink.print(text, pieces, values),
      histogram: (_, histogram) => this.options.sink.histogram(histogram),
      drawing: drawingOptions(this.options.limits),
      held: this.held,
      error: (_, site, number, text, chains) => {
        const place = this.options.script.errorSites[site];
        if (!place) throw new Error("an error record names no place in the script");
        this.fail({
          message: place.message === null ? text : errorMessage(place.message, number),
          span: place.span,
          point: place.point,
          calls: [...place.calls, ...chains.flatMap((chain) => this.options.script.callChains[chain] ?? [])],
        });
      },
      exit: () => (this.exitWanted = true),
      abort: () => (this.aborted = this.exitWanted = true),
      process: (pid) => this.options.globals.stacks.symbols.remember(pid),
      texts: this.options.globals.stacks,
    });
    if (this.exitWanted && this.phase === "running") this.finish();
  }

  private fail(failure: ScriptFailure): void {
    this.errors++;
    this.options.sink.failure(failure);
    if (this.errors > this.options.limits.maxErrors) this.exitWanted = true;
    if (this.exitWanted && this.phase === "running" && this.started !== 0n) queueMicrotask(() => this.stop());
  }

  private get isFlooded(): boolean {
    return performance.now() - this.lastLargeBatch < FLOOD_PAUSE;
  }

  private finish(): void {
    if (this.phase !== "running") return;
    this.loaded.setState(STATE_STOPPED, 0n);
    this.timers.stop();
    this.detaching = this.loaded.detach();
    if (this.aborted) return this.complete();
    this.phase = "settling";
    if (this.detaching) void this.detaching.quiet.then(() => this.settle());
    else this.settle();
  }

  /** Many megabytes may still wait: they come batch by batch, so that the process answers others in between. */
  private settle(): void {
    if (this.phase !== "settling") return;
    if (this.isFlooded) setTimeout(() => this.settle(), FLOOD_PAUSE / 5);
    else this.complete();
  }

  private complete(): void {
    this.phase = "ending";
    this.ring?.drain();
    const missing = this.forgetProcesses();
    if (missing !== null) this.options.sink.warn(`WARNING: ${missing}\n`);
    this.held.releaseAll();
    this.exitWanted = false;
    if (!this.aborted) this.handlers.runMoment(this.errors > 0 ? "error" : "end");
    this.filesClosed = this.files?.close() ?? null;
    const fidelity = this.measure(this.meter.stop());
    this.result = fidelity;
    this.ring?.close();
    this.loaded.close();
    this.phase = "finished";
    const outcome: TraceOutcome = {
      status: this.aborted ? "aborted" : this.errors > 0 ? "failed" : "ok",
      fidelity,
      probes: this.probes(),
      start: this.startDate,
      end: new Date(),
      locals: this.handlers.locals,
    };
    void this.handlers.commandsDone().then(() => this.resolve(outcome));
  }

  private measure({ nanosecondsPerHit, cpuShare }: Overhead): FidelityResult {
    let [events, lost, mapFull] = [this.handlers.events, 0n, 0n];
    for (const { scratch, handler } of this.options.script.handlers) {
      if (scratch === null) continue;
      const counters = this.loaded.counters(scratch);
      if (!handler.isEntry) events += counters.hits;
      lost += counters.lost;
      mapFull += counters.mapFull;
    }
    return {
      kind: "fidelity",
      events,
      lost,
      mapFull,
      missed: this.loaded.runStatistics().missed,
      errors: BigInt(this.errors),
      cut: { lines: 0n, bytes: 0n },
      nanosecondsPerHit,
      cpuShare,
      seconds: Number(this.options.native.monotonicNanoseconds() - this.started) / 1e9,
      ...(this.overload ? { overload: this.overload } : {}),
    };
  }

  /** How each point is attached. */
  probes(): { point: string; mechanism: string }[] {
    return this.loaded.attached.flatMap((program) =>
      program.handlers.map((index) => ({
        point: this.options.script.handlers[index]?.handler.point ?? "",
        mechanism: describeMechanism(program),
      })),
    );
  }
}
