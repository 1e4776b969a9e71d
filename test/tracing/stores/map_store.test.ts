/** Globals in real maps of the kernel, of every type; what user space reads, writes and adds there. */
import { Accumulator } from "../../../kernel/compiler/closures/accumulator.js";
import { NO_PARTS, ScriptError, type Value } from "../../../kernel/compiler/closures/runtime.js";
import type { GlobalType, GlobalVariable } from "../../../kernel/compiler/check/program.js";
import type { CompiledScript, FieldShape, GlobalLayout, ValueShape } from "../../../kernel/compiler/compiled.js";
import { valueSize } from "../../../kernel/compiler/layout.js";
import { Globals } from "../../../kernel/tracing/globals.js";
import { createGlobalMap, MapStore } from "../../../kernel/tracing/stores/map_store.js";
import { loadNative } from "../../../kernel/tracing/native.js";
import * as tree from "../../compiler/closures/tree.js";

const native = loadNative();

/** Other test files of this process may have left some. */

const openBefore = native.openHandles();
const LONG = { kind: "long" } as const;
const TEXT = { kind: "bytes", size: 16 } as const;
const STATISTIC = { kind: "statistic", parts: NO_PARTS } as const;

const open: MapStore[] = [];

function storeOf(
  keys: readonly FieldShape[],
  value: ValueShape,
  more: Partial<GlobalVariable> = {},
  entries = 4,
): MapStore {
  const valueType = value.kind === "long" ? "long" : value.kind === "statistic" ? "statistic" : "string";
  const types = keys.map((key) => (key.kind === "long" ? "long" : "string"));
  const type: GlobalType =
    keys.length > 0
      ? { kind: "array", keys: types, value: valueType }
      : valueType === "statistic"
        ? { kind: "statistic" }
        : { kind: "scalar", value: valueType };
  const global = tree.global("x", type, more);
  const layout: GlobalLayout = { keys, value, entries: keys.length > 0 ? entries : 1 };
  const store = new MapStore(native, global, layout, createGlobalMap(native, global, layout));
  open.push(store);
  return store;
}

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  expect(native.openHandles()).toBe(openBefore);
});

const elements = (store: MapStore): [readonly Value[], Value][] =>
  store.entries().map(({ key, value }) => [key, value]);

describe("scalars", () => {
  test("a number starts at its initial value or 0, and is reset by delete", () => {
    expect(storeOf([], LONG).get([])).toBe(0n);
    const store = storeOf([], LONG, { initial: -5n });
    expect(store.add([], 7n)).toBe(-5n);
    expect(store.get([])).toBe(2n);
    expect(store.delete([])).toBe(true);
    expect(store.get([])).toBe(0n);
  });

  test("numbers wrap at 64 bits", () => {
    const store = storeOf([], LONG, { initial: (1n << 63n) - 1n });
    store.add([], 1n);
    expect(store.get([])).toBe(-(1n << 63n));
  });

  test("a text", () => {
    const store = storeOf([], TEXT, { initial: "first" });
    expect(store.get([])).toBe("first");
    store.set([], "second text");
    expect(store.get([])).toBe("second text");
    store.clear();
    expect(store.get([])).toBe("");
  });
});

describe("arrays", () => {
  test("elements come in the order in which they were inserted, whatever was written since", () => {
    const store = storeOf([TEXT, LONG], LONG);
    store.set(["b", 1n], 10n);
    store.set(["a", 2n], 20n);
    store.add(["c", -3n], 30n);
    store.set(["b", 1n], 11n);
    store.add(["a", 2n], 1n);
    expect(elements(store)).toEqual([
      [["b", 1n], 11n],
      [["a", 2n], 21n],
      [["c", -3n], 30n],
    ]);
  });

  test("an element that was deleted is new when it comes back", () => {
    const store = storeOf([LONG], TEXT);
    store.set([1n], "one");
    store.set([2n], "two");
    expect(store.delete([1n])).toBe(true);
    expect(store.delete([1n])).toBe(false);
    expect(store.has([1n])).toBe(false);
    expect(store.get([1n])).toBeUndefined();
    store.set([1n], "again");
    expect(elements(store)).toEqual([
      [[2n], "two"],
      [[1n], "again"],
    ]);
  });

  test("adding tells the value before, and 0 for an element that was not there", () => {
    const store = storeOf([LONG], LONG);
    expect(store.add([1n], 5n)).toBe(0n);
    expect(store.add([1n], -7n)).toBe(5n);
    expect(store.get([1n])).toBe(-2n);
  });

  test("a full array is an error of the script, and keeps what it has", () => {
    const store = storeOf([LONG], LONG, { size: 2 }, 2);
    store.add([1n], 1n);
    store.set([2n], 2n);
    expect(() => store.set([3n], 3n)).toThrow(new ScriptError("Array overflow, check size limit (2)"));
    expect(() => store.add([3n], 3n)).toThrow(ScriptError);
    expect(store.add([2n], 1n)).toBe(2n);
    expect(elements(store)).toHaveLength(2);
  });

  test("an array that wraps lets an older element go", () => {
    const store = storeOf([LONG], LONG, { wrap: true, size: 64 }, 64);
    for (let key = 0n; key < 1000n; key++) store.set([key], key);
    expect(elements(store).length).toBeLessThanOrEqual(64);
    expect(store.get([999n])).toBe(999n);
  });

  test("a key that does not fit is no element, and cannot become one", () => {
    const store = storeOf([TEXT], LONG);
    store.set(["fifteen bytes ."], 1n);
    expect(store.has(["fifteen bytes . and more"])).toBe(false);
    expect(store.get(["fifteen bytes . and more"])).toBeUndefined();
    expect(store.delete(["fifteen bytes . and more"])).toBe(false);
    expect(() => store.set(["fifteen bytes . and more"], 2n)).toThrow(ScriptError);
    expect(elements(store)).toEqual([[["fifteen bytes ."], 1n]]);
  });
});

describe("statistics", () => {
  test("user space's values and those of the CPUs are one statistic", () => {
    const store = storeOf([], STATISTIC);
    const share = new BigInt64Array((valueSize(store.layout) / 8) * native.possibleCpus());
    // On the first CPU: count 2, sum 30, extremes as programs keep them, 10 and 20.
    const LEAST = 1n << 63n;
    share.set([1n, 2n, 30n, BigInt.asIntN(64, 20n ^ LEAST), BigInt.asIntN(64, ~(10n ^ LEAST))]);
    store.map.update(new Uint8Array(4), new Uint8Array(share.buffer), "any");
    store.record([], -4n);
    expect(store.getStatistic([])).toMatchObject({ count: 3n, sum: 26n, min: -4n, max: 20n });
    store.delete([]);
    expect(store.getStatistic([])).toMatchObject({ count: 0n, sum: 0n });
  });

  test("elements that only user space recorded into are there too, and go as others do", () => {
    const store = storeOf([TEXT], STATISTIC);
    store.record(["a"], 1n);
    store.record(["a"], 3n);
    expect(store.has(["a"])).toBe(true);
    expect(store.entries()).toMatchObject([{ key: ["a"], statistic: { count: 2n, sum: 4n } }]);
    expect(store.getStatistic(["b"])).toBeUndefined();
    expect(store.delete(["a"])).toBe(true);
    expect(store.entries()).toEqual([]);
  });
});

describe("a session's globals", () => {
  const script = (...globals: readonly [GlobalVariable, GlobalLayout | null][]): CompiledScript => ({
    program: { globals: [], functions: [], handlers: [], display: null },
    globals: globals.map(([global, layout]) => ({ variable: global, layout })),
    maps: [],
    programs: [],
    handlers: [],
    printSites: [],
    errorSites: [],
    callChains: [],
    takesUserStacks: false,
  });
  const array = tree.global("x", { kind: "array", keys: ["string"], value: "long" });
  const layout = (size: number): GlobalLayout => ({ keys: [{ kind: "bytes", size }], value: LONG, entries: 10 });

  test("move from memory into a map, and into a wider one, with all they hold", () => {
    const globals = new Globals(native, 100);
    globals.prepare(script([array, null]), ["x"]).commit();
    globals.store(array).set(["b"], 1n);
    globals.store(array).set(["a"], 2n);
    expect(native.openHandles()).toBe(openBefore);
    for (const size of [8, 64]) {
      globals.prepare(script([array, layout(size)]), []).commit();
      globals.store(array).add(["b"], 10n);
      expect(globals.layouts().get("x")).toEqual(layout(size));
    }
    expect(globals.store(array).entries()).toMatchObject([
      { key: ["b"], value: 21n },
      { key: ["a"], value: 2n },
    ]);
    // What no program uses any more stays where it is.
    globals.prepare(script([array, null]), []).commit();
    expect(globals.store(array).get(["b"])).toBe(21n);
    globals.close();
  });

  test("start afresh where they are declared", () => {
    const globals = new Globals(native, 100);
    const number = tree.global("x", { kind: "scalar", value: "long" }, { initial: 3n });
    const scalar: GlobalLayout = { keys: [], value: LONG, entries: 1 };
    globals.prepare(script([number, scalar]), ["x"]).commit();
    globals.store(number).add([], 4n);
    globals.prepare(script([number, scalar]), []).commit();
    expect(globals.store(number).get([])).toBe(7n);
    globals.prepare(script([number, scalar]), ["x"]).commit();
    expect(globals.store(number).get([])).toBe(3n);
    globals.close();
  });

  test("statistics keep what they have counted", () => {
    const globals = new Globals(native, 100);
    const statistic = tree.global("x", { kind: "statistic" });
    globals.prepare(script([statistic, null]), ["x"]).commit();
    globals.store(statistic).record([], 5n);
    globals.prepare(script([statistic, { keys: [], value: STATISTIC, entries: 1 }]), []).commit();
    globals.store(statistic).record([], 6n);
    const expected = new Accumulator(NO_PARTS);
    for (const value of [5n, 6n]) expected.record(value);
    expect(globals.store(statistic).getStatistic([])).toEqual(expected.toStatistic());
    globals.close();
  });
});
