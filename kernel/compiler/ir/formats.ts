/** `sprintf` and its kin in the kernel: text is put together from what `bpf_snprintf` and string copies can do. */
import type { FormatConversion, FormatPiece } from "../text/format.js";
import type { Emitter } from "./emitter.js";
import { KernelCannot } from "./kernel_cannot.js";
import { stringLength, stringSize, StringBuilder } from "./strings.js";
import { bufferSize, type KernelValue, type StringValue } from "./values.js";

/** A 64-bit number in octal with prefix and sign. */
const LONGEST_NUMBER = 24;

/** The most bytes that a format can make, given the bounds of its string arguments (0 for numbers). */
export function formatBound(pieces: readonly FormatPiece[], argumentBounds: readonly number[]): number {
  let argument = 0;
  return pieces.reduce((sum, piece) => {
    if (piece.kind === "literal") return sum + piece.text.length;
    if (piece.width === "*") argument++;
    if (piece.precision === "*") argument++;
    const own = piece.conversion === "s" ? (argumentBounds[argument] ?? 0) : LONGEST_NUMBER;
    argument++;
    return sum + Math.max(own, typeof piece.width === "number" ? piece.width : 0);
  }, 0);
}

export function emitFormat(emit: Emitter, pieces: readonly FormatPiece[], values: readonly KernelValue[]): StringValue {
  const bounds = values.map((value) => (value.kind === "long" ? 0 : stringSize(emit, value) - 1));
  const size = Math.min(emit.maxStringLength, bufferSize(formatBound(pieces, bounds)));
  const widths = pieces.map((piece) => (piece.kind === "literal" ? piece.text.length : widthOf(emit, piece)));
  const longest = Math.min(size, bufferSize(Math.max(LONGEST_NUMBER, ...bounds, ...widths)));
  const builder = new StringBuilder(emit, size, longest);
  const rest = [...values];
  for (const piece of pieces) {
    if (piece.kind === "literal") builder.append({ kind: "literal", text: piece.text });
    else emit.temporaries(() => appendConversion(emit, builder, piece, rest.shift()));
  }
  return builder.finish();
}

function appendConversion(
  emit: Emitter,
  builder: StringBuilder,
  piece: FormatConversion,
  value: KernelValue | undefined,
): void {
  if (!value || piece.width === "*" || piece.precision === "*")
    throw new KernelCannot(
      "widths given by `*` are not made into strings inside a probe",
      "print it, which formats outside the kernel",
    );
  if (value.kind !== "long") {
    if (piece.flag === "0") throw new KernelCannot("texts that end with a zero byte are not made inside a probe");
    return appendAligned(emit, builder, piece, value, piece.precision ?? emit.maxStringLength);
  }
  if (piece.conversion === "c" && piece.flag !== "#") {
    const character = builder.character(value.operand);
    // Nothing follows a zero byte, whose width is that of a character all the same.
    const width = widthOf(emit, piece);
    if (piece.flag !== "-") builder.appendSpaces(width, 1n);
    builder.append(character);
    emit.when("eq", emit.load("scratch", character.offset), 0n, () => builder.close());
    if (piece.flag === "-") builder.appendSpaces(width, 1n);
    return;
  }
  const { prefix, format, isPadded } = numberFormat(emit, piece);
  if (prefix === "") return builder.appendNumber(format, value.operand);
  if (isPadded) {
    builder.append({ kind: "literal", text: prefix });
    return builder.appendNumber(format, value.operand);
  }
  const number = new StringBuilder(emit, bufferSize(LONGEST_NUMBER), bufferSize(LONGEST_NUMBER));
  number.append({ kind: "literal", text: prefix });
  number.appendNumber(format, value.operand);
  appendAligned(emit, builder, piece, number.finish(), LONGEST_NUMBER);
}

/** A field of twice the language's longest string: with any text in it, more than that has no effect. */
function widthOf(emit: Emitter, piece: FormatConversion): number {
  return Math.min(Number(piece.width ?? 0), 2 * emit.maxStringLength);
}

function appendAligned(
  emit: Emitter,
  builder: StringBuilder,
  piece: FormatConversion,
  value: StringValue,
  limit: number,
): void {
  const width = widthOf(emit, piece);
  if (width === 0) return builder.append(value, limit);
  const length = stringLength(emit, value, limit);
  if (piece.flag !== "-") builder.appendSpaces(width, length);
  builder.append(value, limit);
  if (piece.flag === "-") builder.appendSpaces(width, length);
}

/** The kernel's `snprintf` takes one flag and a width, as the language does, but no `#`: a prefix stands before the number. */
function numberFormat(
  emit: Emitter,
  piece: FormatConversion,
): { readonly prefix: string; readonly format: string; readonly isPadded: boolean } {
  const conversions: Partial<Record<FormatConversion["conversion"], string>> = {
    d: "lld",
    i: "lld",
    u: "llu",
    x: "llx",
    X: "llX",
    p: "llx",
  };
  const conversion = conversions[piece.conversion];
  if (!conversion || piece.precision !== null) {
    throw new KernelCannot(
      `%${piece.conversion} in this form is not made into a string inside a probe`,
      "print it, which formats outside the kernel",
    );
  }
  const marked = piece.flag === "#" || piece.conversion === "p";
  const prefix = marked && conversion === "llX" ? "0X" : marked && conversion === "llx" ? "0x" : "";
  const isPadded = piece.flag === "-";
  const flag = piece.flag === null || piece.flag === "#" ? "" : piece.flag;
  const width = prefix !== "" && !isPadded ? 0 : widthOf(emit, piece) - prefix.length;
  return { prefix, isPadded, format: `%${flag}${width > 0 ? width : ""}${conversion}` };
}
