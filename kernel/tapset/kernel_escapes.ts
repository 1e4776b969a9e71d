/** Texts with escapes and quotes, inside probes. */
import type { Emitter } from "../compiler/ir/emitter.js";
import { appendEscaped, escapedLength } from "../compiler/ir/escapes.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import { asBytes } from "../compiler/ir/strings.js";
import type { Operand, StringValue } from "../compiler/ir/values.js";

const LONGEST_PIECE = 8;
/** The quotes, and the quotes with three dots behind. */
const QUOTES = 2n;
const QUOTES_AND_DOTS = 5n;

/** The text with its escapes, as far as so many bytes hold; the language's longest string where `limit` is no length. */
export function emitEscaped(emit: Emitter, value: StringValue, limit: Operand): StringValue {
  const most = emitLimit(emit, limit);
  const builder = new StringBuilder(emit, emit.maxStringLength, LONGEST_PIECE);
  emit.temporaries(() => appendEscaped(emit, builder, asBytes(emit, value), () => emit.load("scratch", most)));
  return builder.finish();
}

/** The same in double quotes; three dots behind them tell that something is missing. */
export function emitQuoted(emit: Emitter, value: StringValue, limit: Operand): StringValue {
  const most = emitLimit(emit, limit);
  const builder = new StringBuilder(emit, emit.maxStringLength, LONGEST_PIECE);
  emit.temporaries(() => {
    const text = asBytes(emit, value);
    const isCut = emit.allocate(8);
    emit.store("scratch", isCut, 0n);
    const whole = emit.alu("add", escapedLength(emit, text), QUOTES);
    emit.when("sgt", whole, emit.load("scratch", most), () => {
      emit.store("scratch", isCut, 1n);
      emit.store("scratch", most, emit.alu("sub", emit.load("scratch", most), QUOTES_AND_DOTS));
    });
    builder.append({ kind: "literal", text: '"' });
    appendEscaped(emit, builder, text, () => emit.load("scratch", most));
    builder.append({ kind: "literal", text: '"' });
    emit.when("ne", emit.load("scratch", isCut), 0n, () => builder.append({ kind: "literal", text: "..." }));
  });
  return builder.finish();
}

function emitLimit(emit: Emitter, limit: Operand): number {
  const most = emit.allocate(8);
  const longest = BigInt(emit.maxStringLength - 1);
  const wanted = emit.set(limit);
  emit.when("sle", wanted, 0n, () => emit.assign(wanted, longest));
  emit.when("sgt", wanted, longest, () => emit.assign(wanted, longest));
  emit.store("scratch", most, wanted);
  return most;
}
