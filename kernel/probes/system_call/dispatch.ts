/** Code that depends on the system call's number. */
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { Operand } from "../../compiler/ir/values.js";

/** Consecutive numbers, both ends included. */
export interface Interval {
  readonly first: number;
  readonly last: number;
}

export function intervals(numbers: Iterable<number>): readonly Interval[] {
  const result: { first: number; last: number }[] = [];
  for (const number of [...numbers].toSorted((a, b) => a - b)) {
    const previous = result.at(-1);
    if (previous && number <= previous.last + 1) previous.last = number;
    else result.push({ first: number, last: number });
  }
  return result;
}

/** Jumps to `skip` unless the number lies in one of the intervals. */
export function skipUnlessIn(emit: Emitter, number: Operand, within: readonly Interval[], skip: string): void {
  const inside = emit.label("wanted");
  search(
    emit,
    number,
    within.map((interval) => ({ ...interval, label: inside })),
    skip,
    inside,
  );
  emit.place(inside);
}

/** Runs the body of the group that the number belongs to; none where it belongs to none. */
export function dispatch(
  emit: Emitter,
  number: Operand,
  groups: readonly { readonly numbers: readonly number[]; readonly body: () => void }[],
): void {
  const [only] = groups;
  if (only && groups.length === 1) return only.body();
  const end = emit.label("dispatched");
  const cases = groups.map((group) => ({ ...group, label: emit.label("case") }));
  const targets = cases
    .flatMap(({ numbers, label }) => intervals(numbers).map((interval) => ({ ...interval, label })))
    .toSorted((a, b) => a.first - b.first);
  search(emit, number, targets, end, null);
  for (const { label, body } of cases) {
    emit.place(label);
    body();
    emit.jump(end);
  }
  emit.place(end);
}

interface LabelledInterval extends Interval {
  readonly label: string;
}

/** Binary search by comparisons; the last comparison falls through to `next` where that is the label wanted. */
function search(
  emit: Emitter,
  number: Operand,
  targets: readonly LabelledInterval[],
  otherwise: string,
  next: string | null,
): void {
  const [only] = targets;
  if (!only) return emit.jump(otherwise);
  if (targets.length === 1) {
    if (only.first === only.last) emit.branch("ne", number, BigInt(only.first), otherwise);
    else {
      if (only.first > 0) emit.branch("ult", number, BigInt(only.first), otherwise);
      emit.branch("ugt", number, BigInt(only.last), otherwise);
    }
    if (only.label !== next) emit.jump(only.label);
    return;
  }
  const middle = targets.length >> 1;
  const upper = targets[middle];
  if (!upper) return;
  const above = emit.label("above");
  emit.branch("uge", number, BigInt(upper.first), above);
  search(emit, number, targets.slice(0, middle), otherwise, null);
  emit.place(above);
  search(emit, number, targets.slice(middle), otherwise, next);
}
