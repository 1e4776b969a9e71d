/** Rows that a script prints: every `printf` of one shape is a row, its directives are the columns. */
import type { Value } from "../compiler/closures/runtime.js";
import type { FormatConversion, FormatPiece } from "../compiler/text/pieces.js";
import { renderFormat } from "../compiler/text/format.js";
import type { Cell, Column } from "./result.js";
import { decodeText } from "./results.js";

/** Rows that are kept; those behind them are counted. */
export const MOST_KEPT = 100_000;

/** Units that the end of a column's name tells. */
const UNITS: Readonly<Record<string, string>> = {
  ns: "ns",
  us: "µs",
  ms: "ms",
  s: "s",
  sec: "s",
  bytes: "bytes",
  kb: "KiB",
  pages: "pages",
};

/** Columns whose numbers are names. */
const NAMES = /^(?:p?pid|[tug]id|tgid|cpu|fd|.*port|inode|dev|line)$/;

export class PrintedRows {
  private readonly kept: Cell[][] = [];
  private shape: readonly Column[] | null = null;
  private all = 0;
  /** Whether more may come. */
  isGathering = true;

  constructor(
    readonly name: string,
    /** How its columns are called; those without a name take it from the text before their directive. */
    private readonly names: readonly string[],
    private readonly most = MOST_KEPT,
    /** They are hits of probes, which print them without being told to. */
    readonly areHits = false,
  ) {}

  static ofHits(name: string, columns: readonly string[]): PrintedRows {
    return new PrintedRows(name, columns, MOST_KEPT, true);
  }

  /** Takes a row; false where the print has not its shape, and is to be shown as text. */
  add(pieces: readonly FormatPiece[], values: readonly Value[]): boolean {
    const fields = fieldsOf(pieces, values);
    this.shape ??= this.isRow(fields) ? this.columnsOf(pieces, fields) : null;
    const { shape } = this;
    if (shape?.length !== fields.length) return false;
    if (!fields.every((cell, column) => (typeof cell === "bigint") === (shape[column]?.type === "long"))) return false;
    this.all++;
    if (this.kept.length < this.most) this.kept.push(fields);
    return true;
  }

  /** None before the first row. */
  get columns(): readonly Column[] {
    return this.shape ?? [];
  }

  get rows(): readonly (readonly Cell[])[] {
    return this.kept;
  }

  /** With those that are not kept. */
  get total(): number {
    return this.all;
  }

  /** What is a row, for whoever looks for why there is none. */
  get expected(): string {
    const { names } = this;
    if (this.areHits) return "a hit of a probe";
    return `a printf with ${names.length === 0 ? "two values or more" : `${names.length} values (${names.join(", ")})`}`;
  }

  /** How columns are called, as far as that is known. */
  get columnNames(): readonly string[] {
    return this.shape ? this.shape.map(({ name }) => name) : this.names.map((label) => split(label).name);
  }

  /** The position of a column by its name, with or without the unit at its end; null where there is none. */
  column(name: string): number | null {
    const names = this.columnNames;
    const found = names.includes(name) ? names.indexOf(name) : names.indexOf(split(name).name);
    return found < 0 ? null : found;
  }

  private isRow(fields: readonly Cell[]): boolean {
    return this.names.length === 0 ? fields.length >= 2 : fields.length === this.names.length;
  }

  private columnsOf(pieces: readonly FormatPiece[], fields: readonly Cell[]): Column[] {
    const labels = this.names.length > 0 ? this.names : literalNames(pieces);
    return fields.map((cell, position) => {
      const { name, unit } = split(labels[position] ?? `column ${position + 1}`);
      return {
        name,
        type: typeof cell === "bigint" ? "long" : "string",
        ...(unit === undefined ? {} : { unit }),
        ...(NAMES.test(name) ? { isName: true } : {}),
      };
    });
  }
}

/** `latency_us` is a latency in microseconds. */
function split(label: string): { readonly name: string; readonly unit?: string | undefined } {
  const [, name, suffix = ""] = /^(.+)_([a-z]+)$/.exec(label) ?? [];
  const unit = Object.hasOwn(UNITS, suffix) ? UNITS[suffix] : undefined;
  return name === undefined || unit === undefined ? { name: label } : { name, unit };
}

/** One for each directive; numbers that are not written in tens stay as they are written. */
function fieldsOf(pieces: readonly FormatPiece[], values: readonly Value[]): Cell[] {
  let next = 0;
  return pieces.flatMap((piece): Cell[] => {
    if (piece.kind === "literal") return [];
    const taken = 1 + [piece.width, piece.precision].filter((size) => size === "*").length;
    const own = values.slice(next, (next += taken));
    const value = own.at(-1);
    if (value === undefined) return [];
    return [isPlainNumber(piece, value) ? value : decodeText(renderFormat([piece], own)).trim()];
  });
}

function isPlainNumber({ conversion }: FormatConversion, value: Value): value is bigint {
  return typeof value === "bigint" && "diu".includes(conversion);
}

/** What `pid=%d` or `comm: %s` calls its values; empty where the text before a directive is no name. */
function literalNames(pieces: readonly FormatPiece[]): (string | undefined)[] {
  return pieces.flatMap((piece, index) => {
    if (piece.kind === "literal") return [];
    const before = pieces[index - 1];
    return [before?.kind === "literal" ? /([A-Za-z_]\w*)\s*[=:]\s*$/.exec(before.text)?.[1] : undefined];
  });
}
