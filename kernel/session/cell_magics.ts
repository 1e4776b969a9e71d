/** Runs the magics of a cell on its session. */
import {
  MagicError,
  magics,
  type DumpKind,
  type MagicGlobal,
  type MagicSession,
  type MagicTrace,
  type PlotRequest,
  type RowsRequest,
  type RedactionRule,
  type RunOptions,
  type WatchRequest,
} from "../magics/index.js";
import { withWordsBelow } from "../magics/columns.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { globalTypeText } from "../compiler/check/wording.js";
import type { Limits } from "../compiler/limits.js";
import type { Payload } from "../protocol/interpreter.js";
import type { RedactedOutput } from "./redacted_output.js";
import { backgroundState, type BackgroundTraces } from "./background_traces.js";
import type { CellMagic } from "./cell_text.js";
import type { Failure } from "./failures.js";
import { SessionKeptGlobals, sizeOf } from "./kept_globals.js";
import { manual } from "./inspection/manual.js";
import { LIMIT_SETTINGS, limitSetting } from "./limit_settings.js";
import { listPoints, refusalOfList } from "./point_list.js";
import type { Session } from "./session.js";
import { writeTraceEvents } from "./trace_events_file.js";
import { verifierLogs } from "./loaded_programs.js";
import { userGlobals } from "./user_globals.js";

/** What a cell's magics ask for its script. */
export interface CellSettings {
  run: RunOptions;
  /** What to print instead of running it; null to run it. */
  dump: readonly DumpKind[] | null;
  language: LanguageSettings;
  /** The name under which it goes on in the background; null where the cell waits for it. */
  background: string | null;
  /** What it shows besides, or in another form. */
  readonly plots: PlotRequest[];
  /** Whether its cost is told instead of running it, or first. */
  cost: "only" | "first" | null;
  /** What the front end does besides. */
  readonly payload: Payload[];
  /** What is kept fresh once its script has run, or goes on in the background. */
  readonly watches: WatchRequest[];
  readonly stopWatches: () => Promise<void>;
  /** What becomes of what it prints; null where that is text. */
  rows: RowsRequest | null;
}

/** Where the language of a cell differs from its session's. */
export interface LanguageSettings {
  readonly limits?: Partial<Limits>;
  readonly guru?: boolean;
}

/** Null where all went well. */
export async function runMagic(
  used: CellMagic,
  session: Session,
  backgrounds: BackgroundTraces,
  output: RedactedOutput,
  settings: CellSettings,
): Promise<Failure | null> {
  try {
    await find(used).run(used.argument, new SessionOfMagics(session, backgrounds, output, settings));
    return null;
  } catch (error) {
    if (!(error instanceof MagicError)) throw error;
    return failureOfMagic(error);
  }
}

/** Null where the cell has a script, or nothing that wants one. */
export function missingScript(used: readonly CellMagic[], script: string): Failure | null {
  const [magic] = script.trim() === "" ? used.filter(({ kind }) => kind === "cell") : [];
  if (!magic) return null;
  return failureOfMagic(
    new MagicError(`%%${magic.name} has nothing to run`, "its script stands below it, in its cell"),
  );
}

function failureOfMagic({ message, hint }: MagicError): Failure {
  return {
    name: "MagicError",
    message,
    lines: [`error: ${message}`, hint.startsWith("usage:") ? hint : `hint: ${hint}`],
  };
}

function find({ kind, name, isFirst }: CellMagic): (typeof magics)[number] {
  const sign = kind === "cell" ? "%%" : "%";
  const magic = magics.find((candidate) => candidate.name === name && candidate.kind === kind);
  if (magic && (kind === "line" || isFirst)) return magic;
  if (magic) throw new MagicError(`${sign}${name} must be the first thing in its cell`, "move it to the first line");
  const other = magics.find((candidate) => candidate.name === name);
  if (other) throw new MagicError(`there is no magic ${sign}${name}`, `did you mean ${other.usage}?`);
  const similar = mostSimilar(
    name,
    magics.map((candidate) => candidate.name),
  );
  const meant = magics.find((candidate) => candidate.name === similar);
  const remainder = `%help lists those there are; a remainder is written with a blank, % ${name}`;
  throw new MagicError(`there is no magic ${sign}${name}`, meant ? `did you mean ${meant.usage}?` : remainder);
}

/** Points that are listed before others get their turn. */
const POINTS_AT_ONCE = 50;

class SessionOfMagics implements MagicSession {
  readonly kept: SessionKeptGlobals;

  constructor(
    private readonly session: Session,
    private readonly backgrounds: BackgroundTraces,
    private readonly output: RedactedOutput,
    private readonly settings: CellSettings,
  ) {
    this.kept = new SessionKeptGlobals(session, output);
  }

  setRun(options: RunOptions): void {
    if (options.pid !== undefined && !isThere(options.pid))
      throw new MagicError(`there is no process ${options.pid}`, "it may have ended; !ps -e lists those there are");
    this.settings.run = options;
  }

  setBackground(name: string): void {
    this.settings.background = name;
  }

  plot(request: PlotRequest): void {
    this.settings.plots.push(request);
  }

  gatherRows(request: RowsRequest): void {
    if (this.session.globals.get(request.name))
      throw new MagicError(`${request.name} is a global`, `call the rows otherwise: %%table NAME: …`);
    this.settings.rows = request;
  }

  writeTraceEvents(name: string, file: string): Promise<number> {
    return writeTraceEvents(this.session, name, file);
  }

  traces(): readonly MagicTrace[] {
    return this.backgrounds.all().map((trace) => ({
      name: trace.name,
      cell: trace.cell,
      state: backgroundState(trace),
      probes: trace.run.running?.probeStates() ?? [],
    }));
  }

  setCost(when: "only" | "first"): void {
    this.settings.cost = when;
  }

  showManual(name: string): void {
    const page = manual(this.session, name);
    if (!page)
      throw new MagicError(
        `there is nothing to tell of ${name}`,
        "%help lists the magics, %probes PATTERN probe points",
      );
    this.output.display(page);
  }

  async listProbes(pattern: string, most: number): ReturnType<MagicSession["listProbes"]> {
    const { catalogue } = this.session;
    const target = this.session.target(0);
    let listed = 0;
    for (const { point, variables } of listPoints(pattern, catalogue, target)) {
      if (listed === most) return { listed, isCut: true };
      listed++;
      this.print(`${withWordsBelow(point, variables)}\n`);
      // Whoever else asks something of the kernel is answered in between.
      if (listed % POINTS_AT_ONCE === 0) await new Promise(setImmediate);
    }
    const refusal = listed === 0 ? refusalOfList(pattern, catalogue, target) : null;
    if (refusal) throw new MagicError(refusal.message, refusal.hint ?? "another pattern may do");
    return { listed, isCut: false };
  }

  insertCell(text: string): void {
    this.settings.payload.push({ source: "set_next_input", text, replace: false });
  }

  watch(request: WatchRequest): void {
    this.settings.watches.push(request);
  }

  stopWatches(): Promise<void> {
    return this.settings.stopWatches();
  }

  setProbe(point: string, isOn: boolean): void {
    for (const { name, run } of this.backgrounds.all()) {
      const trace = run.running;
      if (!trace?.probeStates().some((probe) => probe.point === point)) continue;
      if (!trace.setProbe(point, isOn))
        throw new MagicError(
          `${name} has too many probes for ${point} to have a switch of its own`,
          `%pause ${name} holds all of them`,
        );
    }
  }

  async stopTraces(names: readonly string[]): Promise<void> {
    const stopped = this.backgrounds.all().filter(({ name }) => names.includes(name));
    await this.backgrounds.stop(stopped);
    // The results are shown in its cell, which a page that was opened anew no longer keeps up.
    for (const trace of stopped) this.print(`${trace.name} (${trace.cell}): ${backgroundState(trace)}\n`);
  }

  pauseTraces(names: readonly string[], paused: boolean): void {
    for (const name of names) {
      const trace = this.backgrounds.get(name)?.run.running;
      if (paused) trace?.pause();
      else trace?.resume();
    }
  }

  setDump(kinds: readonly DumpKind[]): void {
    this.settings.dump = kinds;
  }

  setGuru(): void {
    this.settings.language = { ...this.settings.language, guru: true };
  }

  setLimit(name: string, value: string): void {
    const { language } = this.settings;
    const outcome = limitSetting(name, value);
    if (outcome.kind === "refused")
      throw new MagicError(
        outcome.problem,
        `%limits ${name}=${LIMIT_SETTINGS.find((setting) => setting.name === name)?.current(this.session.limits)} is what holds without`,
      );
    if (outcome.kind === "unknown") {
      const names = LIMIT_SETTINGS.map((setting) => setting.name);
      const similar = mostSimilar(name, names);
      throw new MagicError(
        `there is no limit ${name}`,
        similar === null ? `there are ${names.join(", ")}` : `did you mean ${similar}?`,
      );
    }
    if (outcome.note !== null) this.output.stream("stderr", `WARNING: ${outcome.note}\n`);
    this.settings.language = { ...language, limits: { ...language.limits, ...outcome.limits } };
  }

  limits(): ReturnType<MagicSession["limits"]> {
    const limits = { ...this.session.limits, ...this.settings.language.limits };
    return LIMIT_SETTINGS.map((setting) => ({ ...setting, value: setting.current(limits) }));
  }

  verifierLogs(): ReturnType<MagicSession["verifierLogs"]> {
    const { lastScript, native } = this.session;
    return lastScript && verifierLogs(native, lastScript);
  }

  redact(rules: readonly RedactionRule[] | null): void {
    if (rules) this.session.redaction.add(rules);
    else this.session.redaction.clear();
  }

  redactions(): readonly string[] {
    return this.session.redaction.rules;
  }

  print(text: string): void {
    this.output.stream("stdout", text);
  }

  resetGlobal(name: string): boolean {
    this.session.empty(name);
    return this.session.known.globals.has(name);
  }

  async resetAll(): Promise<void> {
    await this.settings.stopWatches();
    const stopped = await this.session.reset();
    for (const cell of stopped)
      this.output.stream("stderr", `The trace of ${cell} was stopped: %reset forgets what it uses.\n`);
  }

  globals(): readonly MagicGlobal[] {
    return userGlobals(this.session).map(({ name, type }) => {
      const store = this.session.globals.get(name)?.store;
      return { name, type: type && globalTypeText(type), size: type && store ? sizeOf(type, store) : null };
    });
  }

  magics(): typeof magics {
    return magics;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may be traced all the same.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
