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

/** In code points, which is what a terminal mostly gives one column each. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
