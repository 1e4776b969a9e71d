/** Samples of a global against a model that knows every value and when it came. */
import { MemoryStore } from "../../kernel/compiler/closures/memory_store.js";
import type { GlobalType } from "../../kernel/compiler/check/program.js";
import { GlobalHistory } from "../../kernel/tracing/history.js";
import * as tree from "../compiler/closures/tree.js";
import { heatmapResult, heatmapsResult, seriesResult } from "../../kernel/tracing/over_time.js";

const PARTS = { log: true, linear: [], variance: false };

const keyText = (key: readonly (bigint | string)[]): string => key.join(", ");

/** A history of a global, which `act` changes before each sample but the first. */
function sampled(
  type: GlobalType,
  samples: number,
  act: (store: MemoryStore, step: number) => void,
  most?: number,
): GlobalHistory {
  const global = tree.global("x", type, { parts: PARTS });
  const store = new MemoryStore(global);
  const history = new GlobalHistory(most);
  history.add(0, store, global, keyText);
  for (let step = 1; step <= samples; step++) {
    act(store, step);
    history.add(step / 4, store, global, keyText);
  }
  return history;
}

const STATISTIC = { kind: "statistic" } as const;

/** 2^k falls into the bucket that starts at 2^k. */
const power = (step: number): number => 3 + (step % 5);

describe("a heat map", () => {
  test("has a column for each sample, of what came since the one before", () => {
    const history = sampled(STATISTIC, 6, (store, step) => {
      for (let count = 0; count < step; count++) store.record([], 1n << BigInt(power(step)));
    });
    const map = heatmapResult("x", history.samples())!;
    expect(map.times).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]);
    expect(map.buckets.map(({ low }) => low)).toEqual([8n, 16n, 32n, 64n, 128n]);
    // Steps 1 to 6 record 1 to 6 values of 2^4, 2^5, 2^6, 2^7, 2^3, 2^4.
    expect(map.columns).toEqual([
      [0n, 1n, 0n, 0n, 0n],
      [0n, 0n, 2n, 0n, 0n],
      [0n, 0n, 0n, 3n, 0n],
      [0n, 0n, 0n, 0n, 4n],
      [5n, 0n, 0n, 0n, 0n],
      [0n, 6n, 0n, 0n, 0n],
    ]);
  });

  test.each([999, 1000, 1001, 5000])("merges columns as %i samples come, and loses no value", (samples) => {
    const expected = new Map<bigint, bigint>();
    const history = sampled(STATISTIC, samples, (store, step) => {
      const value = 1n << BigInt(power(step));
      store.record([], value);
      expected.set(value, (expected.get(value) ?? 0n) + 1n);
    });
    const map = heatmapResult("x", history.samples())!;
    expect(map.columns.length).toBeLessThanOrEqual(241);
    expect(map.columns.length).toBeGreaterThanOrEqual(119);
    expect(map.times).toEqual(map.times.toSorted((left, right) => left - right));
    expect([map.times[0], map.times.at(-1)]).toEqual([0, samples / 4]);
    const sums = map.buckets.map((_, bucket) => map.columns.reduce((sum, column) => sum + column[bucket]!, 0n));
    expect(new Map(map.buckets.map(({ low }, bucket) => [low, sums[bucket]]))).toEqual(
      new Map([...expected].toSorted(([left], [right]) => Number(left - right))),
    );
    // One value a sample: every column but the last holds as many as it is samples wide.
    const widths = map.columns.map((_, index) => (map.times[index + 1]! - map.times[index]!) * 4);
    expect(map.columns.map((column) => Number(column.reduce((sum, count) => sum + count, 0n)))).toEqual(widths);
  });

  test("counts on where the statistic was emptied in between", () => {
    const history = sampled(STATISTIC, 4, (store, step) => {
      if (step === 3) store.delete([]);
      store.record([], 8n);
      if (step < 3) store.record([], 8n);
    });
    // 2, 2, then emptied and 1, 1.
    expect(heatmapResult("x", history.samples())!.columns).toEqual([[2n], [2n], [1n], [1n]]);
  });

  test("is of all keys of an array together", () => {
    const history = sampled({ kind: "array", keys: ["string"], value: "statistic" }, 2, (store, step) => {
      store.record(["a"], 8n);
      store.record([`b${step}`], 8n);
      if (step === 2) store.delete(["b1"]);
    });
    expect(heatmapResult("x", history.samples())!.columns).toEqual([[2n], [2n]]);
  });

  test("has no last column that is too narrow to tell anything", () => {
    const global = tree.global("x", STATISTIC, { parts: PARTS });
    const store = new MemoryStore(global);
    const history = new GlobalHistory();
    for (const seconds of [0, 0.25, 0.5, 0.51]) {
      history.add(seconds, store, global, keyText);
      store.record([], 8n);
    }
    const map = heatmapResult("x", history.samples())!;
    expect(map.times).toEqual([0, 0.25, 0.51]);
    expect(map.columns).toEqual([[1n], [2n]]);
  });

  test("is none where nothing came", () => {
    expect(heatmapResult("x", sampled(STATISTIC, 3, () => undefined).samples())).toBeNull();
  });
});

const STATISTICS = { kind: "array", keys: ["string"], value: "statistic" } as const;

describe("heat maps of an array of statistics", () => {
  test("have a row for each key, the one with most values first, over the same times and buckets", () => {
    const history = sampled(STATISTICS, 3, (store, step) => {
      store.record(["slow"], 64n);
      for (let count = 0; count < step; count++) store.record(["fast"], 8n);
      if (step === 2) store.delete(["slow"]);
    });
    const maps = heatmapsResult("x", history, {})!;
    expect(maps.times).toEqual([0, 0.25, 0.5, 0.75]);
    expect(maps.buckets.map(({ low, count }) => [low, count])).toEqual([
      [8n, 6n],
      [16n, 0n],
      [32n, 0n],
      [64n, 2n],
    ]);
    expect(maps.panels).toEqual([
      {
        key: "fast",
        count: 6n,
        columns: [
          [1n, 0n, 0n, 0n],
          [2n, 0n, 0n, 0n],
          [3n, 0n, 0n, 0n],
        ],
      },
      // What was recorded and deleted between two samples, nobody has seen.
      {
        key: "slow",
        count: 2n,
        columns: [
          [0n, 0n, 0n, 1n],
          [0n, 0n, 0n, 0n],
          [0n, 0n, 0n, 1n],
        ],
      },
    ]);
  });

  test("say how many keys there are, and have as many columns as a heat map of all of them has cells for", () => {
    const history = sampled(STATISTICS, 500, (store, step) => {
      for (let key = 0; key < 9; key++)
        for (let count = 0; count <= key; count++) store.record([`k${key}`], 1n << BigInt(step % 9));
    });
    const maps = heatmapsResult("x", history, { top: 3 })!;
    expect(maps.panels.map(({ key, count }) => [key, count])).toEqual([
      ["k8", 4500n],
      ["k7", 4000n],
      ["k6", 3500n],
    ]);
    expect(maps.totalPanels).toBe(9);
    expect(maps.times.length).toBeLessThanOrEqual(82);
    expect([maps.times[0], maps.times.at(-1)]).toEqual([0, 125]);
    for (const { columns } of maps.panels) expect(columns).toHaveLength(maps.times.length - 1);
  });

  test("are none where nothing came", () => {
    expect(
      heatmapsResult(
        "x",
        sampled(STATISTICS, 3, () => undefined),
        {},
      ),
    ).toBeNull();
  });
});

describe("an element's history", () => {
  test("is that of its values alone", () => {
    const history = sampled(STATISTICS, 3, (store, step) => {
      store.record(["a"], BigInt(2 ** step));
      store.record(["b"], 1024n);
    });
    const element = history.element("a")!;
    const map = heatmapResult('x["a"]', element.samples())!;
    expect(map.buckets.map(({ low }) => low)).toEqual([2n, 4n, 8n]);
    expect(map.columns).toEqual([
      [1n, 0n, 0n],
      [0n, 1n, 0n],
      [0n, 0n, 1n],
    ]);
    const { lines } = seriesResult("x", element.samples(), { top: 5, perSecond: false, keys: 1 })!;
    expect(lines.map(({ key, points }) => [key, points.map(({ value }) => value)])).toEqual([["", [2, 4, 8]]]);
    expect(history.element("c")).toBeNull();
  });

  test("has nothing of what came before it was among the keys that are followed, and loses nothing afterwards", () => {
    const others = Array.from({ length: 40 }, (_, index) => `k${index}`);
    const history = sampled(STATISTICS, 4, (store, step) => {
      if (step === 1) for (const key of others) for (let count = 0; count < 5; count++) store.record([key], 8n);
      // 3, then 9 altogether, then overtaken by those with 15, then ahead with 18.
      for (let count = 0; count < (step === 1 ? 3 : step === 2 ? 6 : step === 3 ? 1 : 8); count++)
        store.record(["x"], 8n);
      if (step === 3) for (const key of others) for (let count = 0; count < 10; count++) store.record([key], 8n);
    });
    // The one of step 3 is seen with those of step 4.
    expect(heatmapResult("x", history.element("x")!.samples())!.columns).toEqual([[0n], [0n], [0n], [9n]]);
  });
});

describe("a series", () => {
  const options = { top: 5, perSecond: false, keys: 0 };

  test("of a number is its values", () => {
    const history = sampled({ kind: "scalar", value: "long" }, 3, (store, step) => store.set([], BigInt(step * step)));
    const { lines } = seriesResult("x", history.samples(), options)!;
    expect(lines).toEqual([{ key: "", points: [0, 1, 4, 9].map((value, index) => ({ seconds: index / 4, value })) }]);
  });

  test("of a rate is what was added in a second, and an emptied counter starts at zero", () => {
    const values = [10n, 30n, 5n];
    const history = sampled({ kind: "scalar", value: "long" }, 3, (store, step) => store.set([], values[step - 1]!));
    const { lines, valueName } = seriesResult("x", history.samples(), { ...options, perSecond: true })!;
    expect(valueName).toBe("per second");
    // 10, 20 and 5 in a quarter of a second each.
    expect(lines[0]!.points.map(({ value }) => value)).toEqual([40, 80, 20]);
  });

  test("of a statistic is the average of what came, and nothing where nothing came", () => {
    const history = sampled(STATISTIC, 3, (store, step) => {
      if (step === 2) return;
      store.record([], BigInt(10 * step));
      store.record([], BigInt(30 * step));
    });
    const { lines, valueName } = seriesResult("x", history.samples(), options)!;
    expect(valueName).toBe("average");
    expect(lines[0]!.points).toEqual([
      { seconds: 0.25, value: 20 },
      { seconds: 0.75, value: 60 },
    ]);
  });

  test("of an array is its largest keys, and tells how many there are", () => {
    const history = sampled({ kind: "array", keys: ["string"], value: "long" }, 2, (store, step) => {
      for (let key = 1; key <= 60; key++) store.set([`k${key}`], BigInt(key * step));
    });
    const { lines, totalLines } = seriesResult("x", history.samples(), { ...options, keys: history.keys })!;
    expect(lines.map(({ key }) => key)).toEqual(["k60", "k59", "k58", "k57", "k56"]);
    expect(totalLines).toBe(60);
    expect(lines[0]!.points).toEqual([
      { seconds: 0.25, value: 60 },
      { seconds: 0.5, value: 120 },
    ]);
  });
});
