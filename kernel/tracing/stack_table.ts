/** The stacks that a session's programs have taken: numbers in keys, values and records, text for whoever reads them. */
import {
  MOST_STACKS,
  STACK_ADDRESSES,
  STACK_COUNT_MAP,
  STACK_FRAMES,
  STACK_KEY_SIZE,
  STACK_NUMBERS_MAP,
  STACK_SIZE,
  STACK_THREAD,
  STACKS_MAP,
} from "../compiler/compiled.js";
import {
  parseAddresses,
  stackText,
  symbolText,
  type FindSymbol,
  type StackForm,
  type SymbolPlace,
} from "../compiler/text/symbols.js";
import type { FieldTexts } from "./codec.js";
import type { Native, NativeMap } from "./native.js";
import { Symbols } from "./symbols.js";

interface TakenStack {
  readonly addresses: readonly bigint[];
  /** The process that was first seen with it. */
  readonly pid: number;
}

export class StackTable implements FieldTexts {
  private readonly maps = new Map<string, NativeMap>();
  private readonly taken = new Map<bigint, TakenStack>();
  /** By form: the number of each text. */
  private readonly numbers = new Map<string, Map<string, bigint>>();
  private readonly texts = new Set<string>();
  /** Of stacks of user space. */
  private readonly processes = new Map<bigint, number>();

  private hasWarned = false;

  readonly symbols: Symbols;

  constructor(private readonly native: Native) {
    this.symbols = new Symbols(native);
  }

  /** Made when a program first needs it; stays as long as the session. */
  map(name: string): NativeMap {
    let map = this.maps.get(name);
    if (!map) this.maps.set(name, (map = createMap(this.native, name)));
    return map;
  }

  stack(form: StackForm, number: bigint): string {
    const taken = this.find(number);
    if (!taken) return "";
    const text = stackText(form.style, taken.addresses, this.finder(form, taken.pid));
    this.texts.add(text);
    return text;
  }

  functions(form: StackForm, number: bigint): readonly string[] {
    const taken = this.find(number);
    if (!taken) return [];
    const find = this.finder(form, taken.pid);
    return taken.addresses.map((address) => symbolText("name", address, find(address)));
  }

  /** Whether a text is that of a stack which somebody has read. */
  has(text: string): boolean {
    return this.texts.has(text);
  }

  stackNumber(form: StackForm, text: string): bigint | null {
    const id = `${form.space} ${form.style}`;
    let known = this.numbers.get(id);
    if (!known) this.numbers.set(id, (known = new Map()));
    const found = known.get(text);
    if (found !== undefined || !this.maps.has(STACKS_MAP)) return found ?? null;
    for (const number of this.readAll()) known.set(this.stack(form, number), number);
    return known.get(text) ?? null;
  }

  frames(form: StackForm, text: string): string {
    const addresses = parseAddresses(text);
    return stackText(form.style, addresses, (address) =>
      form.space === "kernel" ? this.symbols.kernel(address) : this.userPlace(address, 0),
    );
  }

  /** An address of user space without its process: in the target, or in a process with a stack that it is part of. */
  userPlace(address: bigint, targetPid: number): SymbolPlace | null {
    if (!this.processes.has(address) && this.maps.has(STACKS_MAP)) this.readAll();
    const pid = this.processes.get(address) ?? targetPid;
    return pid === 0 ? null : this.symbols.user(pid, address);
  }

  /**
   * Processes may end sooner than their first stack is read: the one that a script is about and what it starts, or, where it is about none,
   * all that start from now on. The answer ends it, with what to tell the user if something of it is missing.
   */
  expect(pid: number): () => string | null {
    if (!this.maps.has(STACKS_MAP)) return () => null;
    if (pid !== 0) this.symbols.remember(pid);
    const end = this.symbols.record(pid === 0 ? null : pid);
    return () => {
      const lost = end();
      if (lost === 0) return null;
      return `${lost} records of what processes mapped were lost: stacks of those that ended soon may be addresses without names`;
    };
  }

  /** What to tell a user whose stacks of the kernel come without names; null where they have them, and when it was told. */
  takeWarning(): string | null {
    if (this.hasWarned || !this.maps.has(STACKS_MAP) || !this.symbols.areKernelAddressesHidden) return null;
    this.hasWarned = true;
    return "the kernel hides where its functions lie (see /proc/sys/kernel/kptr_restrict): its stacks are shown as addresses";
  }

  close(): void {
    for (const map of this.maps.values()) map.close();
    this.maps.clear();
    this.taken.clear();
    this.numbers.clear();
    this.texts.clear();
    this.processes.clear();
    this.symbols.close();
  }

  private finder({ space }: StackForm, pid: number): FindSymbol {
    return space === "kernel"
      ? (address) => this.symbols.kernel(address)
      : (address) => this.symbols.user(pid, address);
  }

  private find(number: bigint): TakenStack | undefined {
    const known = this.taken.get(number);
    if (known) return known;
    const bytes = this.maps.get(STACKS_MAP)?.lookup(new Uint8Array(BigInt64Array.of(number).buffer));
    return bytes ? this.keep(number, bytes, 0) : undefined;
  }

  private readAll(): bigint[] {
    const { count, keys, values, valueStride } = this.map(STACKS_MAP).entries();
    const view = new DataView(keys.buffer, keys.byteOffset);
    return Array.from({ length: count }, (_, index) => {
      const number = view.getBigInt64(index * 8, true);
      if (!this.taken.has(number)) this.keep(number, values, index * valueStride);
      return number;
    });
  }

  private keep(number: bigint, bytes: Uint8Array, start: number): TakenStack {
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, STACK_SIZE);
    const addresses: bigint[] = [];
    for (let frame = 0; frame < STACK_FRAMES; frame++) {
      const address = view.getBigUint64(STACK_ADDRESSES + frame * 8, true);
      if (address === 0n) break;
      addresses.push(address);
    }
    const pid = view.getUint32(STACK_THREAD + 4, true);
    const taken = { addresses, pid };
    this.taken.set(number, taken);
    for (const address of addresses) if (address < 1n << 63n) this.processes.set(address, pid);
    return taken;
  }
}

function createMap(native: Native, name: string): NativeMap {
  switch (name) {
    case STACK_NUMBERS_MAP:
      return native.createMap({
        name: "tap_stack_nums",
        type: "hash",
        keySize: STACK_KEY_SIZE,
        valueSize: 8,
        maxEntries: MOST_STACKS,
        noPreallocate: true,
      });
    case STACKS_MAP:
      return native.createMap({
        name: "tap_stacks",
        type: "hash",
        keySize: 8,
        valueSize: STACK_SIZE,
        maxEntries: MOST_STACKS,
        noPreallocate: true,
      });
    case STACK_COUNT_MAP:
      return native.createMap({ name: "tap_stack_count", type: "array", keySize: 4, valueSize: 8, maxEntries: 1 });
    default:
      throw new Error(`a session has no map ${name}`);
  }
}
