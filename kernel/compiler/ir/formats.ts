/** `sprintf` and its kin in the kernel: text is put together from what `bpf_snprintf` and string copies can do. */
import type { FormatConversion, FormatPiece } from "../text/format.js";
import type { Emitter } from "./emitter.js";
import { KernelCannot } from "./kernel_cannot.js";
import { stringSize, StringBuilder } from "./strings.js";
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
  const literals = pieces.map((piece) => (piece.kind === "literal" ? piece.text.length : 0));
  const longest = bufferSize(Math.max(64, ...bounds, ...literals));
  const builder = new StringBuilder(emit, size, longest);
  const rest = [...values];
  for (const piece of pieces) {
    if (piece.kind === "literal") builder.append({ kind: "literal", text: piece.text });
    else appendConversion(builder, piece, rest.shift());
  }
  return builder.finish();
}

function appendConversion(builder: StringBuilder, piece: FormatConversion, value: KernelValue | undefined): void {
  if (!value || piece.width === "*" || piece.precision === "*") throw new KernelCannot("widths given by `*` are not made into strings inside a probe", "print it, which formats outside the kernel");
  if (value.kind !== "long") {
    if (piece.width !== null || piece.precision !== null) throw new KernelCannot("padded strings are not made inside a probe", "print it, which formats outside the kernel");
    return builder.append(value);
  }
  if (piece.conversion === "c" && piece.flag !== "#") return builder.appendCharacter(value.operand);
  builder.appendNumber(snprintfFormat(piece), value.operand);
}

/** The kernel's `snprintf` takes one flag and a width, as the language does. */
function snprintfFormat(piece: FormatConversion): string {
  const conversions: Partial<Record<FormatConversion["conversion"], string>> = { d: "lld", i: "lld", u: "llu", x: "llx", X: "llX", p: "llx" };
  const conversion = conversions[piece.conversion];
  if (!conversion || piece.precision !== null || (piece.flag === "#" && piece.conversion !== "x")) {
    throw new KernelCannot(`%${piece.conversion} in this form is not made into a string inside a probe`, "print it, which formats outside the kernel");
  }
  const width = piece.width === null ? "" : String(Math.min(Number(piece.width), 40));
  if (piece.conversion === "p" || piece.flag === "#") return `0x%${width}${conversion}`;
  return `%${piece.flag ?? ""}${width}${conversion}`;
}
