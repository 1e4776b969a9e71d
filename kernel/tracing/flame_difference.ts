/** What changed between two trees of call stacks. */
import { LEAST_SHARE } from "./flames.js";
import type { ChangedNode, FlameDifferenceResult, FlameNode } from "./result.js";

export interface DifferenceOptions {
  readonly unit?: string | undefined;
  /** Multiplies the earlier numbers so that both wholes are equal: for traces that did not run equally long. */
  readonly scaled?: boolean;
}

/** Both trees with every function in them (`stackTree`), since what is rare in one may be frequent in the other. */
export function flameDifference(
  label: string,
  before: FlameNode,
  after: FlameNode,
  { unit, scaled = false }: DifferenceOptions = {},
): FlameDifferenceResult {
  const factor = scaled && before.value > 0n ? Number(after.value) / Number(before.value) : 1;
  const root = joined(before, after, (value) => (factor === 1 ? value : BigInt(Math.round(Number(value) * factor))));
  const least = Number(largest(root)) * LEAST_SHARE;
  return {
    kind: "flame_difference",
    label,
    ...(unit === undefined ? {} : { unit }),
    ...(factor === 1 ? {} : { scaled: factor }),
    root: pruned(root, least),
  };
}

function joined(
  before: FlameNode | undefined,
  after: FlameNode | undefined,
  scale: (value: bigint) => bigint,
): ChangedNode {
  const either = after ?? before;
  if (!either) throw new Error("a node is in one of two trees at least");
  const earlier = new Map((before?.children ?? []).map((child) => [identity(child), child]));
  const later = new Map((after?.children ?? []).map((child) => [identity(child), child]));
  const children = [...new Set([...later.keys(), ...earlier.keys()])].map((id) =>
    joined(earlier.get(id), later.get(id), scale),
  );
  return {
    name: either.name,
    space: either.space,
    before: scale(before?.value ?? 0n),
    after: after?.value ?? 0n,
    children: children.toSorted((left, right) => Number(largest(right) - largest(left))),
  };
}

function identity({ space, name }: FlameNode): string {
  return `${space} ${name}`;
}

function largest({ before, after }: ChangedNode): bigint {
  return after > before ? after : before;
}

function pruned(node: ChangedNode, least: number): ChangedNode {
  const wide = node.children.filter((child) => Number(largest(child)) >= least);
  return { ...node, children: wide.map((child) => pruned(child, least)) };
}
