/** `sprintf` and its kin in the kernel: text is put together in scratch memory, to the byte as user space makes it. */
import type { FormatConversion, FormatPiece } from "../text/pieces.js";
import type { Emitter } from "./emitter.js";
import { escapedByte } from "./escapes.js";
import { FieldLayout } from "./field_layout.js";
import { emitHexadecimal, readMemory } from "./format_memory.js";
import { appendNumber, LONGEST_NUMBER } from "./format_numbers.js";
import { stringLength, asBytes, stringSize } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import { bufferSize, type KernelValue, type Operand, type StringValue } from "./values.js";

/** The most bytes that a format can make, given the bounds of its string arguments (0 for numbers). */
export function formatBound(pieces: readonly FormatPiece[], argumentBounds: readonly number[]): number {
  let argument = 0;
  return pieces.reduce((sum, piece) => {
    if (piece.kind === "literal") return sum + piece.text.length;
    if (piece.width === "*") argument++;
    if (piece.precision === "*") argument++;
    return sum + Math.max(ownBound(piece, argumentBounds[argument++] ?? 0), sizeBound(piece.width));
  }, 0);
}

function ownBound({ conversion, precision }: FormatConversion, textBound: number): number {
  switch (conversion) {
    case "s":
      return typeof precision === "number" ? Math.min(textBound, precision) : textBound;
    case "m":
    case "M":
      return 2 * Math.max(1, sizeBound(precision));
    default:
      return Math.max(LONGEST_NUMBER, sizeBound(precision) + 2);
  }
}

function sizeBound(size: FormatConversion["width"]): number {
  return size === "*" ? Number.MAX_SAFE_INTEGER : (size ?? 0);
}

export function emitFormat(emit: Emitter, pieces: readonly FormatPiece[], values: readonly KernelValue[]): StringValue {
  const bounds = values.map((value) => (value.kind === "long" ? 0 : stringSize(emit, value) - 1));
  const size = sizeUpTo(emit, formatBound(pieces, bounds));
  // Each append is one thing: a literal, a text, what fills a field.
  const appended = pieces.map((piece) =>
    piece.kind === "literal" ? piece.text.length : Math.max(sizeBound(piece.width), sizeBound(piece.precision)),
  );
  const longest = Math.min(size, bufferSize(Math.max(LONGEST_NUMBER, ...bounds, ...appended)));
  const builder = new StringBuilder(emit, size, longest);
  const rest = [...values];
  for (const piece of pieces) {
    if (piece.kind === "literal") builder.append({ kind: "literal", text: piece.text });
    else emit.temporaries(() => appendConversion(emit, builder, piece, rest));
  }
  return builder.finish();
}

function sizeUpTo(emit: Emitter, bound: number): number {
  return bound >= emit.maxStringLength ? emit.maxStringLength : Math.min(emit.maxStringLength, bufferSize(bound));
}

/** Takes its arguments from the front of `rest`. */
function appendConversion(emit: Emitter, builder: StringBuilder, piece: FormatConversion, rest: KernelValue[]): void {
  const takeLong = (): Operand => {
    const value = rest.shift();
    if (value?.kind !== "long") throw new Error("the format wants a number here");
    return value.operand;
  };
  const layout = new FieldLayout(emit, piece, takeLong);
  switch (piece.conversion) {
    case "s": {
      const value = rest.shift();
      if (!value || value.kind === "long") throw new Error("the format wants a string here");
      appendText(emit, builder, piece, layout, value);
      // Nothing follows a zero byte.
      if (piece.flag === "0") builder.close();
      return;
    }
    case "c":
      return appendCharacter(emit, builder, piece, layout, takeLong());
    case "b":
      return appendBinary(emit, builder, layout, takeLong());
    case "m":
    case "M":
      appendMemory(emit, builder, piece, layout, takeLong());
      if (piece.flag === "0") builder.close();
      return;
    default:
      return appendNumber(emit, builder, piece, layout, takeLong());
  }
}

function appendText(
  emit: Emitter,
  builder: StringBuilder,
  piece: FormatConversion,
  layout: FieldLayout,
  value: StringValue,
): void {
  if (piece.width === null && piece.precision === null) return builder.append(value);
  const bytes = asBytes(emit, value);
  const length = emit.allocate(8);
  emit.store("scratch", length, stringLength(emit, bytes));
  if (piece.precision !== null) {
    const limit = emit.set(layout.precision());
    emit.when("ugt", emit.load("scratch", length), limit, () => emit.store("scratch", length, limit));
  }
  const now = (): Operand => emit.load("scratch", length);
  layout.surround(builder, now, () => builder.appendPart(bytes, now()));
}

/** A number's lowest byte, with `#` as C writes it. */
function appendCharacter(
  emit: Emitter,
  builder: StringBuilder,
  piece: FormatConversion,
  layout: FieldLayout,
  value: Operand,
): void {
  const text = emit.allocate(8);
  const byte = emit.alu("and", value, 0xffn);
  const bytes = { kind: "bytes", offset: text, size: 8 } as const;
  if (piece.flag === "#") {
    emit.store("scratch", text, escapedByte(emit, byte, "'"));
    return layout.surround(
      builder,
      () => stringLength(emit, bytes),
      () => builder.append(bytes),
    );
  }
  emit.store("scratch", text, byte);
  // Nothing follows a zero byte, whose width is that of a character all the same.
  const one = (): Operand => 1n;
  layout.surround(builder, one, () => {
    builder.append(bytes);
    emit.when("eq", emit.load("scratch", text), 0n, () => builder.close());
  });
}

const BINARY_SIZES: readonly bigint[] = [1n, 2n, 4n, 8n];

/** The bytes of a number, up to the first that is zero: padding is zero bytes too, and ends the string. */
function appendBinary(emit: Emitter, builder: StringBuilder, layout: FieldLayout, value: Operand): void {
  const bytes = { kind: "bytes", offset: emit.allocate(16), size: 16 } as const;
  const size = emit.allocate(8);
  const sizeNow = (): Operand => emit.load("scratch", size);
  emit.store("scratch", bytes.offset, value);
  emit.store("scratch", bytes.offset + 8, 0n);
  emit.store("scratch", size, 8n);
  const given = [layout.isWide ? layout.width() : null, layout.isPrecise ? layout.precision() : null];
  for (const one of given) {
    if (one === null) continue;
    const wanted = emit.set(one);
    for (const known of BINARY_SIZES) emit.when("eq", wanted, known, () => emit.store("scratch", size, known));
  }
  // A terminator behind those that are wanted.
  for (const known of [1, 2, 4])
    emit.when("eq", sizeNow(), BigInt(known), () => emit.store("scratch", bytes.offset + known, 0n, 1));
  layout.ifFilledBefore(sizeNow, () => builder.close());
  builder.append(bytes);
  const cut = emit.label("cut");
  const whole = emit.label("whole");
  emit.branch("ne", emit.set(stringLength(emit, bytes)), sizeNow(), cut);
  emit.branch("sle", emit.set(layout.width()), sizeNow(), whole);
  emit.place(cut);
  builder.close();
  emit.place(whole);
}

function appendMemory(
  emit: Emitter,
  builder: StringBuilder,
  piece: FormatConversion,
  layout: FieldLayout,
  address: Operand,
): void {
  const memory = readMemory(emit, piece, layout, address);
  const count = (): Operand => emit.load("scratch", memory.count);
  if (piece.conversion === "M") {
    const digits = { kind: "bytes", ...emitHexadecimal(emit, memory) } as const;
    return layout.surround(
      builder,
      () => emit.alu("lsh", count(), 1n),
      () => builder.append(digits),
    );
  }
  layout.surround(builder, count, () => {
    builder.append({ kind: "bytes", ...memory });
    // A zero byte among those that were read ends the string.
    const length = emit.set(stringLength(emit, { kind: "bytes", ...memory }));
    emit.when("ne", length, count(), () => builder.close());
  });
}
