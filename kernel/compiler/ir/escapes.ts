/** Texts as C writes them in quotes, inside a probe. */
import { escapeByte } from "../text/escape.js";
import type { Emitter } from "./emitter.js";
import type { StringBuilder } from "./string_builder.js";
import type { Operand, Register, StringValue } from "./values.js";

/** The text that C writes for a byte, of at most four characters, as one word. `byte` is below 256. */
export function escapedByte(emit: Emitter, byte: Operand, quote: "'" | '"'): Register {
  const contents = new Uint8Array(256 * 8);
  for (let code = 0; code < 256; code++) {
    const text = escapeByte(String.fromCharCode(code), quote);
    contents.set(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      code * 8,
    );
  }
  const table = emit.tables.constant(`escapes_${quote}`, contents);
  return emit.load(emit.alu("add", emit.mapValue(table), emit.alu("lsh", byte, 3n)), 0);
}

/** The text in double quotes, without them, as far as `limit` bytes hold; what does not fit is left out whole. */
export function appendEscaped(
  emit: Emitter,
  builder: StringBuilder,
  text: Extract<StringValue, { kind: "bytes" }>,
  limit: () => Operand,
): void {
  const total = emit.allocate(8);
  const escaped = emit.allocate(8);
  emit.store("scratch", total, 0n);
  eachEscape(emit, text, escaped, (length, done) => {
    const after = emit.alu("add", emit.load("scratch", total), length);
    emit.when("sgt", after, limit(), done);
    emit.store("scratch", total, after);
    builder.append({ kind: "bytes", offset: escaped, size: 8 });
  });
}

/** How many bytes the whole text takes. */
export function escapedLength(emit: Emitter, text: Extract<StringValue, { kind: "bytes" }>): Register {
  const total = emit.allocate(8);
  emit.store("scratch", total, 0n);
  eachEscape(emit, text, emit.allocate(8), (length) =>
    emit.store("scratch", total, emit.alu("add", emit.load("scratch", total), length)),
  );
  return emit.load("scratch", total);
}

/** Puts the escape of each byte at `escaped`. */
function eachEscape(
  emit: Emitter,
  { offset, size }: Extract<StringValue, { kind: "bytes" }>,
  escaped: number,
  body: (length: Register, done: () => void) => void,
): void {
  const end = emit.exit("escaped");
  const done = (): void => emit.leave(end);
  emit.loop(BigInt(size), (index) => {
    emit.when("uge", index, BigInt(size), done);
    const byte = emit.load(emit.alu("add", emit.scratchAddress(offset), index), 0, 1);
    emit.when("eq", byte, 0n, done);
    const word = escapedByte(emit, byte, '"');
    emit.store("scratch", escaped, word);
    // An escape has one, two or four characters.
    const length = emit.set(1n);
    emit.when("ne", emit.alu("rsh", word, 8n), 0n, () => emit.assign(length, 2n));
    emit.when("ne", emit.alu("rsh", word, 16n), 0n, () => emit.assign(length, 4n));
    body(length, done);
  });
  emit.placeExit(end);
}
