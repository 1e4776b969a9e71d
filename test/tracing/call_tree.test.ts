import type { StoreEntry } from "../../kernel/compiler/closures/runtime.js";
import { callTreeResult } from "../../kernel/tracing/call_tree.js";
import type { CallNode } from "../../kernel/tracing/result.js";

const STACKS = {
  path: (key: readonly (bigint | string)[]) =>
    String(key[0])
      .split(";")
      .map((name) => ({ name, space: "user" as const })),
};

function statistic(stack: string, count: bigint, sum: bigint): StoreEntry {
  const counted = { count, sum, min: 0n, max: sum, sumOfSquares: null, log: null, linear: [] };
  return { key: [stack], value: "", statistic: counted };
}

function lines(node: CallNode, depth = 0): string[] {
  const { name, total, own, count } = node;
  return [
    `${" ".repeat(depth)}${name} ${total} ${own} ${count}`,
    ...node.children.flatMap((child) => lines(child, depth + 1)),
  ];
}

test("a function's total is of all stacks through it, its own of those that end in it", () => {
  const entries = [statistic("main;f;g", 3n, 300n), statistic("main;f", 1n, 50n), statistic("main;h", 2n, 400n)];
  const { root, unit } = callTreeResult("time", STACKS, entries, (text) => text, "ns");
  expect(unit).toBe("ns");
  // Summed by hand.
  expect(lines(root)).toEqual(["all 750 0 6", " main 750 0 6", "  h 400 400 2", "  f 350 50 4", "   g 300 300 3"]);
});

test("of numbers there are no counts, and what is too small is its caller's", () => {
  const entry = (stack: string, value: bigint): StoreEntry => ({ key: [stack], value, statistic: null });
  const { root } = callTreeResult("n", STACKS, [entry("main;f", 1000n), entry("main;rare", 4n)], (text) => text);
  expect(lines(root)).toEqual(["all 1004 0 null", " main 1004 0 null", "  f 1000 1000 null"]);
});
