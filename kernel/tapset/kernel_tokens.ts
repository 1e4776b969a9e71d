/** `tokenize` inside probes. */
import type { Emitter } from "../compiler/ir/emitter.js";
import { asBytes } from "../compiler/ir/strings.js";
import type { Operand, Register, StringValue } from "../compiler/ir/values.js";
import { emitPart } from "./kernel_strings.js";

/** One bit for each byte there is. */
const SET_WORDS = 4;

/** The first token that is not empty. */
export function emitToken(emit: Emitter, value: StringValue, delimiters: StringValue): StringValue {
  const text = asBytes(emit, value);
  const { start, end } = findToken(emit, text, delimiters);
  const from = emit.load("scratch", start);
  return emitPart(emit, text, from, emit.alu("sub", emit.load("scratch", end), from));
}

/** What follows the first token and its delimiter. */
export function emitAfterToken(emit: Emitter, value: StringValue, delimiters: StringValue): StringValue {
  const text = asBytes(emit, value);
  const { end } = findToken(emit, text, delimiters);
  return emitPart(emit, text, emit.alu("add", emit.load("scratch", end), 1n), BigInt(text.size));
}

/** Where in scratch memory it stands where the token starts, and where it ends. */
function findToken(
  emit: Emitter,
  text: Extract<StringValue, { kind: "bytes" }>,
  delimiters: StringValue,
): { readonly start: number; readonly end: number } {
  const set = emit.allocate(SET_WORDS * 8);
  const [start, end] = [emit.allocate(8), emit.allocate(8)];
  emit.zero(set, SET_WORDS * 8);
  eachByte(emit, asBytes(emit, delimiters), (byte, _, done) => {
    emit.when("eq", byte, 0n, done);
    const word = emit.alu("add", emit.scratchAddress(set), wordOf(emit, byte));
    emit.store(word, 0, emit.alu("or", emit.load(word, 0), emit.alu("lsh", 1n, emit.alu("and", byte, 63n))));
  });
  emit.store("scratch", start, -1n);
  emit.store("scratch", end, 0n);
  eachByte(emit, text, (byte, index, done) => {
    const inside = emit.label("inside");
    const next = emit.label("next");
    const found = emit.label("found");
    emit.store("scratch", end, index);
    emit.branch("eq", byte, 0n, found);
    const word = emit.load(emit.alu("add", emit.scratchAddress(set), wordOf(emit, byte)), 0);
    const isDelimiter = emit.alu("and", emit.alu("rsh", word, emit.alu("and", byte, 63n)), 1n);
    emit.branch("eq", isDelimiter, 0n, inside);
    emit.branch("slt", emit.load("scratch", start), 0n, next);
    emit.place(found);
    done();
    emit.place(inside);
    emit.when("slt", emit.load("scratch", start), 0n, () => emit.store("scratch", start, index));
    emit.place(next);
  });
  emit.when("slt", emit.load("scratch", start), 0n, () => emit.store("scratch", start, emit.load("scratch", end)));
  return { start, end };
}

/** Offset of the set's word that tells about the byte. */
function wordOf(emit: Emitter, byte: Register): Operand {
  return emit.alu("lsh", emit.alu("rsh", emit.alu("and", byte, 0xffn), 6n), 3n);
}

function eachByte(
  emit: Emitter,
  { offset, size }: Extract<StringValue, { kind: "bytes" }>,
  body: (byte: Register, index: Register, done: () => void) => void,
): void {
  const exit = emit.exit("walked");
  const done = (): void => emit.leave(exit);
  emit.loop(BigInt(size), (index) => {
    emit.when("uge", index, BigInt(size), done);
    body(emit.load(emit.alu("add", emit.scratchAddress(offset), index), 0, 1), index, done);
  });
  emit.placeExit(exit);
}
