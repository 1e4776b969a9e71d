/** What a format consists of, once parsed; inert, so that it can travel from the compiler to whoever prints. */

/** The letter of a directive; `i` means what `d` means. */
export type Conversion = "d" | "i" | "u" | "x" | "X" | "o" | "c" | "s" | "p" | "b" | "m" | "M";

export type ConversionFlag = "0" | "+" | "-" | " " | "#";

interface FormatLiteral {
  readonly kind: "literal";
  /** A byte string. */
  readonly text: string;
}

export interface FormatConversion {
  readonly kind: "conversion";
  readonly conversion: Conversion;
  readonly flag: ConversionFlag | null;
  /** `*` takes the next argument, a long; below zero it means flush left. */
  readonly width: number | "*" | null;
  /** `*` takes the next argument, a long. */
  readonly precision: number | "*" | null;
}

export type FormatPiece = FormatLiteral | FormatConversion;

export type ArgumentType = "long" | "string";

/** The types of the arguments that the pieces consume, in order. */
export function argumentTypes(pieces: readonly FormatPiece[]): ArgumentType[] {
  return pieces.flatMap((piece): ArgumentType[] => {
    if (piece.kind === "literal") return [];
    const own: ArgumentType = piece.conversion === "s" ? "string" : "long";
    const stars = [piece.width, piece.precision].filter((size) => size === "*");
    return [...stars.map((): ArgumentType => "long"), own];
  });
}

/** How `print` and its kin join their arguments. */
export interface PrintStyle {
  /** Stands between arguments: what `printd` and `printdln` are given. */
  readonly delimiter?: string;
  /** Whether a line break follows the last argument: `println`, `printdln`. */
  readonly newline?: boolean;
}

/** The pieces that `print`, `println`, `printd` and `printdln` amount to, so that one formatter serves them and `printf`. */
export function formatForPrint(types: readonly ArgumentType[], style: PrintStyle = {}): FormatPiece[] {
  const pieces = types.flatMap((type, index): FormatPiece[] => {
    const plain: FormatPiece = {
      kind: "conversion",
      conversion: type === "long" ? "d" : "s",
      flag: null,
      width: null,
      precision: null,
    };
    return index > 0 && style.delimiter ? [{ kind: "literal", text: style.delimiter }, plain] : [plain];
  });
  return style.newline === true ? [...pieces, { kind: "literal", text: "\n" }] : pieces;
}
