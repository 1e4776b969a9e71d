/** Printed rows as things to show. */
import type { PrintedRows } from "./printed_rows.js";
import type { Column, ScatterResult, TableResult } from "./result.js";

const MOST_ROWS = 100;
/** Points that are still told apart. */
const MOST_POINTS = 2000;

/** The first of them. */
export function rowsTable(printed: PrintedRows, top = MOST_ROWS): TableResult {
  return {
    kind: "table",
    label: printed.name,
    columns: printed.columns,
    keyColumns: 0,
    rows: printed.rows.slice(0, top),
    totalRows: printed.total,
  };
}

/** Where there are too many points, every so many-th of them. The columns by their positions. */
export function rowsScatter(printed: PrintedRows, [x, y, group]: readonly number[]): ScatterResult {
  const { columns, rows, name } = printed;
  const column = (position: number | undefined): Column => {
    const found = position === undefined ? undefined : columns[position];
    if (!found) throw new Error(`${name} has no such column`);
    return found;
  };
  const every = Math.max(1, Math.ceil(rows.length / MOST_POINTS));
  const number = (cell: unknown): bigint => (typeof cell === "bigint" ? cell : 0n);
  return {
    kind: "scatter",
    label: name,
    x: column(x),
    y: column(y),
    ...(group === undefined ? {} : { group: column(group) }),
    points: rows
      .filter((_, index) => index % every === 0)
      .map((row) => ({
        x: number(row[x ?? 0]),
        y: number(row[y ?? 0]),
        group: group === undefined ? "" : String(row[group] ?? ""),
      })),
    totalPoints: printed.total,
  };
}
