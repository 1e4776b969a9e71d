/** Columns of text, aligned with spaces. */

export interface PlainColumn {
  readonly heading: string;
  /** Flush right, as numbers are. */
  readonly right: boolean;
}

/** Heading, rule and rows as lines without trailing blanks. */
export function plainTable(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, lengthOf(row[index] ?? "")), lengthOf(column.heading)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? "";
        const blanks = " ".repeat(Math.max((widths[index] ?? 0) - lengthOf(cell), 0));
        return column.right ? blanks + cell : cell + blanks;
      })
      .join("  ")
      .trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...rows.map(line),
  ];
}

/** What a terminal shows in a line, unless somebody has made it wider. */
export const TERMINAL_WIDTH = 80;

/** No column of text is made narrower to fit. */
const LEAST_WIDTH = 20;

/** As `plainTable`, but columns of text share what room there is: what is longer goes on in lines below, with nothing left out. */
export function narrowTable(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = fittingWidths(columns, rows);
  const broken = rows.flatMap((row) => {
    const cells = row.map((cell, index) => brokenCell(cell, widths[index] ?? Infinity));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ""));
  });
  return plainTable(columns, broken);
}

/** The widest columns of text give way first. */
function fittingWidths(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): readonly number[] {
  const widths = columns.map(({ heading }, index) =>
    rows.reduce((widest, row) => Math.max(widest, lengthOf(row[index] ?? "")), lengthOf(heading)),
  );
  const total = (): number => widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1));
  for (;;) {
    const excess = total() - TERMINAL_WIDTH;
    const [widest, second = LEAST_WIDTH] = columns
      .flatMap(({ right }, index) => (right ? [] : [widths[index] ?? 0]))
      .toSorted((left, right) => right - left);
    if (excess <= 0 || widest === undefined || widest <= LEAST_WIDTH) return widths;
    const next = Math.max(widest - excess, Math.min(second, widest - 1), LEAST_WIDTH);
    widths[columns.findIndex(({ right }, index) => !right && widths[index] === widest)] = next;
  }
}

/** Pieces that a text consists of, each no wider than that; it is broken behind what separates words where it can be. */
function brokenCell(text: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = Array.from(text);
  while (rest.length > width) {
    const fitting = rest.slice(0, width);
    const separator = fitting.findLastIndex((character) => " /,;".includes(character));
    const length = separator > width / 2 ? separator + 1 : width;
    pieces.push(rest.slice(0, length).join(""));
    rest = rest.slice(length);
  }
  return [...pieces, rest.join("")];
}

/** Its beginning and its end, where the whole is too long. */
export function shortened(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${characters.slice(0, width - 1 - end).join("")}…${characters.slice(characters.length - end).join("")}`;
}

/** In code points, which is what a terminal mostly gives one column each. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
