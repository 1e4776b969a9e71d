import { compileExpression, compileHandler } from "../../../kernel/compiler/closures/compile.js";
import type { Value } from "../../../kernel/compiler/closures/runtime.js";
import * as t from "./tree.js";

const hits = t.global("hits", t.arrayOf(["string"], "long"));
const names = t.global("names", t.arrayOf(["long"], "string"));
const pairs = t.global("pairs", t.arrayOf(["long", "string"], "long"));
const times = t.global("times", t.arrayOf(["string"], "statistic"));

function keysOf(runtime: t.TestRuntime, global: typeof hits): readonly (readonly Value[])[] {
  return runtime
    .store(global)
    .entries()
    .map(({ key }) => key);
}

describe("reading", () => {
  test("a missing element is 0 or empty, and reading does not create it", () => {
    const runtime = new t.TestRuntime();
    expect(t.valueOf(t.element(hits, [t.text("a")]), runtime)).toBe(0n);
    expect(t.valueOf(t.element(names, [t.number(1)]), runtime)).toBe("");
    expect(t.valueOf(t.membership(hits, [t.text("a")]), runtime)).toBe(0n);
    expect(keysOf(runtime, hits)).toEqual([]);
  });

  test("a scalar starts at its initialiser, else empty", () => {
    expect(t.valueOf(t.scalar(t.global("a", t.LONG, { initial: 7n })))).toBe(7n);
    expect(t.valueOf(t.scalar(t.global("b", t.STRING, { initial: "x" })))).toBe("x");
    expect(t.valueOf(t.scalar(t.global("c", t.LONG)))).toBe(0n);
    expect(t.valueOf(t.scalar(t.global("d", t.STRING)))).toBe("");
  });
});

describe.each([
  ["local", t.local(t.localOf(0, "x"))],
  ["scalar", t.scalar(t.global("x", t.LONG))],
  ["element", t.element(hits, [t.text("k")])],
] as const)("writing a %s", (_kind, target) => {
  /** The value of an assignment to a target that holds 100, and what it holds then. */
  function effect(expression: ReturnType<typeof t.assign>): readonly [Value, Value] {
    const value = t.localOf(1, "value");
    const after = t.localOf(2, "after");
    const body = t.block(
      t.run(t.assign(target, t.number(100))),
      t.run(t.assign(t.local(value), expression)),
      t.run(t.assign(t.local(after), target)),
    );
    const [, first, second] = compileHandler(t.handlerOf(body, [t.localOf(0, "x"), value, after]))(new t.TestRuntime());
    return [first!, second!];
  }

  test.each([
    [null, 7n, 7n],
    ["+", 7n, 107n],
    ["-", 107n, -7n],
    ["*", 3n, 300n],
    ["/", 7n, 14n],
    ["%", 7n, 2n],
    ["<<", 2n, 400n],
    [">>", 2n, 25n],
    [">>>", 2n, 25n],
    ["&", 6n, 4n],
    ["|", 3n, 103n],
    ["^", 1n, 101n],
  ] as const)("100 %s= %d gives %d", (operator, right, expected) => {
    expect(effect(t.assign(target, t.number(right), operator))).toEqual([expected, expected]);
  });

  test("increments give the value before or after", () => {
    expect(effect(t.increment(target, 1, false))).toEqual([100n, 101n]);
    expect(effect(t.increment(target, 1, true))).toEqual([101n, 101n]);
    expect(effect(t.increment(target, -1, false))).toEqual([100n, 99n]);
    expect(effect(t.increment(target, -1, true))).toEqual([99n, 99n]);
  });

  test("sums wrap at 64 bits", () => {
    expect(effect(t.assign(target, t.number(2n ** 63n - 1n), "+"))).toEqual([-(2n ** 63n) + 99n, -(2n ** 63n) + 99n]);
    expect(effect(t.assign(target, t.number(-(2n ** 63n)), "-"))).toEqual([-(2n ** 63n) + 100n, -(2n ** 63n) + 100n]);
  });
});

describe("atomicity", () => {
  test("++ and += on a global are one addition of the store, with no read before", () => {
    const runtime = new t.TestRuntime();
    const g = t.global("g", t.LONG);
    const store = runtime.store(g);
    store.get = () => {
      throw new Error("read");
    };
    store.set = () => {
      throw new Error("written");
    };
    expect(compileExpression(t.increment(t.scalar(g)), [])(runtime)).toBe(0n);
    expect(compileExpression(t.assign(t.scalar(g), t.number(5), "+"), [])(runtime)).toBe(6n);
    expect(compileExpression(t.assign(t.scalar(g), t.number(2), "-"), [])(runtime)).toBe(4n);
  });
});

/** A runtime where `pairs` has three elements. */
function filled(): t.TestRuntime {
  const made = new t.TestRuntime();
  const store = made.store(pairs);
  store.set([1n, "a"], 10n);
  store.set([1n, "b"], 20n);
  store.set([2n, "a"], 30n);
  return made;
}

describe("membership and deletion", () => {
  test.each([
    [[t.number(1), t.text("b")], 1n],
    [[t.number(2), t.text("b")], 0n],
    [[null, t.text("b")], 1n],
    [[t.number(2), null], 1n],
    [[t.number(3), null], 0n],
    [[null, null], 1n],
  ] as const)("membership, case %#", (key, expected) => {
    expect(t.valueOf(t.membership(pairs, key), filled())).toBe(expected);
  });

  test("membership in an array of statistics", () => {
    const made = new t.TestRuntime();
    made.store(times).record(["read"], 5n);
    expect(t.valueOf(t.membership(times, [t.text("read")]), made)).toBe(1n);
    expect(t.valueOf(t.membership(times, [t.text("write")]), made)).toBe(0n);
  });

  test.each([
    [
      "an element",
      [t.number(1), t.text("a")],
      [
        [1n, "b"],
        [2n, "a"],
      ],
    ],
    [
      "an element that is not there",
      [t.number(9), t.text("a")],
      [
        [1n, "a"],
        [1n, "b"],
        [2n, "a"],
      ],
    ],
    ["a slice", [null, t.text("a")], [[1n, "b"]]],
    ["everything by a slice", [null, null], []],
    ["the whole array", null, []],
  ] as const)("deleting %s", (_what, key, left) => {
    const made = filled();
    t.outputOf(t.remove(pairs, key), [], made);
    expect(keysOf(made, pairs)).toEqual(left);
  });

  test("deleting a scalar resets it to 0 or empty, whatever its initialiser was", () => {
    const number = t.global("number", t.LONG, { initial: 5n });
    const word = t.global("word", t.STRING, { initial: "x" });
    const body = t.block(t.remove(number), t.remove(word), t.print(t.scalar(number), t.scalar(word)));
    expect(t.outputOf(body)).toBe("0 ;");
  });

  test("deleting a statistic empties it", () => {
    const s = t.global("s", t.STATISTIC);
    const body = t.block(
      t.run(t.record(t.statisticOf(s), t.number(4))),
      t.remove(s),
      t.print(t.extract("count", t.statisticOf(s))),
    );
    expect(t.outputOf(body)).toBe("0;");
  });
});

describe("errors of an array", () => {
  test("have the place of the write", () => {
    const small = t.global("small", t.arrayOf(["long"], "long"), { size: 1 });
    const runtime = new t.TestRuntime();
    const write = (key: number, at: number) =>
      compileExpression(t.assign(t.element(small, [t.number(key)]), t.number(1), null, t.spanAt(at)), [])(runtime);
    write(1, 10);
    expect(() => write(2, 20)).toThrow(
      expect.objectContaining({ message: "Array overflow, check size limit (1)", span: t.spanAt(20) }),
    );
  });
});
