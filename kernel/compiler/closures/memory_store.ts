/** A global in plain memory: for scripts, or globals of them, that no kernel program touches. */
import type { GlobalVariable, ValueType } from "../check/program.js";
import { Accumulator } from "./accumulator.js";
import { emptyValue } from "./frame.js";
import { ScriptError, type GlobalStore, type Statistic, type StoreEntry, type Value } from "./runtime.js";

type Key = readonly Value[];

interface Element {
  readonly key: Key;
  value: Value;
  readonly accumulator: Accumulator | null;
}

/** SystemTap's MAXMAPENTRIES. */
const DEFAULT_ENTRIES = 2048;

/** Keeps one global's elements in order of insertion. A scalar is an element with the empty key that is always there. */
export class MemoryStore implements GlobalStore {
  readonly #global: GlobalVariable;
  /** Elements that an array holds at most. */
  readonly capacity: number;
  readonly #elements = new Map<Value | number, Element>();
  readonly #valueType: ValueType | "statistic";
  readonly #isArray: boolean;

  /** `defaultEntries` bounds an array that declares no size. */
  constructor(global: GlobalVariable, defaultEntries = DEFAULT_ENTRIES) {
    this.#global = global;
    this.capacity = global.size ?? defaultEntries;
    this.#valueType = global.type.kind === "statistic" ? "statistic" : global.type.value;
    this.#isArray = global.type.kind === "array";
    if (!this.#isArray) this.#resetScalar(global.initial);
  }

  get(key: Key): Value | undefined {
    return this.#elements.get(encode(key))?.value;
  }

  set(key: Key, value: Value): void {
    this.#at(key).value = value;
  }

  add(key: Key, delta: bigint): bigint {
    const element = this.#at(key);
    const before = element.value as bigint;
    element.value = BigInt.asIntN(64, before + delta);
    return before;
  }

  has(key: Key): boolean {
    return this.#elements.has(encode(key));
  }

  getStatistic(key: Key): Statistic | undefined {
    return this.#elements.get(encode(key))?.accumulator?.toStatistic();
  }

  record(key: Key, value: bigint): void {
    this.#at(key).accumulator?.record(value);
  }

  /** Adds what another store has recorded for a key. */
  adopt(key: Key, statistic: Statistic): void {
    this.#at(key).accumulator?.merge(statistic);
  }

  delete(key: Key): boolean {
    const existed = this.#elements.delete(encode(key));
    if (!this.#isArray) this.#resetScalar(null);
    return existed;
  }

  clear(): void {
    this.#elements.clear();
    if (!this.#isArray) this.#resetScalar(null);
  }

  entries(): readonly StoreEntry[] {
    return Array.from(this.#elements.values(), ({ key, value, accumulator }) => ({
      key,
      value,
      statistic: accumulator && accumulator.toStatistic(),
    }));
  }

  #resetScalar(value: Value | null): void {
    const element = this.#newElement([]);
    if (value !== null) element.value = value;
    this.#elements.set(encode([]), element);
  }

  /** The element, made where there is none. */
  #at(key: Key): Element {
    const code = encode(key);
    const known = this.#elements.get(code);
    if (known) return known;
    this.#makeRoom();
    const element = this.#newElement(key);
    this.#elements.set(code, element);
    return element;
  }

  #newElement(key: Key): Element {
    const isStatistic = this.#valueType === "statistic";
    return {
      key,
      value: this.#valueType === "statistic" ? "" : emptyValue(this.#valueType),
      accumulator: isStatistic ? new Accumulator(this.#global.parts) : null,
    };
  }

  #makeRoom(): void {
    if (this.#elements.size < this.capacity) return;
    const [oldest] = this.#elements.keys();
    if (this.#global.wrap && oldest !== undefined) {
      this.#elements.delete(oldest);
      return;
    }
    const limit = this.#global.size === null ? "MAXMAPENTRIES" : `size limit (${this.#global.size})`;
    throw new ScriptError(`Array overflow, check ${limit}`);
  }
}

/**
 * A key as one value that no other key of the same column types has. The length before each string of a tuple keeps
 * ("a", "b") apart from ("ab", "").
 */
function encode(key: Key): Value | number {
  const [only] = key;
  // A Map finds small numbers several times faster than BigInts.
  if (key.length === 1 && typeof only === "bigint") {
    const code = Number(only);
    return Number.isSafeInteger(code) ? code : only;
  }
  if (key.length === 1 && typeof only === "string") return only;
  let code = "";
  for (const column of key) code += typeof column === "bigint" ? `${column},` : `${column.length}:${column}`;
  return code;
}
