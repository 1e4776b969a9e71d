/** What a program's debug information tells of its functions and variables, as probe points need it. Plain look-ups. */
import type { DataTypes } from "./types/data_type.js";

/** One step of a DWARF expression. */
export interface LocationOperation {
  /** DW_OP_* */
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

export interface ProgramVariable {
  readonly name: string;
  /** For `types`; 0 is void. */
  readonly type: number;
  readonly locations: readonly VariableLocation[];
  /** Its value, where the compiler left no variable. */
  readonly constant: bigint | null;
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
}

export interface DebugInformation {
  /** They describe the process's memory. */
  readonly types: DataTypes;
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
