/** What a program's debug information tells of its functions and variables, as probe points need it. Plain look-ups. */
import type { DataTypes } from "./types/data_type.js";

/** One step of a DWARF expression; addresses and inner expressions are already looked up. */
export interface LocationOperation {
  /** DW_OP_*, such as 0x91 for `fbreg`. For `entry_value` (0xa3) `first` is the register, all ones where it is no plain one. */
  readonly code: number;
  /** Operands as 64 bits; signed ones as their bits. */
  readonly first: bigint;
  readonly second: bigint;
}

/** Where a variable is while the processor is between two virtual addresses. */
export interface VariableLocation {
  readonly low: bigint;
  /** The first address behind. */
  readonly high: bigint;
  /** None: there it has no value. */
  readonly operations: readonly LocationOperation[];
}

/** A variable or a parameter, and where its value is. */
export interface ProgramVariable {
  readonly name: string;
  /** For `types`; 0 is void. */
  readonly type: number;
  readonly locations: readonly VariableLocation[];
  /** Where it is declared; empty where nothing says. */
  readonly file: string;
  /** Its value, where the compiler left no variable. */
  readonly constant: bigint | null;
  /** Other source files see it too. */
  readonly external: boolean;
}

/** A call in a function's code, or a function that was inlined there. */
export interface DescribedCall {
  /** Of the function that is called. */
  readonly name: string;
  /** Where its own code begins; 0 where this program has none of it. */
  readonly entry: bigint;
  /** Where the inlined copy begins; 0 for a call. */
  readonly inlinedAt: bigint;
}

/** One place where a function begins: of its own, or where it was inlined. */
export interface DescribedFunction {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly address: bigint;
  readonly offset: bigint;
  /** Behind what builds the stack frame: only from here on, unoptimised code finds its variables. */
  readonly bodyAddress: bigint;
  readonly bodyOffset: bigint;
  readonly inlined: boolean;
  /** 0 is void. */
  readonly returnType: number;
  readonly parameters: readonly ProgramVariable[];
  readonly locals: readonly ProgramVariable[];
  /** What `DW_OP_fbreg` counts from. */
  readonly frameBase: readonly VariableLocation[];
  /** Places that its source names. */
  readonly labels: readonly {
    readonly name: string;
    readonly line: number;
    readonly address: bigint;
    readonly offset: bigint;
  }[];
  /** In the order of the file. */
  readonly calls: readonly DescribedCall[];
  /** Every call is among them: compilers tell calls only where they optimise. */
  readonly tellsCalls: boolean;
  /** Its code, which may lie in several pieces; `high` is the first address behind. */
  readonly code: readonly { readonly low: bigint; readonly high: bigint }[];
}

/** The debug information of one program. */
export interface DebugInformation {
  /** They describe the process's memory. */
  readonly types: DataTypes;
  /** Variables of no function: static ones of several files may share a name. */
  variablesNamed(name: string): readonly ProgramVariable[];
  /** Of such variables, each once. */
  variableNames(): readonly string[];
  /** By its name in the source, or the name that the linker knows. */
  functionsNamed(name: string): readonly DescribedFunction[];
  /** The function whose own code begins there. */
  functionAt(address: bigint): DescribedFunction | null;
  /** The function with whose code of its own an address lies. */
  functionAround(address: bigint): DescribedFunction | null;
  /** The expression for the caller's stack pointer; none where nothing tells. */
  callFrameAt(address: bigint): readonly LocationOperation[];
  lineOf(address: bigint): { readonly file: string; readonly line: number } | null;
  /** Where the code of a line begins, each time that it does. */
  addressesOf(file: string, line: number): readonly { readonly address: bigint; readonly offset: bigint }[];
}
