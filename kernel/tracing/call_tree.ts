/** Numbers by call stack as a tree of functions, with what each took altogether and in itself. */
import type { StoreEntry } from "../compiler/closures/runtime.js";
import type { CallNode, CallTreeResult } from "./result.js";
import type { PathStep, StackKeys } from "./stack_keys.js";

/** Functions of less than this share of the whole are summed up in their callers. */
const LEAST_SHARE = 1 / 200;

interface Growing extends PathStep {
  total: bigint;
  count: bigint;
  readonly children: Map<string, Growing>;
}

/** Of an array of numbers, or of statistics, whose sums are shown with how many values they have. */
export function callTreeResult(
  label: string,
  stacks: Pick<StackKeys, "path">,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
  unit?: string,
): CallTreeResult {
  const root: Growing = { name: "all", space: "key", total: 0n, count: 0n, children: new Map() };
  const counts = entries.some(({ statistic }) => statistic !== null);
  for (const { key, value, statistic } of entries) {
    const amount = statistic ? statistic.sum : value;
    if (typeof amount !== "bigint" || amount <= 0n) continue;
    const count = statistic?.count ?? 0n;
    let node = root;
    add(node, amount, count);
    for (const { name, space } of stacks.path(key)) {
      const id = `${space} ${name}`;
      let child = node.children.get(id);
      if (!child)
        node.children.set(id, (child = { name: decode(name), space, total: 0n, count: 0n, children: new Map() }));
      add(child, amount, count);
      node = child;
    }
  }
  const least = Number(root.total) * LEAST_SHARE;
  return {
    kind: "call_tree",
    label,
    ...(unit === undefined ? {} : { unit }),
    root: finished(root, least, counts),
  };
}

function add(node: Growing, amount: bigint, count: bigint): void {
  node.total += amount;
  node.count += count;
}

function finished({ name, space, total, count, children }: Growing, least: number, counts: boolean): CallNode {
  const all = [...children.values()];
  return {
    name,
    space,
    total,
    own: all.reduce((rest, child) => rest - child.total, total),
    count: counts ? count : null,
    children: all
      .filter((child) => Number(child.total) >= least)
      .toSorted((left, right) => (left.total < right.total ? 1 : left.total > right.total ? -1 : 0))
      .map((child) => finished(child, least, counts)),
  };
}
