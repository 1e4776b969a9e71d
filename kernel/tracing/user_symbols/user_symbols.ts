/**
 * Names of addresses in processes: functions and variables of programs and libraries, of the kernel's vdso, and of code made at run time
 * that the program itself names. Also for processes that have ended, if they were looked at before.
 */
import type { NativeElfReader } from "../native.js";
import type { AddressSpace } from "./address_space.js";
import { ElfFiles } from "./elf_files.js";
import { type Mapping, parseMappings } from "./mappings.js";
import { ObservedProcess, startTimeOf } from "./process.js";

export interface UserSymbol {
  /** Null where the module has no symbol for it, such as a stripped program. */
  readonly name: string | null;
  /** Bytes from the start of the symbol; without one, the address in the module's own file. */
  readonly offset: bigint;
  /** Bytes of the symbol; 0 without one. */
  readonly size: bigint;
  /** The file as the process sees it, or a name such as `[vdso]` and `[heap]`; empty for memory of nobody. */
  readonly module: string;
}

export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** Processes that are remembered; beyond it, the ones longest unused are forgotten. */
const MOST_PROCESSES = 4096;
const MOST_ANSWERS = 200_000;

export class UserSymbols {
  private readonly files: ElfFiles;
  /** The longest unused first. */
  private readonly processes = new Map<number, ObservedProcess>();
  /** Answers by process and address: a profile asks for the same ones again and again. */
  private answers = new Map<ObservedProcess, Map<bigint, UserSymbol | null>>();
  private answerCount = 0;

  constructor(reader: NativeElfReader) {
    this.files = new ElfFiles(reader);
  }

  /**
   * Looks at what a process has mapped and opens those files, so that it may end. Call it when the first stack of a process arrives.
   * Returns false where there is no such process any more.
   */
  remember(pid: number): boolean {
    const known = this.living(pid);
    if (!known) return false;
    if (known.refresh()) this.forgetAnswers(known);
    return true;
  }

  /** For a process that ended before anybody could look: the text of its `/proc/PID/maps`, recorded by the caller. */
  rememberMappings(pid: number, mappings: string | readonly Mapping[]): void {
    const process = this.processes.get(pid) ?? ObservedProcess.ended(pid, this.files);
    process.remember(typeof mappings === "string" ? parseMappings(mappings) : mappings);
    this.forgetAnswers(process);
    this.keep(pid, process);
  }

  /** For a process that ended before anybody could look, and that mapped what the process it came from has mapped. */
  rememberAsOf(pid: number, parent: number): void {
    const known = this.living(parent);
    const text = known?.currentMappings() ?? "";
    if (text !== "") this.rememberMappings(pid, text);
  }

  /** Null where nothing is known to have been mapped at the address. */
  symbol(pid: number, address: bigint): UserSymbol | null {
    return this.symbols(pid, [address])[0]!;
  }

  /** Many at once: a process is looked at anew at most once a call, and only if an address asks for it. */
  symbols(pid: number, addresses: readonly bigint[]): readonly (UserSymbol | null)[] {
    const process = this.living(pid) ?? this.processes.get(pid);
    if (!process) return addresses.map(() => null);
    let mayRefresh = true;
    return addresses.map((given) => {
      const address = BigInt.asUintN(64, given);
      const known = this.answers.get(process)?.get(address);
      if (known !== undefined) return known;
      let found = this.find(process, address);
      if (mayRefresh && (found === null || (found.name === null && !found.module.startsWith("/")))) {
        mayRefresh = false;
        if (process.refresh()) {
          this.forgetAnswers(process);
          found = this.find(process, address);
        }
      }
      this.note(process, address, found);
      return found;
    });
  }

  /**
   * The line of source that an address belongs to; null where nothing says. It reads the module's debug information, which takes a while the
   * first time. For a return address ask for the byte before it: the call's own line.
   */
  line(pid: number, given: bigint): SourceLine | null {
    const process = this.living(pid) ?? this.processes.get(pid);
    const address = BigInt.asUintN(64, given);
    const module = process?.spaceOf(address)?.moduleAt(address);
    return module ? module.elf.lineOf(address - module.bias) : null;
  }

  /** By build id and place in the file, as `BPF_F_USER_BUILD_ID` gives stacks; null where no file of that build was seen. */
  inBuild(buildId: string, fileOffset: bigint): UserSymbol | null {
    const elf = this.files.ofBuild(buildId);
    const segment = elf
      ?.segments()
      .find(({ offset, size, executable }) => executable && fileOffset >= offset && fileOffset < offset + size);
    if (!elf || !segment) return null;
    const address = fileOffset - segment.offset + segment.address;
    const symbol = elf.symbolAt(address);
    return symbol ? { ...symbol, module: elf.path } : { name: null, offset: address, size: 0n, module: elf.path };
  }

  close(): void {
    this.processes.clear();
    this.answers.clear();
    this.files.close();
  }

  /** The process that has this number now, known or new. */
  private living(pid: number): ObservedProcess | null {
    const known = this.processes.get(pid);
    const startTime = startTimeOf(pid);
    if (startTime === null) return null;
    if (known?.startTime === startTime) {
      this.keep(pid, known);
      return known;
    }
    const observed = ObservedProcess.observe(pid, this.files);
    if (observed) {
      observed.refresh();
      this.keep(pid, observed);
    }
    return observed;
  }

  private keep(pid: number, process: ObservedProcess): void {
    this.processes.delete(pid);
    this.processes.set(pid, process);
    const [oldest] = this.processes;
    if (this.processes.size <= MOST_PROCESSES || !oldest) return;
    this.processes.delete(oldest[0]);
    this.forgetAnswers(oldest[1]);
  }

  private find(process: ObservedProcess, address: bigint): UserSymbol | null {
    const space = process.spaceOf(address);
    const mapped = space && inModule(space, address);
    if (mapped?.name) return mapped;
    const generated = process.generatedAt(address);
    if (!generated) return mapped;
    const { name, start, end } = generated;
    return { name, offset: address - start, size: end - start, module: mapped?.module ?? "" };
  }

  private note(process: ObservedProcess, address: bigint, answer: UserSymbol | null): void {
    if (this.answerCount >= MOST_ANSWERS) {
      this.answers = new Map();
      this.answerCount = 0;
    }
    const answers = this.answers.get(process) ?? new Map<bigint, UserSymbol | null>();
    answers.set(address, answer);
    this.answers.set(process, answers);
    this.answerCount += 1;
  }

  private forgetAnswers(process: ObservedProcess): void {
    this.answerCount -= this.answers.get(process)?.size ?? 0;
    this.answers.delete(process);
  }
}

function inModule(space: AddressSpace, address: bigint): UserSymbol | null {
  const module = space.moduleAt(address);
  if (module) {
    const symbol = module.elf.symbolAt(address - module.bias);
    if (symbol) return { ...symbol, module: module.path };
    return { name: null, offset: address - module.bias, size: 0n, module: module.path };
  }
  const mapping = space.mappingAt(address);
  if (!mapping) return null;
  return { name: null, offset: address - mapping.start + mapping.offset, size: 0n, module: mapping.path };
}
