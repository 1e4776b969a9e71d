import * as fc from "fast-check";
import { MemoryStore } from "../../../kernel/compiler/closures/memory_store.js";
import { ScriptError, type Value } from "../../../kernel/compiler/closures/runtime.js";
import * as t from "./tree.js";

const same = (left: readonly Value[], right: readonly Value[]) => left.every((part, at) => part === right[at]);
const keysOf = (store: MemoryStore) => store.entries().map(({ key }) => key);

describe("an array", () => {
  test("keeps its elements in order of first insertion", () => {
    const store = new MemoryStore(t.global("a", t.arrayOf(["string"], "long")));
    for (const key of ["c", "a", "b"]) store.set([key], 1n);
    store.add(["c"], 5n);
    expect(keysOf(store)).toEqual([["c"], ["a"], ["b"]]);
    store.delete(["c"]);
    store.set(["c"], 1n);
    expect(keysOf(store)).toEqual([["a"], ["b"], ["c"]]);
  });

  test("holds what a plain list of pairs would, for any keys", () => {
    const key = fc.tuple(fc.string({ maxLength: 3 }), fc.bigInt({ min: -12n, max: 12n }), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.bigInt({ min: -9n, max: 9n }))), (writes) => {
        const store = new MemoryStore(t.global("a", t.arrayOf(["string", "long", "string"], "long")));
        const model: { key: readonly Value[]; value: bigint }[] = [];
        for (const [at, delta] of writes) {
          const known = model.find((pair) => same(pair.key, at));
          expect(store.has(at)).toBe(known !== undefined);
          expect(store.add(at, delta)).toBe(known?.value ?? 0n);
          if (known) known.value += delta;
          else model.push({ key: at, value: delta });
        }
        expect(store.entries().map(({ key, value }) => ({ key, value }))).toEqual(model);
      }),
    );
  });

  test("keys that a careless encoding would mix up are different", () => {
    const store = new MemoryStore(t.global("a", t.arrayOf(["string", "string"], "long")));
    store.set(["a", "b"], 1n);
    store.set(["ab", ""], 2n);
    store.set(["", "ab"], 3n);
    store.set(["1:b", ""], 4n);
    expect(store.get(["a", "b"])).toBe(1n);
    expect(store.entries()).toHaveLength(4);
  });

  test("keeps large numbers apart that a double cannot", () => {
    const store = new MemoryStore(t.global("a", t.arrayOf(["long"], "long")));
    const keys = [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n - 2n, -(2n ** 63n), -1n, 1n];
    for (const key of keys) store.add([key], key);
    expect(store.entries().map(({ value }) => value)).toEqual(keys);
  });

  test("refuses what does not fit, and says which limit it was", () => {
    const sized = new MemoryStore(t.global("a", t.arrayOf(["long"], "long"), { size: 2 }));
    sized.set([1n], 1n);
    sized.set([2n], 1n);
    expect(() => sized.set([3n], 1n)).toThrow(new ScriptError("Array overflow, check size limit (2)"));
    expect(() => sized.add([3n], 1n)).toThrow(new ScriptError("Array overflow, check size limit (2)"));
    sized.set([2n], 9n);
    expect(keysOf(sized)).toEqual([[1n], [2n]]);

    const unsized = new MemoryStore(t.global("a", t.arrayOf(["long"], "statistic")), 1);
    unsized.record([1n], 1n);
    expect(() => unsized.record([2n], 1n)).toThrow(new ScriptError("Array overflow, check MAXMAPENTRIES"));
  });

  test("holds 2048 elements by default", () => {
    const store = new MemoryStore(t.global("a", t.arrayOf(["long"], "long")));
    for (let key = 0n; key < 2048n; key++) store.set([key], key);
    expect(() => store.set([2048n], 0n)).toThrow("Array overflow, check MAXMAPENTRIES");
  });

  test("that wraps drops the oldest element", () => {
    const store = new MemoryStore(t.global("a", t.arrayOf(["long"], "long"), { size: 2, wrap: true }));
    for (const key of [1n, 2n, 1n, 3n]) store.add([key], 1n);
    expect(store.entries().map(({ key, value }) => [...key, value])).toEqual([
      [2n, 1n],
      [3n, 1n],
    ]);
  });

  test("gives lists that later changes leave alone", () => {
    const store = new MemoryStore(t.global("a", t.arrayOf(["long"], "statistic")));
    store.record([1n], 5n);
    const before = store.entries();
    store.record([1n], 6n);
    store.clear();
    expect(before[0]?.statistic?.count).toBe(1n);
    expect(store.entries()).toEqual([]);
  });
});

describe("a scalar", () => {
  test("is one element with the empty key", () => {
    const store = new MemoryStore(t.global("s", t.LONG, { initial: 3n }));
    expect(store.entries()).toEqual([{ key: [], value: 3n, statistic: null }]);
    expect(store.add([], 4n)).toBe(3n);
    expect(store.get([])).toBe(7n);
    expect(store.delete([])).toBe(true);
    expect(store.get([])).toBe(0n);
  });

  test("a scalar statistic exists before its first value", () => {
    const store = new MemoryStore(t.global("s", t.STATISTIC));
    expect(store.getStatistic([])?.count).toBe(0n);
    expect(store.has([])).toBe(true);
  });
});
