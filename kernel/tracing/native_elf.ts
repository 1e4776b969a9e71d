/** What the engine tells of programs and libraries: the part of `Native` that reads ELF files. */
import type { DescribedFunction, LocationOperation, ProgramVariable } from "../compiler/debug_information.js";
import type { DataType, DataTypeKind } from "../compiler/types/data_type.js";

/** A symbol of a function. */
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

/** The symbol that an address belongs to. */
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

/** What each thread has a copy of. */
export interface ElfThreadStorage {
  /** Virtual; where the original lies. */
  readonly address: bigint;
  /** Bytes in memory. */
  readonly size: bigint;
  readonly alignment: bigint;
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
  /** Null where threads have nothing of their own. */
  threadStorage(): ElfThreadStorage | null;
  /** Null where the file holds no byte for the address. */
  offsetOf(address: bigint): bigint | null;
  /**
   * The file, or its debug file, says more than names. Where not, what follows is empty or null. Where it does but elfutils' libdw is missing on
   * this machine, what follows throws ELIBACC.
   */
  readonly hasDebugInformation: boolean;
  /** By its name in the source, or the name that the linker knows; types in it are ids for `dwarfType`. */
  dwarfFunctions(name: string): readonly DescribedFunction[];
  /** The function whose own code begins there: a symbol such as `malloc` is `__libc_malloc` in the source. */
  dwarfFunctionAt(address: bigint): DescribedFunction | null;
  /** Variables of no function: static ones of several files may share a name. */
  dwarfVariables(name: string): readonly ProgramVariable[];
  /** Of such variables, each once. */
  dwarfVariableNames(): readonly string[];
  /** The expression for the caller's stack pointer (`DW_OP_call_frame_cfa`). */
  callFrameAt(address: bigint): readonly LocationOperation[];
  /** Ids are this file's own. Throws ENOENT for one that it did not give. */
  dwarfType(id: number): DataType;
  findType(name: string, kind: DataTypeKind): number | null;
  /** The first enumeration with an enumerator of that name, enumerations without a name of their own among them. */
  findEnumeration(enumerator: string): number | null;
  /** Each once, in the order of the file. */
  typeNames(kind: DataTypeKind, prefix: string): readonly string[];
  lineOf(address: bigint): { readonly file: string; readonly line: number } | null;
  /** Where the code of a line begins, each time that it does. */
  addressesOf(file: string, line: number): readonly { readonly address: bigint; readonly offset: bigint }[];
  close(): void;
}

/** What opens ELF files. */
export interface NativeElfReader {
  /** Throws what opening said, such as ENOENT; ENOEXEC where it is no ELF file that can be read. */
  openElf(path: string): NativeElf;
  /** The code that the kernel maps into every 64-bit process; null where it maps none. */
  openVdso(): NativeElf | null;
}
