/** A global in a map of the kernel, which programs fill while user space reads and writes it. */
import { Accumulator, mergeStatistics } from "../../compiler/closures/accumulator.js";
import {
  ScriptError,
  type GlobalStore,
  type Statistic,
  type StoreEntry,
  type Value,
} from "../../compiler/closures/runtime.js";
import type { GlobalVariable, StatisticParts } from "../../compiler/check/program.js";
import type { FieldShape, GlobalLayout } from "../../compiler/compiled.js";
import { keySize, valueOffset, valueSize } from "../../compiler/layout.js";
import type { StackSpace } from "../../compiler/text/symbols.js";
import {
  decodeField,
  decodeKey,
  decodeStatistic,
  encodeField,
  encodeKey,
  encodeShare,
  type FieldTexts,
} from "../codec.js";
import { pathOf, type PathStep, type StackKeys } from "../stack_keys.js";
import { ElementAdder } from "./element_adder.js";
import { StatisticRecorder } from "./statistic_recorder.js";
import { isEngineError, type Native, type NativeMap, type UpdateMode } from "../native.js";

/**
 * An insertion into a full array that wraps looks at every element for the oldest. Larger ones leave it to the kernel, which drops a
 * hundred of the older ones at once, but takes no longer for many than for few. Statistics are always exact.
 */
const MOST_EXACTLY_WRAPPED = 256;

/** The map for a layout; the caller closes it. */
export function createGlobalMap(
  native: Native,
  global: Pick<GlobalVariable, "name" | "wrap">,
  layout: GlobalLayout,
): NativeMap {
  const isArray = layout.keys.length > 0;
  const isStatistic = layout.value.kind === "statistic";
  const type = isArray
    ? isStatistic
      ? "percpu_hash"
      : global.wrap && layout.entries > MOST_EXACTLY_WRAPPED
        ? "lru_hash"
        : "hash"
    : isStatistic
      ? "percpu_array"
      : "array";
  return native.createMap({
    name: global.name.replace(/[^A-Za-z0-9_.]/g, "_").slice(0, 15),
    type,
    keySize: keySize(layout),
    valueSize: valueSize(layout),
    maxEntries: isArray ? layout.entries : 1,
    ...(isArray && type !== "lru_hash" && !isPreallocated(native, global.wrap, layout) ? { noPreallocate: true } : {}),
    ...(type === "array" ? { mmapable: true } : {}),
  });
}

/**
 * A program that adds many elements of statistics at once, or to an array where they come and go, would find that the kernel has no memory
 * at hand: up to here it has.
 */
const MOST_PREALLOCATED = 128 << 20;

function isPreallocated(native: Native, wraps: boolean, layout: GlobalLayout): boolean {
  const size = valueSize(layout) * native.possibleCpus() * layout.entries;
  return (wraps || layout.value.kind === "statistic") && size <= MOST_PREALLOCATED;
}

export class MapStore implements GlobalStore, StackKeys {
  private adder: ElementAdder | null = null;
  private recorder: StatisticRecorder | null = null;

  constructor(
    private readonly native: Native,
    private readonly global: GlobalVariable,
    readonly layout: GlobalLayout,
    readonly map: NativeMap,
    protected readonly texts?: FieldTexts,
  ) {
    if (layout.keys.length === 0 && global.initial !== null) this.set([], global.initial);
  }

  get(key: readonly Value[]): Value | undefined {
    const { value: shape } = this.layout;
    if (shape.kind === "statistic") return this.has(key) ? "" : undefined;
    if (this.isScalarLong) return this.map.readWord(0);
    const bytes = this.lookup(key);
    return bytes ? decodeField(shape, bytes, valueOffset(this.layout), this.texts) : undefined;
  }

  has(key: readonly Value[]): boolean {
    return this.lookup(key) !== null;
  }

  set(key: readonly Value[], value: Value): void {
    if (this.isScalarLong) return this.map.writeWord(0, value as bigint);
    const shape = this.layout.value;
    if (shape.kind === "statistic") throw new Error("a statistic is recorded into, not set");
    const code = this.keyFor(key);
    const bytes = this.element(value);
    const existing = this.layout.keys.length > 0 ? this.map.lookup(code) : null;
    if (existing) bytes.set(existing.subarray(0, 8));
    this.update(code, bytes, "any");
  }

  /** The bytes of an element that is inserted now. */
  private element(value: Value): Uint8Array {
    const bytes = new Uint8Array(valueSize(this.layout));
    if (this.layout.keys.length > 0)
      new DataView(bytes.buffer).setBigUint64(0, this.native.monotonicNanoseconds(), true);
    encodeField(this.layout.value as FieldShape, value, bytes, valueOffset(this.layout), this.texts);
    return bytes;
  }

  /** Returns false where there is such an element by now. */
  private insert(code: Uint8Array, value: Value): boolean {
    return this.update(code, this.element(value), "noexist");
  }

  add(key: readonly Value[], delta: bigint): bigint {
    if (this.isScalarLong) return this.map.fetchAdd(0, delta);
    const code = this.keyFor(key);
    this.adder ??= new ElementAdder(this.native, this.map, keySize(this.layout), valueOffset(this.layout));
    for (;;) {
      const before = this.adder.add(code, delta);
      if (before !== null) return before;
      // A program may insert the element in between, and another delete it again.
      if (this.insert(code, delta)) return 0n;
    }
  }

  getStatistic(key: readonly Value[]): Statistic | undefined {
    const { value: shape } = this.layout;
    if (shape.kind !== "statistic") return undefined;
    const bytes = this.lookup(key);
    return bytes ? decodeStatistic(shape.parts, bytes, 0, bytes.length).statistic : undefined;
  }

  record(key: readonly Value[], value: bigint): void {
    const code = this.keyFor(key);
    this.recorder ??= new StatisticRecorder(this.native, this.global, this.layout, this.map);
    // A program may delete the element in between.
    while (!this.recorder.record(code, value)) this.insertStatistic(code, new Accumulator(this.parts).toStatistic());
  }

  /** Takes over what another store has recorded for a key, before any program uses the map. */
  adopt(key: readonly Value[], statistic: Statistic): void {
    const code = this.keyFor(key);
    const before = this.layout.keys.length > 0 ? this.getStatistic(key) : undefined;
    if (before) this.map.delete(code);
    this.insertStatistic(code, before ? mergeStatistics(this.parts, [before, statistic]) : statistic);
  }

  private get parts(): StatisticParts {
    const { value: shape } = this.layout;
    if (shape.kind !== "statistic") throw new Error("only statistics are recorded into");
    return shape.parts;
  }

  /** Nothing changes where there is such an element by now. */
  private insertStatistic(code: Uint8Array, statistic: Statistic): void {
    const isArray = this.layout.keys.length > 0;
    // One CPU's share holds all of it.
    const shares = new Uint8Array(valueSize(this.layout) * this.native.possibleCpus());
    encodeShare(this.parts, statistic, isArray ? this.native.monotonicNanoseconds() : 0n, shares, 0);
    this.update(code, shares, isArray ? "noexist" : "any");
  }

  delete(key: readonly Value[]): boolean {
    if (this.layout.keys.length === 0) {
      this.clear();
      return true;
    }
    const code = encodeKey(this.layout, key, this.texts);
    return code !== null && this.map.delete(code);
  }

  clear(): void {
    if (this.isScalarLong) this.map.writeWord(0, 0n);
    else this.map.clear();
  }

  shown(key: readonly Value[]): readonly Value[] {
    return key.map((part, column) => {
      const shape = this.layout.keys[column];
      if (shape?.kind !== "stack" || shape.form.style !== "addresses" || typeof part !== "string" || !this.texts)
        return part;
      const number = this.texts.stackNumber(shape.form, part);
      return number === null ? part : this.texts.stack({ ...shape.form, style: "path" }, number);
    });
  }

  get spaces(): readonly (StackSpace | null)[] {
    return this.layout.keys.map((shape) =>
      shape.kind === "stack" && shape.form.style === "addresses" ? shape.form.space : null,
    );
  }

  get hasStacks(): boolean {
    return this.spaces.some((space) => space !== null);
  }

  path(key: readonly Value[]): readonly PathStep[] {
    const { spaces } = this;
    return pathOf(key, (part, column) => this.functions(spaces[column] ?? "kernel", part), spaces);
  }

  functions(space: StackSpace, text: string): readonly string[] {
    const form = { space, style: "addresses" } as const;
    const number = this.texts?.stackNumber(form, text) ?? null;
    return number === null ? text.split(" ").filter(Boolean) : (this.texts?.functions(form, number) ?? []);
  }

  entries(): readonly StoreEntry[] {
    const { value: shape } = this.layout;
    const { count, keys, values, valueStride } = this.map.entries();
    const found: (StoreEntry & { inserted: bigint })[] = [];
    const view = new DataView(values.buffer, values.byteOffset);
    for (let index = 0; index < count; index++) {
      const key = decodeKey(this.layout, keys, index * keySize(this.layout), this.texts);
      const start = index * valueStride;
      if (shape.kind !== "statistic") {
        const inserted = this.layout.keys.length > 0 ? view.getBigUint64(start, true) : 0n;
        found.push({
          key,
          value: decodeField(shape, values, start + valueOffset(this.layout), this.texts),
          statistic: null,
          inserted,
        });
        continue;
      }
      const { statistic, inserted } = decodeStatistic(shape.parts, values, start, start + valueStride);
      found.push({ key, value: "", statistic, inserted });
    }
    return found.toSorted((left, right) =>
      left.inserted < right.inserted ? -1 : left.inserted > right.inserted ? 1 : 0,
    );
  }

  close(): void {
    this.adder?.close();
    this.recorder?.close();
    this.map.close();
  }

  private get isScalarLong(): boolean {
    return this.layout.keys.length === 0 && this.layout.value.kind === "long";
  }

  private lookup(key: readonly Value[]): Uint8Array | null {
    const code = encodeKey(this.layout, key, this.texts);
    return code && this.map.lookup(code);
  }

  private keyFor(key: readonly Value[]): Uint8Array {
    const code = encodeKey(this.layout, key, this.texts);
    if (code) return code;
    const widths = this.layout.keys.map((shape: FieldShape) =>
      shape.kind === "bytes" ? `${shape.size - 1} bytes` : shape.kind,
    );
    throw new ScriptError(`the key does not fit ${this.global.name}, whose parts hold ${widths.join(", ")}`);
  }

  /** Whether it made room. */
  private evictOldest(): boolean {
    const { count, keys, values, valueStride } = this.map.entries();
    const view = new DataView(values.buffer, values.byteOffset);
    const share = this.layout.value.kind === "statistic" ? valueSize(this.layout) : valueStride;
    let oldest: { readonly index: number; readonly inserted: bigint } | null = null;
    for (let index = 0; index < count; index++)
      for (let at = index * valueStride; at < (index + 1) * valueStride; at += share) {
        const inserted = view.getBigUint64(at, true);
        // Zero in the share of a CPU that did not insert it.
        if (inserted !== 0n && (!oldest || inserted < oldest.inserted)) oldest = { index, inserted };
      }
    if (!oldest) return false;
    const size = keySize(this.layout);
    this.map.delete(keys.slice(oldest.index * size, (oldest.index + 1) * size));
    return true;
  }

  private update(key: Uint8Array, value: Uint8Array, mode: UpdateMode): boolean {
    try {
      return this.map.update(key, value, mode);
    } catch (error) {
      if (!isEngineError(error) || (error.code !== "E2BIG" && error.code !== "ENOMEM")) throw error;
      if (this.global.wrap && error.code === "E2BIG" && this.evictOldest()) return this.update(key, value, mode);
      const limit = this.global.size === null ? "MAXMAPENTRIES" : `size limit (${this.global.size})`;
      throw new ScriptError(`Array overflow, check ${limit}`);
    }
  }
}

/** One text for each key. */
export function keyText(key: readonly Value[]): string {
  return key.map((part) => (typeof part === "bigint" ? `${part},` : `${part.length}:${part}`)).join("");
}
