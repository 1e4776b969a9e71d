/**
 * What the language knows besides syntax: functions of the tapset and families of probe points. `tapset/` and
 * `probes/` fill it; the compiler takes it as an argument and knows no function and no family by name.
 */
import type { Runtime, Value } from "./closures/runtime.js";
import type { AttachPoint, CounterSpec, StringShape } from "./compiled.js";
import type { KernelValue, LongValue, Operand, StringValue } from "./ir/values.js";
import type { Emitter } from "./ir/emitter.js";
import type { ValueType } from "./check/program.js";
import type { ProgramFile, Programs } from "./program_file.js";
import type { DataTypes, TypeReference } from "./types/data_type.js";

/** A parameter of a function of the tapset. */
export interface FunctionParameter {
  readonly name: string;
  readonly type: ValueType;
  /** What it means, with its unit. */
  readonly meaning: string;
}

/** What help and the reference say of a function. */
export interface FunctionDescription {
  readonly name: string;
  /** The page of the reference it stands on: `context`, `time`, `string`, … */
  readonly topic: string;
  readonly summary: string;
  readonly parameters: readonly FunctionParameter[];
  /** Null where it returns nothing. */
  readonly returns: ValueType | null;
  /** What the number counts, such as `ns`; shown on charts. */
  readonly unit?: string;
  /** A cell that shows its use. */
  readonly example: string;
  /** It acts on what is traced: only guru mode has it. */
  readonly needsGuru?: boolean;
  /** Why it does not run inside probes on events, where it does not. */
  readonly kernelRefusal?: string;
  /** Why it does not run outside of them. */
  readonly userRefusal?: string;
}

/** One function of the tapset: everything about it in one place. */
export interface TapsetFunction extends FunctionDescription {
  /** For a function that returns a string: how it comes out of `kernel`; the language's longest string where not given. */
  readonly shape?: StringShape;
  /** Code for handlers in the kernel; absent where it cannot run there, with the reason in `kernelRefusal`. */
  readonly kernel?: (emit: Emitter, args: readonly KernelValue[]) => KernelValue | null;
  /** Code for handlers in user space; absent where it makes no sense there, with the reason in `userRefusal`. */
  readonly user?: (runtime: Runtime, args: readonly Value[]) => Value | null;
  /** The type of the kernel's that a returned number has, as C writes it: `struct task_struct *`. */
  readonly data?: string;
}

/** A variable that a probe point brings: `name`, `argstr`, `retval`, `$fd`. */
export interface ContextVariable {
  readonly name: string;
  readonly type: ValueType;
  readonly summary: string;
  /** For a string: how it comes out of `kernel`; the language's longest string where not given. */
  readonly shape?: StringShape;
  /** Of a number with a type of the kernel's, the plain 64 bits: an address, or an integer widened with its own sign. */
  readonly kernel?: (emit: Emitter) => LongValue | StringValue;
  /** Where it lies in the memory of the process, if it does: there a guru may change it. */
  readonly address?: (emit: Emitter) => LongValue;
  /** For user-space handlers. */
  readonly user?: (runtime: Runtime) => Value;
  /** It is for the handler to give it a value; only outside of the kernel. */
  readonly isAssignable?: true;
  /** The type of the kernel's that the number has: `->`, `[]` and `$` go on from it. */
  readonly data?: TypeReference;
  /** For `$$vars`, `$$parms` and their kin: the variables that it shows as `name=0x…`. The checker makes the text; `kernel` is not needed. */
  readonly lists?: readonly string[];
  /** Why it cannot be read here, though the program has it: such as what the compiler kept no value of. */
  readonly unreadable?: string;
}

/** The program whose code a probe is on: there its own variables and types go before the kernel's. */
export interface ProbedProgram {
  readonly file: ProgramFile;
  /** Of the function that is probed: what is static there goes before what is static elsewhere. Null where nothing tells. */
  readonly sourceFile: string | null;
  /** How far its addresses were moved in the process, or why that is not known. */
  readonly bias: ((emit: Emitter) => Operand) | { readonly reason: string };
  /** Where the current thread has what each thread has of its own, or why that is not known. */
  readonly threadStorage: ((emit: Emitter) => Operand) | { readonly reason: string };
}

/** Whether a variable is for functions of the tapset, such as `ppfunc()` and `int_arg()`, rather than for scripts. */
export function isHiddenVariable(name: string): boolean {
  return /^\$(?:probefunc|probeaddr|pp|word\d+)$/.test(name);
}

export type UserMoment =
  | { readonly kind: "begin" | "end" | "error"; readonly order: bigint }
  | { readonly kind: "timer"; readonly nanoseconds: bigint; readonly randomize: bigint }
  | { readonly kind: "never" }
  /** Somebody reads or writes a file that is there while the script runs. */
  | { readonly kind: "file"; readonly access: "read" | "write"; readonly file: ScriptFile }
  /** The user has typed something; so much of it at a time. */
  | { readonly kind: "input"; readonly unit: "char" | "line" }
  /** The bare statements of a cell. */
  | { readonly kind: "statements" };

/** A file of the script's own, as one of its points asks for it. */
export interface ScriptFile {
  /** Relative; a component of it may be a folder's name. */
  readonly name: string;
  /** Bytes that may be read or written at once; null for as many as a string has. */
  readonly maxSize: number | null;
  /** Permissions that nobody gets; null where the point does not say. */
  readonly umask: number | null;
}

/** A probe whose handler runs in user space: when a script begins or ends, on timers, on files. */
export interface UserProbe {
  readonly kind: "user";
  readonly moment: UserMoment;
  readonly variables: ReadonlyMap<string, ContextVariable>;
  /** The point is there for this counter, which other probes read by `@perf("name")`. */
  readonly counter?: NamedCounter;
}

/** A counter that a script has given a name. */
export interface NamedCounter extends CounterSpec {
  readonly name: string;
}

/** A probe whose handler runs in the kernel, when an event comes. */
export interface KernelProbe {
  readonly kind: "kernel";
  readonly attach: AttachPoint;
  /** How the user should be told that it attaches, such as `system-call tracepoint sys_exit`. */
  readonly mechanism: string;
  /** Emits code that jumps to `skip` where the event is none of this probe's; runs before anything is counted. */
  readonly guard: ((emit: Emitter, skip: string) => void) | null;
  /** The same for what cannot be told without scratch memory; runs behind the guard, and what it skips is not counted. */
  readonly lateGuard?: (emit: Emitter, skip: string) => void;
  readonly variables: ReadonlyMap<string, ContextVariable>;
  /** Absent on points that are in no program's code. */
  readonly program?: ProbedProgram;
  /** Functions such as `returnval()` and `$return` make sense only in these. */
  readonly isReturn: boolean;
  /** The point as written whose pattern named this probe among others: where the kernel refuses it, those go on without it. */
  readonly pattern?: string;
  /** Of a return: the probe at the entry of the same, for `@entry` and for variables that the return itself has not. */
  readonly entry?: KernelProbe;
}

export type ResolvedProbe = UserProbe | KernelProbe;

/** A probe point as written, arguments as text and numbers. */
export interface PointPattern {
  readonly components: readonly { readonly name: string; readonly argument: bigint | string | null }[];
}

export type Resolution =
  /** `point` is the expanded name for messages. */
  | { readonly kind: "resolved"; readonly probes: readonly { readonly point: string; readonly probe: ResolvedProbe }[] }
  | { readonly kind: "refused"; readonly message: string; readonly hint?: string };

/** A point that there is, with what it brings. */
export interface ListedProbe {
  readonly point: string;
  readonly variables: readonly ContextVariable[];
}

/** A kind of probe points: what they are called, which there are, and how they are attached. */
export interface ProbeFamily {
  readonly name: string;
  readonly summary: string;
  /** Forms as the manual writes them, such as `timer.s(N)`. */
  readonly forms: readonly string[];
  readonly example: string;
  /** Null where the point is none of this family's. */
  resolve(pattern: PointPattern, target: Target): Resolution | null;
  /** A wildcard in a name is its own to resolve, into fewer probes than there are names. */
  readonly resolvesWildcards?: true;
  /**
   * The points that a pattern with a literal form names, one by one as they are found, where there may be too many to resolve or to
   * complete; null where the pattern is none of this family's.
   */
  list?(pattern: PointPattern, target: Target): Iterable<ListedProbe> | null;
  /** Points that start so, for completion. */
  complete?(prefix: string, target: Target): readonly string[];
}

/** All that the language knows besides its syntax. */
export interface Catalogue {
  /** Several of one name differ in how many parameters they have. */
  readonly functions: readonly TapsetFunction[];
  readonly families: readonly ProbeFamily[];
  /** The part of the tapset that is written in the language itself. */
  readonly prelude: readonly { readonly name: string; readonly text: string }[];
  /** What there is to say of the functions in it. */
  readonly library?: readonly FunctionDescription[];
}

/** Where a member lies in a struct of the kernel. */
export interface StructMember {
  /** Bytes from the start of the struct. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** The functions of the kernel and of its modules, as far as probes can be put on them. */
export interface KernelFunctions {
  /** Names that start so, of the kernel's own functions (null) or of a module's; sorted. */
  names(module: string | null, prefix: string): readonly string[];
  /** Whether the kernel's function tracer reaches it, which trampolines and kprobe.multi need; true where that is not told. */
  isTraceable(name: string, module: string | null): boolean;
  /** Modules that are loaded. */
  modules(): readonly string[];
}

/** What can be tried on a machine, where nothing of the user's is touched by it. */
export type Trial =
  /** On a function that nothing calls. */
  | { readonly kind: "fentry" | "fexit" | "kprobe" | "kretprobe" | "kprobe_multi" | "netfilter" }
  /** On a file that no process runs. */
  | { readonly kind: "uprobe" | "uprobe_multi" }
  | { readonly kind: "lsm"; readonly hook: string }
  /** Files that a script serves. */
  | { readonly kind: "files" }
  /** Loads a program that would write into a process's memory, and runs it nowhere. */
  | { readonly kind: "write_user" }
  /** Opens the counter on one CPU. */
  | Pick<Extract<AttachPoint, { kind: "perf" }>, "kind" | "type" | "config">
  | Extract<AttachPoint, { kind: "breakpoint" }>;

/** How local time is told when a trace starts. */
export interface TimeZone {
  readonly secondsWestOfUtc: bigint;
  /** As it is abbreviated; ASCII. */
  readonly name: string;
}

/** The machine that the script is for. Pure data and pure look-ups: equal targets give equal output. */
export interface Target {
  readonly kernelRelease: string;
  readonly architecture: "x86_64" | "aarch64";
  readonly possibleCpus: number;
  /** Tracepoints are attached as `tp_btf` where it loads, else as `raw_tracepoint`. */
  readonly tracepointProgram: "tp_btf" | "raw_tracepoint";
  /**
   * What classic tracepoints can serve is attached by them: this kernel may preempt the programs of the others, and then does not
   * run them for other threads on that CPU.
   */
  readonly prefersClassicTracepoints: boolean;
  /** Process given by `-c` or `-x`; 0 without. */
  readonly targetPid: number;
  /** What the command of `-c` runs, which its process becomes later; empty where only a shell knows. Absent without a command. */
  readonly targetProgram?: string | undefined;
  hasTracepoint(name: string): boolean;
  tracepoints(): readonly string[];
  /** Names of tracepoints by their groups; empty where this machine does not tell them. */
  tracepointGroups(): ReadonlyMap<string, readonly string[]>;
  /** A member by its path, such as `task_struct`, `real_parent`; null where this kernel has none. */
  member(structure: string, path: readonly string[]): StructMember | null;
  /** Types of the kernel, or of one of its modules; null where this machine tells none. */
  dataTypes(module?: string): DataTypes | null;
  /** What can be probed in the kernel's code. */
  readonly functions: KernelFunctions;
  /** What can be probed in programs. */
  readonly programs: Programs;
  /** Why this machine cannot have such an attachment, in its own words; null where a trial of it went well. */
  refusal(trial: Trial): string | null;
  /** Ticks of the kernel's timer in a second. */
  readonly jiffiesPerSecond: number;
  readonly timeZone: TimeZone;
  /** The address of a kernel's symbol; null where there is none, or where this machine hides addresses. */
  kernelSymbol(name: string): bigint | null;
}
