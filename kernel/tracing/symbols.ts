/** Names for addresses: of the kernel, and of processes, those that have ended as well. */
import type { SymbolPlace } from "../compiler/text/symbols.js";
import { KernelSymbols } from "./machine/kernel_symbols.js";
import { isEngineError, type Native } from "./native.js";
import { RecordedMappings } from "./user_symbols/recorded_mappings.js";
import { UserSymbols } from "./user_symbols/user_symbols.js";

export class Symbols {
  readonly kernelSymbols = new KernelSymbols();
  private readonly processes: UserSymbols;

  private readonly recordings = new Set<RecordedMappings>();

  constructor(private readonly native: Native) {
    this.processes = new UserSymbols(native);
  }

  kernel(address: bigint): SymbolPlace | null {
    return this.kernelSymbols.at(address);
  }

  /** Whether the kernel tells this process no addresses: then none of its own has a name. */
  get areKernelAddressesHidden(): boolean {
    return this.kernelSymbols.areHidden;
  }

  /** From the start of the first of these functions of the kernel to the end of the last; zeros where the kernel tells none of them. */
  codeRange(names: readonly string[]): { readonly start: bigint; readonly size: bigint } {
    let [start, end] = [0n, 0n];
    for (const name of names) {
      for (const { address } of this.kernelSymbols.addresses(name)) {
        const { size } = this.kernelSymbols.at(address) ?? { size: 0n };
        if (start === 0n || address < start) start = address;
        if (address + size > end) end = address + size;
      }
    }
    return { start, size: end - start };
  }

  user(pid: number, address: bigint): SymbolPlace | null {
    const found = this.processes.symbol(pid, address);
    if (!found) return null;
    const { name, offset, size, module } = found;
    return {
      name,
      offset,
      size: name === null ? null : size,
      module: module === "" ? null : module,
      source: () => this.sourceOf(pid, address),
    };
  }

  /** Null where nothing tells, or where this machine cannot read what does. */
  private sourceOf(pid: number, address: bigint): { readonly file: string; readonly line: number } | null {
    try {
      return this.processes.line(pid, address);
    } catch (error) {
      if (isEngineError(error) && error.code === "ELIBACC") return null;
      throw error;
    }
  }

  /** Called when a stack of a process is first seen, as it may end before anybody asks for names. */
  remember(pid: number): void {
    const isThere = this.processes.remember(pid);
    for (const recording of this.recordings) {
      const mappings = recording.takeNew(pid);
      const parent = recording.parentOf(pid);
      if (!isThere && parent !== null) this.processes.rememberAsOf(pid, parent);
      if (mappings) this.processes.rememberMappings(pid, mappings);
    }
  }

  /**
   * From now until the answer is called, this process and all that it starts, or, for null, every process that starts, may end as soon as it
   * likes. The answer tells how many records found no place.
   */
  record(pid: number | null): () => number {
    const recording = RecordedMappings.open(pid, this.native);
    if (!recording) return () => 0;
    this.recordings.add(recording);
    return () => {
      this.recordings.delete(recording);
      recording.close();
      return recording.lost;
    };
  }

  close(): void {
    for (const recording of this.recordings) recording.close();
    this.recordings.clear();
    this.processes.close();
  }
}
