/** What the engine tells of programs and libraries: the part of `Native` that reads ELF files. */
import type { BtfKind, BtfType } from "./native.js";

export interface ElfFunction {
  readonly name: string;
  /** Virtual, as the file has it: what is added when it is mapped is not in it. */
  readonly address: bigint;
  /** In the file: where a probe goes. */
  readonly offset: bigint;
  /** Bytes; 0 where the file says none. */
  readonly size: bigint;
  readonly binding: "local" | "global" | "weak";
  /** It only chooses, when the program starts, the function that its name then stands for (`STT_GNU_IFUNC`). */
  readonly indirect: boolean;
}

export interface ElfSymbol {
  readonly name: string;
  /** Bytes from its start. */
  readonly offset: bigint;
  /** Bytes; up to the next symbol where the file says none. */
  readonly size: bigint;
}

/** An entry of the procedure linkage table: where the program goes to call a function of a library. */
export interface ElfPltEntry {
  readonly name: string;
  readonly address: bigint;
  readonly offset: bigint;
}

/** A statically defined probe (USDT), where it lies in the file as it is, prelinked or not. */
export interface ElfProbe {
  readonly provider: string;
  readonly name: string;
  readonly address: bigint;
  readonly offset: bigint;
  /** Of the 16-bit counter that is above 0 while somebody listens; 0 where the program has none. */
  readonly semaphoreAddress: bigint;
  readonly semaphoreOffset: bigint;
  /** As the assembler wrote them; `probes/process/usdt_arguments.ts` reads them. */
  readonly arguments: string;
}

/** A part of the file that is mapped when the program runs. */
export interface ElfSegment {
  readonly address: bigint;
  readonly offset: bigint;
  /** Bytes in memory. */
  readonly size: bigint;
  readonly executable: boolean;
}

/** One step of a DWARF expression; addresses and inner expressions are already looked up. */
export interface DwarfOperation {
  /** DW_OP_*, such as 0x91 for `fbreg`. For `entry_value` (0xa3) `first` is the register, all ones where it is no plain one. */
  readonly code: number;
  /** Operands as 64 bits; signed ones as their bits. */
  readonly first: bigint;
  readonly second: bigint;
}

/** Where a variable is while the processor is between two virtual addresses. */
export interface DwarfLocation {
  readonly low: bigint;
  /** The first address behind. */
  readonly high: bigint;
  /** None: there it has no value. */
  readonly operations: readonly DwarfOperation[];
}

export interface DwarfVariable {
  readonly name: string;
  /** For `dwarfType`; 0 is void. */
  readonly type: number;
  /** Where it is declared; empty and 0 where nothing says. */
  readonly file: string;
  readonly line: number;
  readonly locations: readonly DwarfLocation[];
  /** Its value, where the compiler left no variable. */
  readonly constant: bigint | null;
  /** Other source files see it too. */
  readonly external: boolean;
}

/** One place where a function begins: of its own, or where it was inlined. */
export interface DwarfFunction {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly address: bigint;
  readonly offset: bigint;
  /** Behind what builds the stack frame: only from here on, unoptimised code finds its variables. */
  readonly bodyAddress: bigint;
  readonly bodyOffset: bigint;
  readonly inlined: boolean;
  /** For `dwarfType`; 0 is void. */
  readonly returnType: number;
  readonly parameters: readonly DwarfVariable[];
  /** Of the outermost block and those within. */
  readonly locals: readonly DwarfVariable[];
  /** What `DW_OP_fbreg` counts from. */
  readonly frameBase: readonly DwarfLocation[];
  /** Places that its source names. */
  readonly labels: readonly {
    readonly name: string;
    readonly line: number;
    readonly address: bigint;
    readonly offset: bigint;
  }[];
  /**
   * What it calls, and what was inlined into it, in the order of the file: `entry` is where the callee's own code begins, 0 where this program
   * has none of it; `inlinedAt` where the copy begins, 0 for a call.
   */
  readonly calls: readonly { readonly name: string; readonly entry: bigint; readonly inlinedAt: bigint }[];
  /** Every call is among them. */
  readonly tellsCalls: boolean;
  /** Its code, which may lie in several pieces; `high` is the first address behind. */
  readonly code: readonly { readonly low: bigint; readonly high: bigint }[];
}

/** An ELF file, open for reading. 64-bit and little-endian ones are read; others are an EngineError with ENOEXEC. */
export interface NativeElf {
  /** Without links, as it was when the file was opened. */
  readonly path: string;
  /** In hexadecimal; empty where the file has none. */
  readonly buildId: string;
  /** A library, or a program that may lie anywhere. */
  readonly isPositionIndependent: boolean;
  /** Such as `x86_64` and `aarch64`. */
  readonly machine: string;
  /**
   * Function symbols by address, also those of the file's debug file (found by its build id, or by `.gnu_debuglink`). The
   * pattern is a shell's: `*`, `?`, `[…]`.
   */
  functions(pattern?: string): readonly ElfFunction[];
  /**
   * Among which functions an indirect one chooses, given its address and size: where each begins, as its code and the table of functions
   * tell. Empty where they do not.
   */
  indirectTargets(address: bigint, size: bigint): readonly { readonly address: bigint; readonly offset: bigint }[];
  /** Of a function or variable by its name, such as a static probe may name; null where there is none. */
  addressOf(name: string): bigint | null;
  /** The function or variable that a virtual address lies in. */
  symbolAt(address: bigint): ElfSymbol | null;
  pltEntries(): readonly ElfPltEntry[];
  probes(): readonly ElfProbe[];
  segments(): readonly ElfSegment[];
  /** Null where the file holds no byte for the address. */
  offsetOf(address: bigint): bigint | null;
  /**
   * The file, or its debug file, says more than names. Where not, what follows is empty or null. Where it does but elfutils' libdw is missing on
   * this machine, what follows throws ELIBACC.
   */
  readonly hasDebugInformation: boolean;
  /** By its name in the source, or the name that the linker knows. */
  dwarfFunctions(name: string): readonly DwarfFunction[];
  /** The function whose own code begins there: a symbol such as `malloc` is `__libc_malloc` in the source. */
  dwarfFunctionAt(address: bigint): DwarfFunction | null;
  /** Variables of no function: static ones of several files may share a name. */
  dwarfVariables(name: string): readonly DwarfVariable[];
  /** Of such variables, each once. */
  dwarfVariableNames(): readonly string[];
  /** The expression for the caller's stack pointer (`DW_OP_call_frame_cfa`). */
  callFrameAt(address: bigint): readonly DwarfOperation[];
  /** Ids are this file's own. Throws ENOENT for one that it did not give. */
  dwarfType(id: number): BtfType;
  findType(name: string, kind: BtfKind): number | null;
  /** The first enumeration with an enumerator of that name, enumerations without a name of their own among them. */
  findEnumeration(enumerator: string): number | null;
  /** Each once, in the order of the file. */
  typeNames(kind: BtfKind, prefix: string): readonly string[];
  lineOf(address: bigint): { readonly file: string; readonly line: number } | null;
  /** Where the code of a line begins, each time that it does. */
  addressesOf(file: string, line: number): readonly { readonly address: bigint; readonly offset: bigint }[];
  close(): void;
}

export interface NativeElfReader {
  /** Throws what opening said, such as ENOENT; ENOEXEC where it is no ELF file that can be read. */
  openElf(path: string): NativeElf;
  /** The code that the kernel maps into every 64-bit process; null where it maps none. */
  openVdso(): NativeElf | null;
}
