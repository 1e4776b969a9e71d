/** The order of names that travel as numbers: a constant table gives each its rank among the texts of its set. */
import type { NameSet } from "../../compiled.js";
import type { Emitter } from "../emitter.js";
import type { Operand, Register } from "../values.js";

/** Above every number that has no name and is read as its digits, which are before all letters. */
const NAMED = 1n << 40n;

/** Unsigned and ascending as the texts are; `number` is a name's, or less than zero for the empty text. */
export function nameRank(emit: Emitter, set: NameSet, number: Operand): Register {
  const { entries, contents } = rankTable(set);
  const table = emit.mapValue(emit.tables.constant(`ranks of ${set.id}`, contents));
  const index = emit.set(number);
  const rank = emit.alu("add", index, 1n);
  const done = emit.label("ranked");
  emit.branch("uge", index, BigInt(entries), done);
  emit.assign(rank, emit.load(emit.alu("add", table, emit.alu("lsh", index, 3n)), 0));
  emit.place(done);
  return rank;
}

function rankTable({ names }: NameSet): { readonly entries: number; readonly contents: Uint8Array } {
  const texts = [...new Set(names.values())].toSorted((left, right) => (left < right ? -1 : 1));
  const places = new Map(texts.map((text, place) => [text, NAMED + BigInt(place)]));
  const entries = Math.max(0, ...names.keys()) + 1;
  const ranks = Array.from(
    { length: entries },
    (_, number) => places.get(names.get(number) ?? "") ?? BigInt(number) + 1n,
  );
  return { entries, contents: new Uint8Array(BigUint64Array.from(ranks).buffer) };
}
