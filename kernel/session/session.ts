/** What one notebook, or one run of the command line, knows: definitions, globals, the machine. Compiles and runs scripts. */
import type { Catalogue, Target } from "../compiler/catalogue.js";
import { compile, parsePrelude, type CompileInput, type CompileOutput } from "../compiler/compile.js";
import { NO_DEFINITIONS, type KnownDefinitions, type KnownGlobal } from "../compiler/check/definitions.js";
import { DEFAULT_LIMITS, type Limits } from "../compiler/limits.js";
import type { Conditions } from "../compiler/syntax/conditions.js";
import type { Macro } from "../compiler/syntax/macros.js";
import { parseMacros, type ParseOptions } from "../compiler/syntax/parse.js";
import type { Script } from "../compiler/syntax/ast.js";
import type { CompiledScript } from "../compiler/compiled.js";
import { macroLibrary } from "../tapset/macros.js";
import { systemEnvironment } from "../tracing/environment.js";
import { Globals } from "../tracing/globals.js";
import type { AttachOptions } from "../tracing/links.js";
import type { LoadedStore } from "../tracing/stores/loaded_store.js";
import { describeTarget, type DescribedMachine } from "../tracing/machine/machine.js";
import type { Native } from "../tracing/native.js";
import type { PrintedRows } from "../tracing/printed_rows.js";
import { ReadableNames } from "../tracing/readable_names.js";
import type { Provenance } from "../tracing/result.js";
import { Trace } from "../tracing/trace.js";
import type { TraceOptions, TraceSink } from "../tracing/trace_options.js";
import { machineConditions } from "./conditions.js";
import { Redaction } from "./redaction.js";
import { RunningTraces, type StoppedTrace } from "./running_traces.js";
import { Histories } from "./histories.js";
import { Snapshots } from "./snapshots.js";
import { unitsOf } from "./units.js";

export type { Catalogue, Native };

/** Which engine and language a session has, and what is set from outside. */
export interface SessionOptions {
  readonly native: Native;
  readonly catalogue: Catalogue;
  readonly mode: "cell" | "script";
  readonly limits?: Partial<Limits>;
  readonly guru?: boolean;
  readonly arguments?: readonly string[];
  readonly globalValues?: ReadonlyMap<string, string>;
}

/** How one text is compiled. */
export interface CompileOptions {
  /** How diagnostics name the text. */
  readonly name: string;
  /** As in CompileInput. */
  readonly epilogue?: CompileInput["epilogue"];
  readonly targetPid?: number;
  /** What that process will run, where it is a command that still waits; empty where that takes a shell to tell. */
  readonly targetProgram?: string | undefined;
  readonly lastPass?: "parse" | "semantic" | "compile";
  /** Where a cell differs from its session. */
  readonly limits?: Partial<Limits>;
  readonly guru?: boolean;
}

/** How one script will run. */
export interface PrepareOptions {
  /** Of its cell. */
  readonly name?: string;
  readonly targetPid?: number;
  /** The trace runs until it is stopped, also where no event could come. */
  readonly waits?: boolean;
  /** As in TraceOptions. */
  readonly maxShare?: number | undefined;
  /** Those that it was compiled with, where they are not the session's. */
  readonly limits?: Partial<Limits> | undefined;
}

/** A global that came from a file. */
export interface LoadedGlobal {
  readonly known: KnownGlobal;
  readonly store: LoadedStore;
  readonly unit: string | undefined;
  readonly origin: Provenance | undefined;
}

/** A text without errors. */
export type Compiled = CompileOutput & { readonly script: CompiledScript };

/** Statements that a handler outside the kernel may execute: enough for a million elements, little enough to end. */
const USER_MAX_ACTION = 20_000_000;

/** What cells of one notebook share. */
export class Session {
  readonly native: Native;
  readonly catalogue: Catalogue;
  readonly globals: Globals;
  readonly snapshots: Snapshots;
  readonly histories: Histories;
  /** What cells have printed in rows, by the name that they gave it. */
  readonly rows = new Map<string, PrintedRows>();
  readonly limits: Limits;
  /** What is hidden from all that is shown; `%reset` leaves it. */
  readonly redaction = new Redaction();
  readonly names: ReadableNames;
  /** The last one that had anything for the kernel, whether the kernel took it or not. */
  lastScript: CompiledScript | null = null;
  private definitions: KnownDefinitions = NO_DEFINITIONS;
  /** Those of the library, and what cells have made of them or besides. */
  private macros: ReadonlyMap<string, Macro>;
  /** What the numbers of a global count, by its name. */
  private readonly units = new Map<string, string>();
  private readonly traces = new RunningTraces();
  private lastTurn: Promise<void> = Promise.resolve();
  /** The last trace that wrote a global, by its name. */
  private readonly origins = new Map<string, Provenance>();

  constructor(private readonly options: SessionOptions) {
    this.native = options.native;
    this.catalogue = options.catalogue;
    this.names = new ReadableNames(this.native);
    this.macros = this.macroLibrary();
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.globals = new Globals(this.native, this.limits.maxMapEntries);
    this.snapshots = new Snapshots(this.globals);
    this.histories = new Histories(this.globals, this.names.of);
  }

  compile(code: string, options: CompileOptions): CompileOutput {
    return compile(this.input(code, options));
  }

  /** Everything that the compiler needs to know for a text. */
  input(code: string, options: CompileOptions): CompileInput {
    const {
      name,
      targetPid = 0,
      targetProgram,
      epilogue,
      lastPass = "compile",
      limits,
      guru = this.options.guru ?? false,
    } = options;
    const target = this.target(targetPid, targetProgram);
    return {
      source: { name, text: code },
      epilogue,
      catalogue: this.catalogue,
      prelude: this.library,
      target,
      mode: this.options.mode,
      arguments: this.options.arguments ?? [],
      conditions: this.conditions(guru),
      definitions: this.snapshots.addTo(this.definitions),
      macros: this.macros,
      layouts: this.globals.layouts(),
      capacities: this.globals.capacities(),
      contents: (global) => this.globals.texts(global),
      limits: { ...this.limits, ...limits },
      guru,
      globalValues: this.options.globalValues ?? new Map(),
      lastPass,
    };
  }

  /** Takes over what a cell declares and gets a trace ready; throws EngineError where the kernel refuses. */
  prepare(
    output: Compiled,
    sink: TraceSink,
    system: (command: string) => Promise<void>,
    options: PrepareOptions = {},
  ): Trace {
    return this.adopt(Trace.attached(this.traceOptions(output, sink, system, options)), output, options);
  }

  /** The same without holding anybody up, where there is much to attach; the caller has the turn. */
  async prepareInBackground(
    output: Compiled,
    sink: TraceSink,
    system: (command: string) => Promise<void>,
    options: PrepareOptions & AttachOptions,
  ): Promise<Trace> {
    const trace = await Trace.attachedInBackground(this.traceOptions(output, sink, system, options), options);
    return this.adopt(trace, output, options);
  }

  /**
   * Resolves when no other cell is between its compilation and its start, to what lets the next one in: a cell is compiled for what
   * the one before it has declared.
   */
  async takeTurn(): Promise<() => void> {
    const before = this.lastTurn;
    let release: () => void = () => undefined;
    this.lastTurn = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }

  private traceOptions(
    { script, declared }: Compiled,
    sink: TraceSink,
    system: (command: string) => Promise<void>,
    { targetPid = 0, waits = false, limits = {}, maxShare }: PrepareOptions,
  ): TraceOptions {
    if (script.programs.length > 0) this.lastScript = script;
    return {
      native: this.native,
      globals: this.globals,
      script,
      declared,
      waits,
      maxShare,
      limits: { ...this.limits, maxAction: this.options.limits?.maxAction ?? USER_MAX_ACTION, ...limits },
      environment: systemEnvironment(this.native, targetPid, this.globals.stacks),
      sink,
      system,
    };
  }

  private adopt(trace: Trace, output: Compiled, { name = "another cell" }: PrepareOptions): Trace {
    this.definitions = this.snapshots.takeFrom(output.definitions);
    this.macros = new Map([...this.macros, ...output.macros]);
    this.traces.add(trace, name, output.script);
    for (const declared of output.declared) this.forget(declared);
    for (const [global, unit] of unitsOf(output.script.program)) this.units.set(global, unit);
    return trace;
  }

  /**
   * Ends the traces that could not go on once this script has replaced what they use. What was compiled before is to be
   * compiled again where one had to end.
   */
  makeWay(output: Compiled): Promise<readonly StoppedTrace[]> {
    return this.traces.stopUsersOf(this.globals.replaced(output.script, output.declared));
  }

  /** Forgets all that cells have defined, once the traces have ended that use it; gives the cells that those belonged to. */
  async reset(): Promise<readonly string[]> {
    const release = await this.takeTurn();
    try {
      const stopped = await this.traces.stopAll();
      this.close();
      return stopped;
    } finally {
      release();
    }
  }

  /** Ends the traces that use one of these globals, which are to be replaced from outside of any script. */
  release(globals: readonly string[]): Promise<readonly StoppedTrace[]> {
    return this.traces.stopUsersOf(globals.map((name) => ({ name, reason: "declared" })));
  }

  /** Whether a trace that runs writes this global, or gathers these rows. */
  isWritten(name: string): boolean {
    return this.traces.write(name) || this.rows.get(name)?.isGathering === true;
  }

  unit(global: string): string | undefined {
    return this.units.get(global);
  }

  /** Where what a global holds comes from; undefined where it is not from a trace alone. */
  origin(global: string): Provenance | undefined {
    return this.origins.get(global);
  }

  /** A script has ended that wrote this global; `origin` where it was a trace. */
  wrote(global: string, origin: Provenance | undefined): void {
    if (origin) this.origins.set(global, origin);
    else this.origins.delete(global);
  }

  /** What the numbers of a global that no script has made count, and where they come from. */
  about(global: string, unit: string | undefined, origin: Provenance | undefined): void {
    this.forget(global);
    if (unit !== undefined) this.units.set(global, unit);
    if (origin) this.origins.set(global, origin);
  }

  /** Takes globals over that no script has declared, in the place of those that have their names; the caller has the turn. */
  declare(loaded: readonly LoadedGlobal[]): void {
    const globals = new Map(this.definitions.globals);
    for (const { known, store, unit, origin } of loaded) {
      globals.set(known.name, known);
      this.globals.put(store.variable, store);
      this.about(known.name, unit, origin);
    }
    this.definitions = { ...this.definitions, globals };
  }

  /** Empties a global. */
  empty(name: string): void {
    this.globals.get(name)?.store.clear();
    this.origins.delete(name);
  }

  private forget(name: string): void {
    this.histories.forget(name);
    this.units.delete(name);
    this.origins.delete(name);
  }

  get known(): KnownDefinitions {
    return this.definitions;
  }

  /** The part of the tapset that is written in the language. */
  get library(): readonly Script[] {
    return (this.prelude ??= parsePrelude(this.catalogue, this.conditions()));
  }

  private macroLibrary(): ReadonlyMap<string, Macro> {
    return parseMacros(macroLibrary, this.conditions());
  }

  /** Macros of the library and of earlier cells. */
  get knownMacros(): ReadonlyMap<string, Macro> {
    return this.macros;
  }

  /** For text that is read without being compiled. */
  parseOptions(mode: ParseOptions["mode"]): ParseOptions {
    return { mode, arguments: [], conditions: this.conditions(), macros: this.macros };
  }

  private conditions(guru = this.options.guru ?? false): Conditions {
    return machineConditions(guru);
  }

  /** Forgets every definition and empties the kernel of the globals. */
  close(): void {
    this.histories.close();
    this.rows.clear();
    this.globals.close();
    this.snapshots.clear();
    this.machine?.close();
    this.definitions = NO_DEFINITIONS;
    this.lastScript = null;
    this.macros = this.macroLibrary();
    this.units.clear();
    this.origins.clear();
  }

  private machine: DescribedMachine | undefined;
  private prelude: readonly Script[] | undefined;

  target(targetPid: number, targetProgram?: string): Target {
    this.machine ??= describeTarget(this.native, this.globals.stacks.symbols.kernelSymbols);
    return this.machine(targetPid, targetProgram);
  }
}
