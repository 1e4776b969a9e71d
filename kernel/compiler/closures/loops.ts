/** `for`, `while` and `foreach`. */
import type { Expression, Foreach, Statement } from "../check/program.js";
import {
  BREAK,
  NEXT,
  NORMAL,
  RETURN,
  rethrowAt,
  type ClosureCompiler,
  type Frame,
  type Signal,
  type StatementClosure,
} from "./frame.js";
import { compilePattern, matches } from "./globals.js";
import type { GlobalStore, StoreEntry } from "./runtime.js";
import { sortEntries } from "./sorting.js";
import { compileHistogramCounts } from "./statistics.js";

type Kind<Name extends Statement["kind"]> = Extract<Statement, { readonly kind: Name }>;

export function compileLoop(loop: Kind<"loop">, compiler: ClosureCompiler): StatementClosure {
  const condition = loop.condition && compiler.long(loop.condition);
  const step = loop.step && compiler.value(loop.step);
  const body = compiler.statement(loop.body);
  return (frame) => {
    for (;;) {
      if (condition && condition(frame) === 0n) return NORMAL;
      const signal = body(frame);
      if (signal === BREAK) return NORMAL;
      if (signal === NEXT || signal === RETURN) return signal;
      if (step) step(frame);
    }
  };
}

export function compileForeach(loop: Foreach, compiler: ClosureCompiler): StatementClosure {
  const { span, global } = loop;
  const select = compileSelection(loop, compiler);
  const limit = compileLimit(loop.limit, compiler);
  const body = compiler.statement(loop.body);
  const keyIndices = loop.keys.map((key) => key.index);
  const valueIndex = loop.value?.index ?? null;

  return (frame) => {
    const { execution } = frame;
    let left = limit(frame);
    if (left <= 0n) return NORMAL;
    let store: GlobalStore;
    let entries: readonly StoreEntry[];
    try {
      store = execution.runtime.store(global);
      entries = select(frame, store);
    } catch (error) {
      return rethrowAt(error, span);
    }
    for (const entry of entries) {
      // The list is of the loop's start; a kernel handler may have deleted the element since.
      if (!store.has(entry.key)) continue;
      for (const [column, index] of keyIndices.entries()) frame.locals[index] = entry.key[column]!;
      if (valueIndex !== null) frame.locals[valueIndex] = entry.value;
      const signal = body(frame);
      if (signal === BREAK) return NORMAL;
      if (signal === NEXT || signal === RETURN) return signal;
      if (--left === 0n) return NORMAL;
    }
    return NORMAL;
  };
}

/** What the loop walks, in its order. */
function compileSelection(
  { slice, sort }: Foreach,
  compiler: ClosureCompiler,
): (frame: Frame, store: GlobalStore) => readonly StoreEntry[] {
  const pattern = slice && compilePattern(slice, compiler);
  return (frame, store) => {
    // Made before the list, since making it may change the array.
    const wanted = pattern && pattern(frame);
    const all = store.entries();
    const chosen = wanted ? all.filter((entry) => matches(entry.key, wanted)) : all;
    return sort ? sortEntries(chosen, sort) : chosen;
  };
}

/** Larger than any loop gets. */
const NO_LIMIT = 1n << 62n;

function compileLimit(limit: Expression | null, compiler: ClosureCompiler): (frame: Frame) => bigint {
  return limit ? compiler.long(limit) : () => NO_LIMIT;
}

export function compileBucketLoop(loop: Kind<"foreachBucket">, compiler: ClosureCompiler): StatementClosure {
  const { descending } = loop;
  const counts = compileHistogramCounts(loop.histogram, compiler);
  const limit = compileLimit(loop.limit, compiler);
  const body = compiler.statement(loop.body);
  const bucketIndex = loop.bucket.index;
  const countIndex = loop.count?.index ?? null;

  return (frame): Signal => {
    let left = limit(frame);
    if (left <= 0n) return NORMAL;
    const buckets = counts(frame);
    for (let turn = 0; turn < buckets.length; turn++) {
      const bucket = descending ? buckets.length - 1 - turn : turn;
      frame.locals[bucketIndex] = BigInt(bucket);
      if (countIndex !== null) frame.locals[countIndex] = buckets[bucket]!;
      const signal = body(frame);
      if (signal === BREAK) return NORMAL;
      if (signal === NEXT || signal === RETURN) return signal;
      if (--left === 0n) return NORMAL;
    }
    return NORMAL;
  };
}
