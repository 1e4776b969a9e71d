/** Counts by call stack, put together to one tree. */
import type { StoreEntry } from "../compiler/closures/runtime.js";
import type { PathStep, StackKeys } from "./stack_keys.js";
import type { FlameNode, FlameResult } from "./result.js";

/** Nodes of less than this share of the whole are not worth a pixel. */
export const LEAST_SHARE = 1 / 2000;

interface Growing extends PathStep {
  value: bigint;
  readonly children: Map<string, Growing>;
}

/** Of an array of numbers, or of the sums of statistics, whose keys hold stacks; elements of zero and below have no width and are left out. */
export function flameResult(
  label: string,
  stacks: Pick<StackKeys, "path">,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
  unit?: string,
): FlameResult {
  const root = grow(stacks, entries, decode);
  const least = BigInt(Math.ceil(Number(root.value) * LEAST_SHARE));
  return { kind: "flame", label, ...(unit === undefined ? {} : { unit }), root: finished(root, least) };
}

/** The same tree with every function in it, however rare: what a later one is compared with. */
export function stackTree(
  stacks: Pick<StackKeys, "path">,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
): FlameNode {
  return finished(grow(stacks, entries, decode), 0n);
}

function grow(
  stacks: Pick<StackKeys, "path">,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
): Growing {
  const root: Growing = { name: "all", space: "key", value: 0n, children: new Map() };
  for (const { key, ...entry } of entries) {
    const value = entry.statistic ? entry.statistic.sum : entry.value;
    if (typeof value !== "bigint" || value <= 0n) continue;
    let node = root;
    node.value += value;
    for (const { name, space } of stacks.path(key)) {
      const id = `${space} ${name}`;
      let child = node.children.get(id);
      if (!child) node.children.set(id, (child = { name: decode(name), space, value: 0n, children: new Map() }));
      child.value += value;
      node = child;
    }
  }
  return root;
}

function finished({ name, space, value, children }: Growing, least: bigint): FlameNode {
  const wide = [...children.values()].filter((child) => child.value >= least);
  return {
    name,
    space,
    value,
    children: wide
      .toSorted((left, right) => (left.value < right.value ? 1 : left.value > right.value ? -1 : 0))
      .map((child) => finished(child, least)),
  };
}
