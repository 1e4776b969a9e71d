import type { WatchRequest } from "./watch.js";
import type { KeptGlobals } from "./kept.js";
import type { PlotRequest } from "./plot.js";
import type { RedactionRule } from "./redact.js";
import type { RowsRequest } from "./table.js";

/** What a magic may do to a session; `session/` implements it. */
export interface MagicSession {
  readonly kept: KeptGlobals;
  print(text: string): void;
  /** Empties a global; false where there is none of that name. */
  resetGlobal(name: string): boolean;
  /** Forgets every definition and global. */
  resetAll(): Promise<void>;
  /** In the order of their declaration. */
  globals(): readonly MagicGlobal[];
  /** Settings of the cell that is about to run. */
  setRun(options: RunOptions): void;
  magics(): readonly Magic[];
  /** For the cell that is about to run; throws MagicError for a limit that there is not, or a value that it cannot have. */
  setLimit(name: string, value: string): void;
  /** Those that hold for the cell that is about to run. */
  limits(): readonly MagicLimit[];
  /** The cell that is about to run may ask for what can do harm. */
  setGuru(): void;
  /** The cell is compiled and printed so, and not run. */
  setDump(kinds: readonly DumpKind[]): void;
  /** The cell that is about to run goes on in the background, under this name. */
  setBackground(name: string): void;
  /** The cell shows a global so: when its script has run and meanwhile, or at once where it has none. */
  plot(request: PlotRequest): void;
  /** What the cell prints becomes rows. */
  gatherRows(request: RowsRequest): void;
  /** Writes rows on an axis of time for other viewers and answers how many; throws MagicError where there are none, or no file can be. */
  writeTraceEvents(name: string, file: string): Promise<number>;
  /** Those that run in the background, in the order of their start. */
  traces(): readonly MagicTrace[];
  /** With end probes and results; resolves when they have ended. */
  stopTraces(names: readonly string[]): Promise<void>;
  pauseTraces(names: readonly string[], paused: boolean): void;
  /** In all traces that have it; throws MagicError where a trace cannot switch it by itself. */
  setProbe(point: string, isOn: boolean): void;
  /** Says what the cell's probes would cost, instead of running it or first. */
  setCost(when: "only" | "first"): void;
  /** Throws MagicError where there is nothing of that name. */
  showManual(name: string): void;
  /** Prints them as they are found. Throws MagicError where there are none for a reason of this machine. */
  listProbes(pattern: string, most: number): Promise<{ readonly listed: number; readonly isCut: boolean }>;
  /** Writes a new cell below this one. */
  insertCell(text: string): void;
  /** Goes on when the cell is done. */
  watch(request: WatchRequest): void;
  /** Resolves when none goes on. */
  stopWatches(): Promise<void>;
  /** Hides this besides what is hidden already; null shows everything again. */
  redact(rules: readonly RedactionRule[] | null): void;
  /** What is hidden, in words. */
  redactions(): readonly string[];
  /** Of the programs of the last cell that had any; null where none had. */
  verifierLogs(): readonly { readonly program: string; readonly log: string }[] | null;
}

/** What can be seen of a script on its way into the kernel. */
export type DumpKind = "tokens" | "ast" | "types" | "ir" | "bpf" | "jit";

export interface MagicGlobal {
  readonly name: string;
  /** In words; null while no cell has used it in a way that tells. */
  readonly type: string | null;
  /** Elements of an array, values of a statistic; null for what holds one value. */
  readonly size: bigint | null;
}

export interface MagicTrace {
  readonly name: string;
  /** The cell that started it, such as `cell 3`. */
  readonly cell: string;
  /** How it stands, in words and numbers. */
  readonly state: string;
  readonly probes: readonly MagicProbe[];
}

export interface MagicProbe {
  readonly point: string;
  readonly mechanism: string;
  readonly hits: bigint;
  readonly isOn: boolean;
  /** Measured; null where nothing was. */
  readonly nanosecondsPerHit: number | null;
}

/** What the language sets a bound to, or how it draws. */
export interface MagicLimit {
  readonly name: string;
  readonly value: number;
  readonly meaning: string;
}

/** How the cell's trace runs. */
export interface RunOptions {
  /** Ends the trace after so many seconds. */
  readonly seconds?: number;
  /** The trace lasts as long as this command. */
  readonly command?: string;
  /** `target()`: a process that runs already. */
  readonly pid?: number;
  /** Ends the trace when its programs take more of the machine's processor time, of which 1 is all. */
  readonly maxShare?: number;
  /** Gets all that the script prints, also what the display leaves out. */
  readonly out?: string;
}

/** A mistake in how a magic was used. */
export class MagicError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** What may stand behind a magic's name, for completion and help. */
export type MagicArgument =
  | {
      readonly kind: "option";
      /** Such as `for=` and `-c`. */
      readonly text: string;
      readonly meaning: string;
      /** What goes on behind it. */
      readonly value?: "file";
    }
  | {
      /** `kept`: a global as a snapshot holds it. `name`: of anything that there is help on. */
      readonly kind:
        | "global"
        | "kept"
        | "snapshot"
        | "trace"
        | "probe"
        | "magic"
        | "limit"
        | "file"
        | "point"
        | "expression"
        | "name";
    };

export interface Magic {
  readonly name: string;
  /** `line`: `%name args` on any line. `cell`: `%%name args` on the first. */
  readonly kind: "line" | "cell";
  readonly usage: string;
  readonly summary: string;
  readonly arguments?: readonly MagicArgument[];
  /** A line magic that does something with the rest of its cell. */
  readonly awaitsScript?: boolean;
  /** A cell that shows its use. */
  readonly example: string;
  run(argument: string, session: MagicSession): void | Promise<void>;
}
