/** Numbers in strings that are made inside a probe. */
import { HELPER } from "../bpf/helper_functions.js";
import type { FormatConversion } from "../text/pieces.js";
import type { Emitter } from "./emitter.js";
import type { FieldLayout } from "./field_layout.js";
import type { StringBuilder } from "./string_builder.js";
import type { Operand } from "./values.js";

/** A 64-bit number in octal with prefix and sign. */
export const LONGEST_NUMBER = 24;

/** Digits of the largest number in octal. */
const OCTAL_DIGITS = 22;

type NumberConversion = "d" | "u" | "x" | "X" | "o";

export function appendNumber(
  emit: Emitter,
  builder: StringBuilder,
  piece: FormatConversion,
  layout: FieldLayout,
  value: Operand,
): void {
  const conversion = conversionOf(piece);
  const isMarked = piece.flag === "#" || piece.conversion === "p";
  const prefix = isMarked ? ({ x: "0x", X: "0X", o: "0", d: "", u: "" } as const)[conversion] : "";
  if (conversion !== "o" && piece.width !== "*" && piece.precision === null && prefix === "") {
    const flag = piece.flag === null || piece.flag === "#" ? "" : piece.flag;
    // With any text in a field of twice the longest string, more than that has no effect.
    const width = Math.min(piece.width ?? 0, 2 * emit.maxStringLength);
    return builder.appendNumber(`%${flag}${width > 0 ? width : ""}ll${conversion}`, value);
  }
  const sign = conversion === "d" ? emitSign(emit, piece, value) : null;
  const magnitude = emit.set(value);
  if (sign !== null) emit.when("slt", magnitude, 0n, () => emit.assign(magnitude, emit.alu("sub", 0n, magnitude)));
  const digits = emit.allocate(LONGEST_NUMBER);
  const count = emit.allocate(8);
  emit.store(
    "scratch",
    count,
    conversion === "o"
      ? emitOctal(emit, digits, magnitude)
      : emitDigits(emit, digits, `%ll${conversion === "d" ? "u" : conversion}`, magnitude),
  );
  const zeros = emit.allocate(8);
  emit.store("scratch", zeros, 0n);
  if (layout.isPrecise) {
    const missing = emit.alu("sub", layout.precision(), emit.load("scratch", count));
    emit.when("sgt", missing, 0n, () => emit.store("scratch", zeros, missing));
  }
  const length = (): Operand => {
    const all = emit.alu("add", emit.load("scratch", zeros), emit.load("scratch", count));
    return emit.alu("add", all, sign === null ? BigInt(prefix.length) : signLength(emit, sign));
  };
  layout.surround(
    builder,
    length,
    () => {
      if (layout.isPrecise) builder.appendFill("0", emit.load("scratch", zeros), layout.mostZeros(builder));
      builder.append({ kind: "bytes", offset: digits, size: LONGEST_NUMBER });
    },
    () => builder.append(sign === null ? { kind: "literal", text: prefix } : { kind: "bytes", offset: sign, size: 8 }),
  );
}

function conversionOf({ conversion }: FormatConversion): NumberConversion {
  switch (conversion) {
    case "i":
      return "d";
    case "p":
      return "x";
    case "d":
    case "u":
    case "x":
    case "X":
    case "o":
      return conversion;
    default:
      throw new Error(`%${conversion} is no number`);
  }
}

/** A text of one character or none. */
function emitSign(emit: Emitter, { flag }: FormatConversion, value: Operand): number {
  const sign = emit.allocate(8);
  emit.store("scratch", sign, flag === "+" || flag === " " ? BigInt(flag.charCodeAt(0)) : 0n);
  emit.when("slt", emit.set(value), 0n, () => emit.store("scratch", sign, BigInt("-".charCodeAt(0))));
  return sign;
}

function signLength(emit: Emitter, sign: number): Operand {
  const length = emit.set(1n);
  emit.when("eq", emit.load("scratch", sign), 0n, () => emit.assign(length, 0n));
  return length;
}

/** Writes the digits and returns how many they are. */
function emitDigits(emit: Emitter, digits: number, format: string, magnitude: Operand): Operand {
  const text = emit.tables.text(format);
  const data = emit.allocate(8);
  emit.store("scratch", data, magnitude);
  const written = emit.call(HELPER.snprintf, [
    { scratch: digits },
    BigInt(LONGEST_NUMBER),
    emit.mapValue(text.map, text.offset),
    { scratch: data },
    8n,
  ]);
  return emit.alu("sub", written, 1n);
}

/** The kernel's `snprintf` knows no octal numbers. */
function emitOctal(emit: Emitter, digits: number, magnitude: Operand): Operand {
  const all = emit.allocate(LONGEST_NUMBER);
  emit.store("scratch", all + 16, 0n);
  const leading = emit.set(BigInt(OCTAL_DIGITS - 1));
  for (let digit = 0; digit < OCTAL_DIGITS; digit++) {
    const value = emit.alu("rsh", magnitude, BigInt(3 * digit));
    const place = OCTAL_DIGITS - 1 - digit;
    emit.store("scratch", all + place, emit.alu("add", emit.alu("and", value, 7n), BigInt("0".charCodeAt(0))), 1);
    emit.when("ne", value, 0n, () => emit.assign(leading, BigInt(place)));
  }
  const from = emit.alu("add", emit.scratchAddress(all), leading);
  const written = emit.call(HELPER.probe_read_kernel_str, [{ scratch: digits }, BigInt(LONGEST_NUMBER), from]);
  return emit.alu("sub", written, 1n);
}
