/** String functions inside probes, where a text is a piece of scratch memory and every loop has a bound. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import { asBytes, stringLength } from "../compiler/ir/strings.js";
import type { Operand, Register, StringValue } from "../compiler/ir/values.js";

type Bytes = Extract<StringValue, { kind: "bytes" }>;

/** Where the text first occurs, -1 where it does not. */
export function emitPosition(emit: Emitter, value: StringValue, wanted: StringValue): Operand {
  if (value.kind === "literal" && wanted.kind === "literal") return BigInt(value.text.indexOf(wanted.text));
  if (wanted.kind === "literal" && wanted.text === "") return 0n;
  const text = asBytes(emit, value);
  const part = partOf(emit, wanted);
  const position = emit.allocate(8);
  const length = emit.allocate(8);
  emit.store("scratch", position, -1n);
  emit.store("scratch", length, stringLength(emit, text));
  const found = emit.exit("found");
  emit.loop(BigInt(text.size), (index) => {
    const place = emit.allocate(8);
    emit.store("scratch", place, index);
    emit.when("ugt", index, emit.load("scratch", length), () => emit.leave(found));
    const other = emit.label("other");
    part.branchUnlessAt(text, place, other);
    emit.store("scratch", position, emit.load("scratch", place));
    emit.leave(found);
    emit.place(other);
  });
  emit.placeExit(found);
  return emit.load("scratch", position);
}

/** The text with every occurrence of one that is not empty replaced. */
export function emitReplaced(emit: Emitter, value: StringValue, old: StringValue, new_: StringValue): StringValue {
  const text = asBytes(emit, value);
  const replacement = asBytes(emit, new_);
  const builder = new StringBuilder(emit, emit.maxStringLength, Math.max(8, replacement.size));
  emit.temporaries(() => {
    const part = partOf(emit, old);
    const [place, step] = [emit.allocate(8), emit.allocate(8)];
    emit.store("scratch", place, 0n);
    const done = emit.exit("replaced");
    emit.loop(BigInt(text.size), () => {
      const byte = emitByteAt(emit, text, emit.load("scratch", place));
      emit.when("eq", byte, 0n, () => emit.leave(done));
      const other = emit.label("other");
      const next = emit.label("next");
      emit.store("scratch", step, part.length());
      emit.branch("eq", emit.load("scratch", step), 0n, other);
      part.branchUnlessAt(text, place, other);
      builder.append(replacement);
      emit.jump(next);
      emit.place(other);
      emit.store("scratch", step, 1n);
      builder.appendByte(emitByteAt(emit, text, emit.load("scratch", place)));
      emit.place(next);
      emit.store("scratch", place, emit.alu("add", emit.load("scratch", place), emit.load("scratch", step)));
    });
    emit.placeExit(done);
  });
  return builder.finish();
}

/** What is looked for in a text. */
interface Part {
  length(): Operand;
  /** Jumps where it does not stand at the place that scratch memory holds. */
  branchUnlessAt(text: Bytes, place: number, other: string): void;
}

function partOf(emit: Emitter, wanted: StringValue): Part {
  return wanted.kind === "literal" ? knownPart(emit, wanted.text) : unknownPart(emit, asBytes(emit, wanted));
}

function knownPart(emit: Emitter, wanted: string): Part {
  return {
    length: () => BigInt(wanted.length),
    branchUnlessAt(text, place, other) {
      if (wanted.length >= text.size) return emit.jump(other);
      const from = emit.load("scratch", place);
      emit.branch("ugt", from, BigInt(text.size - wanted.length), other);
      const at = emit.alu("add", emit.scratchAddress(text.offset), from);
      for (let byte = 0; byte < wanted.length; byte++)
        emit.branch("ne", emit.load(at, byte, 1), BigInt(wanted.charCodeAt(byte)), other);
    },
  };
}

function unknownPart(emit: Emitter, wanted: Bytes): Part {
  const [length, same] = [emit.allocate(8), emit.allocate(8)];
  emit.store("scratch", length, stringLength(emit, wanted));
  return {
    length: () => emit.load("scratch", length),
    branchUnlessAt(text, place, other) {
      // Most places are told apart by the first byte.
      const first = emit.load("scratch", wanted.offset, 1);
      const begins = emit.label("begins");
      emit.branch("eq", first, 0n, begins);
      emit.branch("ne", emitByteAt(emit, text, emit.load("scratch", place)), first, other);
      emit.place(begins);
      emit.store("scratch", same, 1n);
      const done = emit.exit("compared");
      emit.loop(BigInt(wanted.size), (index) => {
        const byte = emitByteAt(emit, wanted, index);
        emit.when("eq", byte, 0n, () => emit.leave(done));
        const own = emitByteAt(emit, text, emit.alu("add", emit.load("scratch", place), index));
        emit.when("ne", own, byte, () => {
          emit.store("scratch", same, 0n);
          emit.leave(done);
        });
      });
      emit.placeExit(done);
      emit.branch("eq", emit.load("scratch", same), 0n, other);
    },
  };
}

/** The byte at a place, 0 outside of the text. */
export function emitByteAt(emit: Emitter, value: StringValue, place: Operand): Register {
  const bytes = asBytes(emit, value);
  const result = emit.set(0n);
  const outside = emit.label("outside");
  const index = emit.set(place);
  emit.branch("uge", index, BigInt(bytes.size), outside);
  emit.assign(result, emit.load(emit.alu("add", emit.scratchAddress(bytes.offset), index), 0, 1));
  emit.place(outside);
  return result;
}

export function emitPart(emit: Emitter, value: StringValue, start: Operand, length: Operand): StringValue {
  const bytes = asBytes(emit, value);
  const offset = emit.allocate(bytes.size);
  emit.zero(offset, bytes.size);
  const nothing = emit.label("nothing");
  const from = emit.set(start);
  const count = emit.set(length);
  // Below zero is far above as an unsigned number. What lies behind the text's end is zero, which reads as nothing.
  emit.branch("uge", from, BigInt(bytes.size), nothing);
  emit.branch("sle", count, 0n, nothing);
  emit.when("ugt", count, BigInt(bytes.size - 1), () => emit.assign(count, BigInt(bytes.size - 1)));
  const source = emit.alu("add", emit.scratchAddress(bytes.offset), from);
  emit.call(HELPER.probe_read_kernel_str, [{ scratch: offset }, emit.alu("add", count, 1n), source]);
  emit.place(nothing);
  return { kind: "bytes", offset, size: bytes.size };
}
