/**
 * The text of `/proc/kallsyms` with an index: 200,000 lines are some tens of milliseconds and a few bytes each, since names stay
 * in the text and are cut out of it when asked for.
 *
 * A line is `ffffffff81000000 T name`, and for a module `…\t[module]` behind it.
 */
import type { KernelSymbol, NamedAddress } from "./kernel_symbols.js";

const BLANK = 0x20;
const TAB = 0x09;
const NEWLINE = 0x0a;
const ADDRESS_DIGITS = 16;
const NAME_AT = ADDRESS_DIGITS + 3;
/** About the length of a line, to size the first arrays. */
const USUAL_LINE = 44;

export class KernelSymbolTable {
  readonly hasAddresses: boolean;
  private count = 0;
  /**
   * Addresses as signed numbers: the kernel's lie within 2^47 of either end of the address space, so that a double holds each of
   * them exactly.
   */
  private addresses: Float64Array;
  private nameStarts: Uint32Array;
  private nameEnds: Uint32Array;
  /** By hash of the name: the first symbol, and for each symbol the next one; 0 is none, so numbers are one more. */
  private firsts = new Uint32Array(0);
  private nexts = new Uint32Array(0);
  /** Symbols by address, of equal addresses in the order of the file; made when first needed. */
  private order: Uint32Array | null = null;

  constructor(private readonly text: Buffer) {
    const capacity = Math.ceil(text.length / NAME_AT) + 1;
    const expected = Math.min(capacity, Math.ceil(text.length / USUAL_LINE) * 2);
    this.addresses = new Float64Array(expected);
    this.nameStarts = new Uint32Array(expected);
    this.nameEnds = new Uint32Array(expected);
    this.hasAddresses = this.read();
  }

  /** All symbols of that name, in the order of the file. */
  named(name: string): readonly NamedAddress[] {
    if (!this.hasAddresses) return [];
    this.indexNames();
    const wanted = Buffer.from(name, "latin1");
    const found: NamedAddress[] = [];
    for (let next = this.firsts[this.slot(wanted, 0, wanted.length)]!; next !== 0; next = this.nexts[next - 1]!) {
      const symbol = next - 1;
      const start = this.nameStarts[symbol]!;
      if (this.text.compare(wanted, 0, wanted.length, start, this.nameEnds[symbol]) !== 0) continue;
      const address = BigInt.asUintN(64, BigInt(this.addresses[symbol]!));
      if (address === 0n) continue;
      // A capital letter stands for a symbol that all of the kernel sees, of which there is one.
      const isGlobal = this.text[start - 2]! < 0x60;
      found.push({ address, isGlobal, module: this.moduleOf(symbol) });
    }
    return found;
  }

  at(address: bigint): KernelSymbol | null {
    if (!this.hasAddresses) return null;
    const wanted = Number(BigInt.asIntN(64, address));
    const order = this.ordered();
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.addresses[order[middle]!]! <= wanted) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return null;
    const start = this.addresses[order[low - 1]!]!;
    const end = low < order.length ? this.addresses[order[low]!]! : start;
    // Of several names the kernel itself shows the first.
    let place = low - 1;
    while (place > 0 && this.addresses[order[place - 1]!] === start) place -= 1;
    const symbol = order[place]!;
    const name = this.name(symbol);
    // Positive are offsets into each CPU's own memory: no addresses. Behind the end of the kernel lies nothing of its own.
    if (start >= 0 || (name === "_end" && wanted > start)) return null;
    return { name, offset: BigInt(wanted - start), size: BigInt(end - start), module: this.moduleOf(symbol) };
  }

  /** Returns whether any address is other than 0. */
  private read(): boolean {
    const { text } = this;
    let hasAddresses = false;
    for (let line = 0; line < text.length;) {
      let end = text.indexOf(NEWLINE, line);
      if (end < 0) end = text.length;
      if (end - line > NAME_AT && text[line + ADDRESS_DIGITS] === BLANK) {
        let nameEnd = line + NAME_AT;
        while (nameEnd < end && text[nameEnd] !== TAB) nameEnd += 1;
        hasAddresses = this.add(this.addressAt(line), line + NAME_AT, nameEnd) || hasAddresses;
      }
      line = end + 1;
    }
    return hasAddresses;
  }

  private add(address: number, nameStart: number, nameEnd: number): boolean {
    if (this.count === this.addresses.length) this.grow();
    this.addresses[this.count] = address;
    this.nameStarts[this.count] = nameStart;
    this.nameEnds[this.count] = nameEnd;
    this.count += 1;
    return address !== 0;
  }

  private grow(): void {
    const addresses = new Float64Array(this.count * 2);
    const starts = new Uint32Array(this.count * 2);
    const ends = new Uint32Array(this.count * 2);
    addresses.set(this.addresses);
    starts.set(this.nameStarts);
    ends.set(this.nameEnds);
    [this.addresses, this.nameStarts, this.nameEnds] = [addresses, starts, ends];
  }

  private addressAt(line: number): number {
    let high = 0;
    let low = 0;
    for (let place = line; place < line + 8; place += 1) high = high * 16 + digit(this.text[place]!);
    for (let place = line + 8; place < line + ADDRESS_DIGITS; place += 1) low = low * 16 + digit(this.text[place]!);
    return (high >= 0x8000_0000 ? high - 0x1_0000_0000 : high) * 0x1_0000_0000 + low;
  }

  private ordered(): Uint32Array {
    if (this.order) return this.order;
    const order = Uint32Array.from({ length: this.count }, (_, symbol) => symbol);
    const { addresses } = this;
    this.order = order.toSorted((one, other) => addresses[one]! - addresses[other]! || one - other);
    return this.order;
  }

  private indexNames(): void {
    if (this.firsts.length > 0) return;
    let slots = 1024;
    while (slots < this.count) slots *= 2;
    this.firsts = new Uint32Array(slots);
    this.nexts = new Uint32Array(this.count);
    // From the last to the first, so that a chain leads through the symbols in the order of the file.
    for (let symbol = this.count - 1; symbol >= 0; symbol -= 1) {
      const slot = this.slot(this.text, this.nameStarts[symbol]!, this.nameEnds[symbol]!);
      this.nexts[symbol] = this.firsts[slot]!;
      this.firsts[slot] = symbol + 1;
    }
  }

  /** FNV-1a of the name's bytes. */
  private slot(bytes: Buffer, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let place = start; place < end; place += 1) hash = Math.imul(hash ^ bytes[place]!, 0x01000193);
    return (hash >>> 0) & (this.firsts.length - 1);
  }

  private name(symbol: number): string {
    return this.text.toString("latin1", this.nameStarts[symbol], this.nameEnds[symbol]);
  }

  private moduleOf(symbol: number): string {
    const end = this.nameEnds[symbol]!;
    if (this.text[end] !== TAB) return "kernel";
    return this.text.toString("latin1", end + 2, this.text.indexOf("]", end));
  }
}

function digit(character: number): number {
  return character < 0x40 ? character - 0x30 : (character | 0x20) - 0x57;
}
