/** Formats of the `printf` family: text to pieces, and pieces with arguments to text. Strings are byte strings. */
import { escapeByte } from "./escape.js";
import type { Conversion, ConversionFlag, FormatConversion, FormatPiece } from "./pieces.js";
import {
  printBinary,
  printByte,
  printMemory,
  printNumber,
  printString,
  readMemory,
  type Layout,
  type MemoryReader,
} from "./print.js";

export { argumentTypes, formatForPrint } from "./pieces.js";
export type { FormatPiece } from "./pieces.js";
export { MemoryReadError } from "./print.js";

/** What is wrong with a format; the half-open range counts characters of the format. */
interface FormatProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export type ParsedFormat = { readonly pieces: FormatPiece[] } | { readonly problem: FormatProblem };

/** What a format may need of its surroundings. */
export interface FormatEnvironment {
  /** Needed by `%m` and `%M` only. */
  readonly readMemory?: MemoryReader;
}

/** SystemTap's print buffer: no field is wider. */
const WIDEST_FIELD = 8192;

/** Everything of a directive but its letter. */
const DIRECTIVE_START = /^%([0+\- #])?(\*|\d+)?(\.(\*|\d+)?)?l?/;

/** Splits a format into literal text and directives; whatever is not a directive of the language is a problem. */
export function parseFormat(format: string): ParsedFormat {
  const pieces: FormatPiece[] = [];
  let literal = "";
  let offset = 0;
  for (;;) {
    const percent = format.indexOf("%", offset);
    // A lone `%` at the end stands for itself.
    if (percent < 0 || percent === format.length - 1) break;
    literal += format.slice(offset, percent);
    const start = DIRECTIVE_START.exec(format.slice(percent));
    const letterAt = percent + (start?.[0].length ?? 1);
    const letter = format[letterAt];
    offset = letterAt + 1;
    if (letter === "%" && letterAt === percent + 1) {
      literal += "%";
      continue;
    }
    if (start === null || !isConversion(letter)) {
      return { problem: describeProblem(format, percent, Math.min(offset, format.length)) };
    }
    if (literal !== "") pieces.push({ kind: "literal", text: literal });
    literal = "";
    pieces.push(readDirective(start, letter));
  }
  literal += format.slice(offset);
  if (literal !== "") pieces.push({ kind: "literal", text: literal });
  return { pieces };
}

function isConversion(letter: string | undefined): letter is Conversion {
  return letter !== undefined && "diuxXocspbmM".includes(letter);
}

function readDirective(start: RegExpExecArray, conversion: Conversion): FormatConversion {
  const [, flag, width, dot, precision] = start;
  return {
    kind: "conversion",
    conversion,
    flag: (flag as ConversionFlag | undefined) ?? null,
    width: readSize(width),
    // A dot alone means none at all: `%.s` prints nothing of its string.
    precision: dot === undefined ? null : readSize(precision ?? "0"),
  };
}

function readSize(text: string | undefined): number | "*" | null {
  if (text === undefined) return null;
  return text === "*" ? text : Math.min(Number(text), WIDEST_FIELD);
}

function describeProblem(format: string, start: number, end: number): FormatProblem {
  const directive = format.slice(start, end);
  // What stands at the end of a line stays on it.
  const shown = directive.replace(/[^ -~]/g, (byte) => escapeByte(byte, '"'));
  return { message: `invalid or missing conversion specifier in \`${shown}\`${reasonFor(directive)}`, start, end };
}

function reasonFor(directive: string): string {
  if (directive.endsWith("ll")) return ": one `l` is enough, every number has 64 bits";
  if (directive.endsWith("n")) return ": the language has no `%n`";
  if (/^%[0+\- #]{2}$/.test(directive)) return ": a directive takes at most one flag";
  return "";
}

/**
 * The text of a format. Arguments are those that `argumentTypes` names, in that order; for `%m` and `%M` it may be the
 * memory in place of its address. Strings are byte strings, and so is the result. Throws MemoryReadError where `%m` or `%M` cannot read.
 */
export function renderFormat(
  pieces: readonly FormatPiece[],
  values: readonly (bigint | string)[],
  environment: FormatEnvironment = {},
): string {
  const remaining = values[Symbol.iterator]();
  const nextLong = (): bigint => {
    const { value, done } = remaining.next();
    if (done === true || typeof value !== "bigint") throw new TypeError("the format wants a number here");
    return value;
  };
  // A program that prints from a probe has read the memory already, since later it may be another.
  const nextMemory = (layout: Layout): string => {
    const { value, done } = remaining.next();
    if (done === true) throw new TypeError("the format wants an address here");
    return typeof value === "string" ? value : readMemory(value, layout, environment.readMemory);
  };
  const nextString = (): string => {
    const { value, done } = remaining.next();
    if (done === true || typeof value !== "string") throw new TypeError("the format wants a string here");
    return value;
  };
  let text = "";
  for (const piece of pieces) {
    if (piece.kind === "literal") text += piece.text;
    else {
      const layout = layOut(piece, nextLong);
      switch (piece.conversion) {
        case "s":
          text += printString(nextString(), layout);
          break;
        case "m":
        case "M":
          text += printMemory(nextMemory(layout), layout, piece.conversion === "M");
          break;
        default:
          text += printLong(piece, nextLong(), layout);
      }
    }
  }
  return text;
}

function layOut(piece: FormatConversion, nextLong: () => bigint): Layout {
  const width = piece.width === "*" ? toSize(nextLong()) : piece.width;
  const precision = piece.precision === "*" ? toSize(nextLong()) : piece.precision;
  return {
    flag: piece.flag,
    left: piece.flag === "-" || (width ?? 0) < 0,
    width: width === null ? null : Math.min(Math.abs(width), WIDEST_FIELD),
    precision: precision === null ? null : Math.min(Math.max(precision, 0), WIDEST_FIELD),
  };
}

/** Sizes given as arguments are C ints. */
function toSize(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function printLong(piece: FormatConversion, value: bigint, layout: Layout): string {
  switch (piece.conversion) {
    case "c":
      return printByte(value, layout);
    case "b":
      return printBinary(value, layout);
    case "p":
      return printNumber(value, "x", { ...layout, flag: "#" });
    case "i":
      return printNumber(value, "d", layout);
    case "m":
    case "M":
    case "s":
      throw new TypeError(`\`%${piece.conversion}\` prints no number`);
    default:
      return printNumber(value, piece.conversion, layout);
  }
}
