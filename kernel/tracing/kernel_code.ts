/** Which symbol of the kernel an address lies in, as `/proc/kallsyms` tells. */
import { readFileSync } from "node:fs";
import type { SymbolPlace } from "../compiler/text/symbols.js";

const FILE = "/proc/kallsyms";

/** Every program that is loaded makes a symbol: an address that is none's is looked for again, but not more often than this. */
const MILLISECONDS_BETWEEN_READS = 1000;

/** What lies behind a module's last symbol is not told; a function is seldom longer. */
const LONGEST_LAST_SYMBOL = 0x1000n;

interface Table {
  readonly text: string;
  /** Ascending; `lines` holds where in the text each one's line starts. */
  readonly addresses: BigUint64Array;
  readonly lines: Uint32Array;
  /** Where the kernel's own code starts. */
  readonly start: bigint;
}

export class KernelCode {
  private table: Table | null = null;
  private readAt = -Infinity;

  constructor(
    private readonly read: () => string = readSymbols,
    private readonly now: () => number = () => performance.now(),
  ) {}

  place(address: bigint): SymbolPlace | null {
    const unsigned = BigInt.asUintN(64, address);
    const found = this.table && placeIn(this.table, unsigned);
    if (found || this.now() - this.readAt < MILLISECONDS_BETWEEN_READS) return found ?? null;
    this.table = this.load();
    return placeIn(this.table, unsigned);
  }

  /** From the start of the first of these functions to the end of the last; zeros where the kernel tells none of them. */
  range(names: readonly string[]): { readonly start: bigint; readonly size: bigint } {
    const table = (this.table ??= this.load());
    let [start, end] = [0n, 0n];
    for (const name of names) {
      for (const { index } of table.text.matchAll(new RegExp(` [tTwW] ${name}$`, "gm"))) {
        const address = BigInt(`0x${table.text.slice(index - 16, index)}`);
        if (address === 0n) continue;
        const next = table.addresses[after(table.addresses, address)] ?? address;
        if (start === 0n || address < start) start = address;
        if (next > end) end = next;
      }
    }
    return { start, size: end - start };
  }

  /** The kernel tells 0 for each address where it hides them from this process. */
  get isHidden(): boolean {
    return (this.table ??= this.load()).addresses.length === 0;
  }

  private load(): Table {
    this.readAt = this.now();
    return parse(this.read());
  }
}

function readSymbols(): string {
  try {
    return readFileSync(FILE, "latin1");
  } catch {
    return "";
  }
}

function parse(text: string): Table {
  const addresses: bigint[] = [];
  const lines: number[] = [];
  let start = 0n;
  for (let line = 0; line < text.length; line = text.indexOf("\n", line) + 1 || text.length) {
    const address = BigInt(`0x${text.slice(line, line + 16)}`);
    // Offsets of per-CPU variables stand there as well, all of them low.
    if (address < 1n << 63n) continue;
    addresses.push(address);
    lines.push(line);
    if (text.startsWith(" _stext\n", line + 18)) start = address;
  }
  const order = addresses.map((_, index) => index);
  // Equal addresses keep the file's order: the kernel names the first as well.
  order.sort((left, right) => {
    const [a, b] = [addresses[left]!, addresses[right]!];
    return a < b ? -1 : a > b ? 1 : left - right;
  });
  return {
    text,
    addresses: BigUint64Array.from(order, (index) => addresses[index]!),
    lines: Uint32Array.from(order, (index) => lines[index]!),
    start,
  };
}

function placeIn(table: Table, address: bigint): SymbolPlace | null {
  const { addresses, lines, text } = table;
  const next = after(addresses, address);
  if (next === 0) return null;
  const start = addresses[next - 1]!;
  let index = next - 1;
  while (index > 0 && addresses[index - 1] === start) index--;
  const { name, module } = symbolOn(text, lines[index]!);
  const following = addresses[next];
  const isLast = following === undefined || symbolOn(text, lines[next]!).module !== module;
  if (isLast && address - start >= LONGEST_LAST_SYMBOL) return null;
  if (address < table.start) return null;
  return {
    name,
    offset: address - start,
    size: isLast ? null : following - start,
    module: module ?? "kernel",
  };
}

/** Of a line such as `ffffffffc0201000 t function\t[module]`. */
function symbolOn(text: string, line: number): { name: string; module: string | undefined } {
  const [name = "", module] = text.slice(line + 19, text.indexOf("\n", line)).split("\t");
  return { name, module: module?.slice(1, -1) };
}

/** How many addresses are not above this one. */
function after(addresses: BigUint64Array, address: bigint): number {
  let [low, high] = [0, addresses.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addresses[middle]! <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
