/** Texts of numbers within a print: their numbers are sent as they are, and the text is made where all of the print is. */
import type { Expression } from "../check/program.js";
import type { FormatPiece } from "../text/format.js";
import { formatBound } from "./formats.js";

type Format = Extract<Expression, { readonly kind: "format" }>;

/** What a print of `sprintf(…)` comes to without the `sprintf`, where that gives the same bytes. */
export function inlineTexts(
  { pieces, arguments: values }: Format,
  maxStringLength: number,
): { readonly pieces: readonly FormatPiece[]; readonly arguments: readonly Expression[] } {
  // Widths that are arguments stand between the texts; a print with any is left as it is.
  if (pieces.some((piece) => piece.kind === "conversion" && (piece.width === "*" || piece.precision === "*"))) {
    return { pieces, arguments: values };
  }
  const rest = [...values];
  const all: FormatPiece[] = [];
  const given: Expression[] = [];
  for (const piece of pieces) {
    const value = piece.kind === "conversion" ? rest.shift() : undefined;
    if (value && isPlainText(piece) && value.kind === "format" && isOfNumbers(value, maxStringLength)) {
      all.push(...value.pieces);
      given.push(...value.arguments);
    } else {
      all.push(piece);
      if (value) given.push(value);
    }
  }
  return { pieces: all, arguments: given };
}

function isPlainText(piece: FormatPiece): boolean {
  if (piece.kind !== "conversion" || piece.conversion !== "s") return false;
  return piece.flag === null && piece.width === null && piece.precision === null;
}

/** Whether the text is never cut, neither at its length nor at a byte that ends it. */
function isOfNumbers({ pieces }: Format, maxStringLength: number): boolean {
  const isNumber = (piece: FormatPiece): boolean =>
    piece.kind === "literal"
      ? !piece.text.includes("\0")
      : piece.width === null && piece.precision === null && "diuxXop".includes(piece.conversion);
  return pieces.every(isNumber) && formatBound(pieces, []) < maxStringLength;
}
