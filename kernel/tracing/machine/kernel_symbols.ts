/** The kernel's symbols, as `/proc/kallsyms` tells them: names of addresses, addresses of names. */
import { readFileSync } from "node:fs";
import { KernelSymbolTable } from "./kernel_symbol_table.js";

/** Where an address of the kernel lies. */
export interface KernelSymbol {
  readonly name: string;
  /** Bytes from its start. */
  readonly offset: bigint;
  /** Bytes up to the next symbol. */
  readonly size: bigint;
  /** Such as `ext4`; `kernel` for the kernel itself. */
  readonly module: string;
}

export interface NamedAddress {
  readonly address: bigint;
  /** All of the kernel sees it: there is one of that name. */
  readonly isGlobal: boolean;
  /** As in `KernelSymbol`. */
  readonly module: string;
}

export interface KernelModule {
  readonly name: string;
  readonly start: bigint;
  /** The first address behind it. */
  readonly end: bigint;
}

/** Bytes that one piece of code made at run time has at most: beyond it lies something else, or nothing. */
const MOST_GENERATED_CODE = 1n << 20n;

const KERNEL_HALF = 1n << 63n;

/** What is read; replaced in tests. */
export interface KernelSymbolFiles {
  symbols(): Buffer;
  modules(): string;
}

const proc: KernelSymbolFiles = {
  symbols: () => readOrEmpty("/proc/kallsyms"),
  modules: () => readOrEmpty("/proc/modules").toString("latin1"),
};

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Reads the file when it is first asked, and again after modules came or went. */
export class KernelSymbols {
  private table: KernelSymbolTable | null = null;
  private moduleText = "";
  private moduleList: readonly KernelModule[] = [];

  constructor(private readonly files: KernelSymbolFiles = proc) {}

  /** The kernel hides its addresses from this process (`kernel.kptr_restrict`, or a missing privilege). */
  get areHidden(): boolean {
    return !this.loaded().hasAddresses;
  }

  /** Null where there is no such symbol, where several static ones share the name, and where addresses are hidden. */
  address(name: string): bigint | null {
    const found = this.addresses(name);
    if (found.length < 2) return found[0]?.address ?? null;
    return found.find(({ isGlobal }) => isGlobal)?.address ?? null;
  }

  /** All symbols of that name, in the order of the file; none where addresses are hidden. */
  addresses(name: string): readonly NamedAddress[] {
    const found = this.loaded().named(name);
    return found.length === 0 && this.hasChanged() ? this.loaded().named(name) : found;
  }

  /** The symbol that an address lies in; null where it lies in none, and where addresses are hidden. */
  at(address: bigint): KernelSymbol | null {
    const wanted = BigInt.asUintN(64, address);
    const found = this.find(wanted);
    return found === null && wanted >= KERNEL_HALF && this.hasChanged() ? this.find(wanted) : found;
  }

  /** Modules that are loaded now, with the addresses they take; none where addresses are hidden. */
  modules(): readonly KernelModule[] {
    this.hasChanged();
    this.loaded();
    return this.moduleList;
  }

  /** Forgets what was read: programs of eBPF come and go without a trace in the list of modules. */
  refresh(): void {
    this.table = null;
  }

  private find(address: bigint): KernelSymbol | null {
    const found = this.loaded().at(address);
    if (!found || found.module === "kernel") return found;
    const range = this.moduleList.find(({ name }) => name === found.module);
    // What is no module in the list is code made at run time, such as programs of eBPF: short, one by one.
    if (!range) return found.size <= MOST_GENERATED_CODE && found.offset < found.size ? found : null;
    if (address < range.start || address >= range.end) return null;
    // The last symbol of a module ends where the module does, not where the next one begins.
    const rest = range.end - address + found.offset;
    return { ...found, size: found.size < rest && found.size > 0n ? found.size : rest };
  }

  private loaded(): KernelSymbolTable {
    if (this.table === null) {
      this.moduleText = this.places();
      this.moduleList = modulesIn(this.moduleText);
      this.table = new KernelSymbolTable(this.files.symbols());
    }
    return this.table;
  }

  /** Whether modules came or went since the symbols were read; if so, they are read again. */
  private hasChanged(): boolean {
    if (this.table === null || this.places() === this.moduleText) return false;
    this.table = null;
    return true;
  }

  /** Which modules there are, and where: their use counts and states change all the time. */
  private places(): string {
    return this.files.modules().replaceAll(/^(\S+ \d+) .* (0x[0-9a-f]+)(?: \(\S+\))?$/gm, "$1 $2");
  }
}

function modulesIn(places: string): readonly KernelModule[] {
  return Array.from(places.matchAll(/^(?<name>\S+) (?<size>\d+) (?<start>0x[0-9a-f]+)$/gm), ({ groups }) => {
    const start = BigInt(groups!["start"]!);
    return { name: groups!["name"]!, start, end: start + BigInt(groups!["size"]!) };
  }).filter(({ start }) => start !== 0n);
}
