/** Programs and libraries of this machine: found by path, by name, by process; what is in them is read once as long as they stay the same. */
import { existsSync, readFileSync, readlinkSync, realpathSync, statSync, type BigIntStats } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import type { DebugInformation } from "../../compiler/debug_information.js";
import type {
  CodeAddress,
  FileIdentity,
  NoProgram,
  ProgramFile,
  ProgramFunction,
  Programs,
} from "../../compiler/program_file.js";
import { typesOfElf } from "./elf_types.js";
import { isEngineError, type ElfPltEntry, type ElfProbe, type Native, type NativeElf } from "../native.js";
import type { ElfThreadStorage } from "../native_elf.js";
import { linkedLibraries, searchLibrary } from "./shared_libraries.js";

export class MachinePrograms implements Programs {
  private readonly files = new Map<string, Program>();

  constructor(private readonly native: Native) {}

  find(name: string): ProgramFile | NoProgram {
    if (name.includes("/")) return this.open(resolve(name), name);
    const path = (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder === "" ? "." : folder, name))
      .find(isExecutable);
    return path === undefined ? { reason: `no program ${name} is in the folders of PATH` } : this.open(path, name);
  }

  ofProcess(pid: number): ProgramFile | NoProgram {
    try {
      const path = readlinkSync(`/proc/${pid}/exe`);
      return this.open(placeOf(pid, path, "exe"), path);
    } catch (error) {
      return { reason: `process ${pid}: ${complaintOf(error, "there is no such process")}` };
    }
  }

  close(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
  }

  libraries(program: ProgramFile): readonly string[] {
    return linkedLibraries(program.path);
  }

  mapped(pid: number): readonly { readonly name: string; readonly path: string }[] {
    try {
      const maps = readFileSync(`/proc/${pid}/maps`, "utf8");
      const found = new Map<string, string>();
      for (const [, range = "", path = ""] of maps.matchAll(/^(\S+) ..x\S* \S+ \S+ \S+ +(\/.*)$/gm))
        if (!found.has(path)) found.set(path, placeOf(pid, path, `map_files/${range}`));
      return [...found].map(([name, path]) => ({ name, path }));
    } catch {
      return [];
    }
  }

  displacement(program: ProgramFile, pid: number | null): bigint | NoProgram {
    const elf = this.native.openElf(program.path);
    try {
      if (!elf.isPositionIndependent) return 0n;
    } finally {
      elf.close();
    }
    if (pid === null)
      return { reason: `${program.path} is position-independent: where its data lies is known once it runs` };
    const [code] = program.functions();
    const found = code && placeInMemory(pid, program.path, code.offset);
    if (!code || found === undefined) return { reason: `process ${pid} does not run ${program.path}` };
    return found - code.address;
  }

  library(name: string, program: ProgramFile): ProgramFile | NoProgram {
    if (name.includes("/")) return this.open(resolve(name), name);
    const path = searchLibrary(name, program.path);
    return path === null
      ? { reason: `no library ${name} is where the dynamic loader looks for those of ${program.path}` }
      : this.open(path, name);
  }

  private open(path: string, name: string): ProgramFile | NoProgram {
    try {
      // What lies behind /proc/PID/root is in another mount namespace: its links lead elsewhere from here.
      const real = path.startsWith("/proc/") ? path : realpathSync(path);
      const found = statSync(real, { bigint: true });
      if (!found.isFile()) return { reason: `${name} is not a file` };
      const known = this.files.get(real);
      if (known?.isStill(found)) return known;
      known?.close();
      const program = new Program(this.native, real, found);
      this.files.set(real, program);
      return program;
    } catch (error) {
      return { reason: complaintOf(error, `there is no file ${name}`, `${name} is no program that can be read`) };
    }
  }
}

class Program implements ProgramFile {
  readonly identity: FileIdentity;
  readonly machine: string;
  readonly isPositionIndependent: boolean;
  readonly codeAddress: bigint;
  readonly threadStorageSize: bigint | null;
  private read: Contents | undefined;
  /** Open as long as somebody may ask for its types. */
  private described: NativeElf | null | undefined;

  constructor(
    private readonly native: Native,
    readonly path: string,
    private readonly stats: BigIntStats,
  ) {
    this.identity = { inode: stats.ino, name: basename(path) };
    const { machine, isPositionIndependent, segments, threadStorage } = this.look((elf) => ({
      machine: elf.machine,
      isPositionIndependent: elf.isPositionIndependent,
      segments: elf.segments(),
      threadStorage: elf.threadStorage(),
    }));
    this.machine = machine;
    this.isPositionIndependent = isPositionIndependent;
    const code = segments.filter(({ executable }) => executable).map(({ address }) => address);
    this.threadStorageSize = threadStorage && belowThreadPointer(threadStorage);
    this.codeAddress = code.reduce((least, address) => (address < least ? address : least), code[0] ?? 0n);
  }

  isStill({ ino, dev, mtimeNs, size }: BigIntStats): boolean {
    const { stats } = this;
    return stats.ino === ino && stats.dev === dev && stats.mtimeNs === mtimeNs && stats.size === size;
  }

  get isStripped(): boolean {
    return this.contents.isStripped;
  }

  functions(): readonly ProgramFunction[] {
    return this.contents.functions;
  }

  implementationsOf({ name, address }: ProgramFunction): readonly CodeAddress[] | NoProgram {
    if (this.isInVdso(name))
      return { reason: `the code of ${name} is the kernel's (its vDSO), which is in no file that could be probed` };
    const found = this.look((elf) => {
      const size = elf.functions(name).find((each) => each.address === address)?.size ?? 0n;
      return elf.indirectTargets(address, size);
    });
    return found.length > 0 ? found : { reason: `nothing tells among which functions ${name} chooses` };
  }

  private isInVdso(name: string): boolean {
    const vdso = this.native.openVdso();
    if (!vdso) return false;
    try {
      return vdso.functions(`__vdso_${name}`).length > 0 || vdso.functions(`__kernel_${name}`).length > 0;
    } finally {
      vdso.close();
    }
  }

  marks(): readonly ElfProbe[] {
    return this.contents.marks;
  }

  pltEntries(): readonly ElfPltEntry[] {
    return this.contents.pltEntries;
  }

  get debug(): DebugInformation | null {
    this.described ??= this.openDescribed();
    return this.described && debugInformationOf(this.described);
  }

  close(): void {
    this.described?.close();
    this.described = undefined;
  }

  private openDescribed(): NativeElf | null {
    const elf = this.native.openElf(this.path);
    if (elf.hasDebugInformation && canBeRead(elf)) return elf;
    elf.close();
    return null;
  }

  addressOf(name: string): bigint | null {
    return this.look((elf) => elf.addressOf(name));
  }

  offsetOf(address: bigint): bigint | null {
    return this.look((elf) => elf.offsetOf(address));
  }

  private get contents(): Contents {
    this.read ??= this.look((elf) => {
      const functions = elf.functions().map(({ name, address, offset, binding, indirect }) => ({
        name,
        address,
        offset,
        isExported: binding !== "local",
        isIndirect: indirect,
      }));
      return {
        functions,
        isStripped: functions.every(({ isExported }) => isExported),
        marks: elf.probes(),
        pltEntries: elf.pltEntries(),
      };
    });
    return this.read;
  }

  private look<Result>(at: (elf: NativeElf) => Result): Result {
    const elf = this.native.openElf(this.path);
    try {
      return at(elf);
    } finally {
      elf.close();
    }
  }
}

/** Of an executable, as linkers count: it ends at the thread pointer, but for what its alignment leaves free. */
function belowThreadPointer({ address, size, alignment }: ElfThreadStorage): bigint {
  const step = alignment > 0n ? alignment : 1n;
  return size + (BigInt.asUintN(64, -address - size) % step);
}

/** The library that reads it may be missing. */
function canBeRead(elf: NativeElf): boolean {
  try {
    elf.dwarfFunctionAt(0n);
    return true;
  } catch (error) {
    if (isEngineError(error) && error.code === "ELIBACC") return false;
    throw error;
  }
}

function debugInformationOf(elf: NativeElf): DebugInformation {
  return {
    types: typesOfElf(elf),
    variablesNamed: (name) => elf.dwarfVariables(name),
    variableNames: () => elf.dwarfVariableNames(),
    functionsNamed: (name) => elf.dwarfFunctions(name),
    functionAt: (address) => elf.dwarfFunctionAt(address),
    functionAround: (address) => {
      const symbol = elf.symbolAt(address);
      return symbol && elf.dwarfFunctionAt(address - symbol.offset);
    },
    callFrameAt: (address) => elf.callFrameAt(address),
    lineOf: (address) => elf.lineOf(address),
    addressesOf: (file, line) => elf.addressesOf(file, line),
  };
}

interface Contents {
  readonly functions: readonly ProgramFunction[];
  readonly isStripped: boolean;
  readonly marks: readonly ElfProbe[];
  readonly pltEntries: readonly ElfPltEntry[];
}

/** Where a process has mapped a byte of a file. */
function placeInMemory(pid: number, path: string, offset: bigint): bigint | undefined {
  const lines = readFileSync(`/proc/${pid}/maps`, "utf8").split("\n");
  for (const line of lines) {
    const found = /^(?<start>\S+)-(?<end>\S+) \S+ (?<first>\S+) \S+ \S+ +(?<file>\/.*)$/.exec(line)?.groups;
    if (found?.["file"] !== path) continue;
    const [start, end, first] = ["start", "end", "first"].map((name) => BigInt(`0x${found[name]}`));
    const from = offset - first!;
    if (from >= 0n && from < end! - start!) return start! + from;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && (found.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** What goes before a path of a process: nothing where it sees the same files as we do. */
function rootOf(pid: number): string {
  const isSame = ["ns/mnt", "root"].every(
    (link) => readlinkSync(`/proc/${pid}/${link}`) === readlinkSync(`/proc/self/${link}`),
  );
  return isSame ? "/" : `/proc/${pid}/root`;
}

/** A file of a process by its path there; by the kernel's own link to it where that path leads nowhere from here. */
function placeOf(pid: number, path: string, link: string): string {
  const seen = join(rootOf(pid), path);
  return existsSync(seen) ? seen : `/proc/${pid}/${link}`;
}

function complaintOf(error: unknown, missing: string, unreadable = missing): string {
  if (isEngineError(error)) return error.code === "ENOEXEC" ? `${unreadable}: ${error.message}` : error.message;
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ESRCH") return missing;
  return code === "EACCES" || code === "EPERM" ? `${missing} that may be read (${code})` : `${missing} (${code})`;
}
