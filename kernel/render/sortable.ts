/**
 * Tables that a click on a heading sorts, without a script, which front ends take out of a page: a heading is a radio button, every
 * row knows its place by each column, and the style puts the rows in the places of the column that is chosen. Where a front end
 * takes the style out as well, or the browser is older, the table stays as it is.
 */
import type { Cell } from "../tracing/result.js";

/** Tables of more columns are not sorted: each has its own rules. */
const MOST_COLUMNS = 16;

export class SortableTable {
  private readonly places: readonly (readonly number[])[];
  private readonly isSortable: boolean;

  constructor(
    private readonly columns: number,
    rows: readonly (readonly Cell[])[],
  ) {
    this.isSortable = rows.length > 1 && columns <= MOST_COLUMNS;
    this.places = this.isSortable ? Array.from({ length: columns }, (_, column) => placesBy(rows, column)) : [];
  }

  /** Of the table's tag. */
  get attributes(): string {
    return this.isSortable ? ` style="grid-template-columns:repeat(${this.columns},auto)"` : "";
  }

  /** A heading's HTML; numbers are sorted from the largest on first, texts from the beginning of the alphabet. */
  heading(html: string, column: number, isNumber: boolean): string {
    if (!this.isSortable) return html;
    const [first, second] = isNumber ? ["down", "up"] : ["up", "down"];
    const label = (place: string, direction: string, shown: string): string =>
      `<label class="${place} was-${shown}">${html}<input type="radio" name="order" class="${direction}-${column}"></label>`;
    return label("first", first, second) + label("second", second, first);
  }

  /** Of the tag of a row. */
  rowAttributes(row: number): string {
    if (!this.isSortable) return "";
    return ` style="${this.places.map((places, column) => `--p${column}:${places[row]}`).join(";")}"`;
  }

  /** What goes behind the style of the table. */
  get style(): string {
    if (!this.isSortable) return "";
    const rules = Array.from({ length: this.columns }, (_, column) =>
      [
        `.tapbook-sortable:has(.up-${column}:checked) tbody tr{order:var(--p${column})}`,
        `.tapbook-sortable:has(.down-${column}:checked) tbody tr{order:calc(0 - var(--p${column}))}`,
      ].join("\n"),
    );
    return STYLE.replace("/*columns*/", rules.join("\n"));
  }

  /** A form, since radio buttons exclude each other in one. */
  wrap(html: string): string {
    return this.isSortable ? `<form class="tapbook-sortable">${html}</form>` : html;
  }
}

const STYLE = `<style>
.tapbook-sortable{margin:0}
.tapbook-sortable input{position:absolute;opacity:0;pointer-events:none}
.tapbook-sortable .second{display:none}
@supports selector(:has(a)) and (grid-template-columns:subgrid){
.tapbook-sortable table{display:grid;width:max-content;max-width:100%;overflow-x:auto;margin:.4em 0}
.tapbook-sortable thead,.tapbook-sortable tbody{display:contents}
.tapbook-sortable tr{display:grid;grid-template-columns:subgrid;grid-column:1/-1;padding:0}
.tapbook-sortable thead tr{order:-1000000}
.tapbook-sortable caption{grid-column:1/-1;order:-1000001}
.tapbook-sortable label{cursor:pointer;white-space:nowrap;margin:0}
.tapbook-sortable label:hover{text-decoration:underline}
.tapbook-sortable label:focus-within{outline:1px solid #888}
.tapbook-sortable th:has(.first input:checked) .first{display:none}
.tapbook-sortable th:has(.first input:checked) .second{display:inline}
.tapbook-sortable th:has(input:checked) .was-down::after{content:" ▾"}
.tapbook-sortable th:has(input:checked) .was-up::after{content:" ▴"}
.tapbook-sortable:has(input:checked) tbody tr{background:transparent}
/*columns*/
}
</style>`;

/** For each row its place in the order of one column; equal ones keep theirs. */
function placesBy(rows: readonly (readonly Cell[])[], column: number): number[] {
  const order = rows.map((_, row) => row);
  const cell = (row: number): Cell => rows[row]?.[column] ?? "";
  order.sort((left, right) => compare(cell(left), cell(right)) || left - right);
  const places = rows.map(() => 0);
  for (const [place, row] of order.entries()) places[row] = place;
  return places;
}

/** A number is above what has none. */
function compare(left: Cell, right: Cell): number {
  if (typeof left === "bigint" && typeof right === "bigint") return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === "bigint") return 1;
  if (typeof right === "bigint") return -1;
  return left.localeCompare(right, "en", { numeric: true });
}
