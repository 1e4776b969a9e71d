/** Programs and libraries of the machine, as probe points see them. Plain look-ups: equal files give equal output. */
import type { DebugInformation } from "./debug_information.js";

export interface ProgramFunction {
  readonly name: string;
  /** Virtual, as the file has it. */
  readonly address: bigint;
  /** In the file: where a probe goes. */
  readonly offset: bigint;
  /** Other files of the program's source may call it. */
  readonly isExported: boolean;
  /** It only chooses, when the program starts, the function that its name then stands for (IFUNC). */
  readonly isIndirect: boolean;
}

/** A statically defined probe (USDT). */
export interface ProgramMark {
  readonly provider: string;
  readonly name: string;
  readonly address: bigint;
  readonly offset: bigint;
  /** In the file; 0 where the mark has no semaphore. */
  readonly semaphoreOffset: bigint;
  /** As the assembler wrote them. */
  readonly arguments: string;
}

/** Where the program goes to call a function of a library. */
export interface ProgramPltEntry {
  readonly name: string;
  readonly offset: bigint;
}

/** What tells a process's executable from others, inside of the kernel. */
export interface FileIdentity {
  readonly inode: bigint;
  /** The last component of its path. */
  readonly name: string;
}

/** A place in a program's code. */
export interface CodeAddress {
  /** Virtual, as the file has it. */
  readonly address: bigint;
  /** In the file. */
  readonly offset: bigint;
}

export interface ProgramFile {
  /** As the kernel is told it: without links, and through /proc where it is in another mount namespace. */
  readonly path: string;
  readonly identity: FileIdentity;
  /** Such as `x86_64` and `aarch64`. */
  readonly machine: string;
  /** It runs wherever it is mapped; else its addresses are those of the process. */
  readonly isPositionIndependent: boolean;
  /** Virtual: where its code begins, as the kernel counts it. */
  readonly codeAddress: bigint;
  /** Bytes from the start of what each thread has of its own to its thread pointer, on x86-64; null where it has nothing. */
  readonly threadStorageSize: bigint | null;
  /** Nothing but what other files link to has a name. */
  readonly isStripped: boolean;
  /** By address; those of its debug file too. */
  functions(): readonly ProgramFunction[];
  /** Among which functions an indirect one chooses when the program starts, or why that is not known. */
  implementationsOf(indirect: ProgramFunction): readonly CodeAddress[] | NoProgram;
  marks(): readonly ProgramMark[];
  pltEntries(): readonly ProgramPltEntry[];
  /** Virtual, of a function or a variable by its name; null where there is none. */
  addressOf(name: string): bigint | null;
  /** What it says more than names; null where it says nothing, or where this machine cannot read it. */
  readonly debug: DebugInformation | null;
  /** In the file; null where it holds no byte for the address. */
  offsetOf(address: bigint): bigint | null;
}

/** Why there is no such program, as a sentence without its end. */
export interface NoProgram {
  readonly reason: string;
}

export interface Programs {
  /**
   * How far from its own addresses a program lies in memory: 0 where it says itself where it lies, else as in the process, which runs
   * it. Without a process that is not known.
   */
  displacement(program: ProgramFile, pid: number | null): bigint | NoProgram;
  /** By its path, or by a name that is looked for where the shell looks. */
  find(name: string): ProgramFile | NoProgram;
  /** What a process runs. */
  ofProcess(pid: number): ProgramFile | NoProgram;
  /** The libraries that a program is linked with, directly or through others, as the dynamic loader would find them. */
  libraries(program: ProgramFile): readonly string[];
  /** The files that a process has mapped as code. */
  mapped(pid: number): readonly { readonly name: string; readonly path: string }[];
  /** A library by its path, or by its name where the dynamic loader looks for those of that program. */
  library(name: string, program: ProgramFile): ProgramFile | NoProgram;
}
