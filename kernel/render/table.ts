import type { Cell, Column, TableResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { escapeHtml, onOneLine } from "./escape.js";
import { narrowTable } from "./plain_table.js";
import { groupDigits } from "./quantity.js";
import { SortableTable } from "./sortable.js";

/** The table in columns as wide as a terminal bears, every number exact. */
export function tablePlain(result: TableResult): string {
  const lines = narrowTable(
    result.columns.map((column) => ({ heading: heading(column), right: column.type === "long" })),
    result.rows.map((row) => row.map((cell) => onOneLine(String(cell)))),
  );
  const left = remaining(result);
  return [...(result.label === "" ? [] : [result.label]), ...lines, ...(left === "" ? [] : [left])].join("\n");
}

/**
 * The table as HTML without a script; a click on a heading sorts it. Colours come from the page, so that it reads on light and dark. The gaps
 * between groups of digits are margins: who copies a number gets its digits and nothing else.
 */
export function renderTable(result: TableResult): MimeBundle {
  const sortable = new SortableTable(result.columns.length, result.rows);
  const head = result.columns
    .map((column, index) => {
      const text = sortable.heading(escapeHtml(heading(column)), index, column.type === "long");
      return `<th scope="col"${title(column)} style="${alignment(column)}">${text}</th>`;
    })
    .join("");
  const body = result.rows
    .map((row, index) => `<tr${sortable.rowAttributes(index)}>${htmlCells(row, result)}</tr>`)
    .join("\n");
  const caption = result.label === "" ? "" : `<caption>${escapeHtml(result.label)}</caption>`;
  const left = remaining(result);
  const table = [
    `<table class="tapbook-table"${sortable.attributes}>${caption}`,
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>${body}</tbody>`,
    "</table>",
  ].join("\n");
  const html = [
    TABLE_STYLE,
    ...(sortable.style === "" ? [] : [sortable.style]),
    sortable.wrap(table),
    ...(left === "" ? [] : [`<div class="tapbook-more">${left}</div>`]),
  ].join("\n");
  return textBundle(tablePlain(result), html);
}

/** Named by class, so that other tables of the page are left alone. */
export const TABLE_STYLE = `<style>
.tapbook-table{border-collapse:collapse;font-size:var(--jp-code-font-size,13px);color:inherit;margin:.4em 0}
.tapbook-table caption{text-align:left;font-weight:600;padding:0 0 .35em;color:inherit;caption-side:top}
.tapbook-table th,.tapbook-table td{padding:.22em .9em;border:0;white-space:pre-wrap;max-width:48em;overflow-wrap:anywhere;vertical-align:top}
.tapbook-table thead th{border-bottom:1px solid #8888;font-weight:600}
.tapbook-table tbody tr{background:transparent}
.tapbook-table tbody tr:nth-child(even){background:#8881}
.tapbook-table td{font-variant-numeric:tabular-nums;font-family:var(--jp-code-font-family,ui-monospace,monospace)}
.tapbook-table td span{margin-left:.28em}
.tapbook-more{color:var(--jp-content-font-color2,#767676);font-size:var(--jp-ui-font-size1,13px);margin:.2em .9em}
</style>`;

function htmlCells(row: readonly Cell[], result: TableResult): string {
  return row
    .map((cell, index) => {
      const column = result.columns[index];
      const style = column ? ` style="${alignment(column)}"` : "";
      // A number that is a key, such as a process's, is a name: its digits stay together.
      const grouped = typeof cell === "bigint" && index >= result.keyColumns && column?.isName !== true;
      const text = grouped ? htmlDigits(cell) : escapeHtml(onOneLine(String(cell)));
      return `<td${style}>${text}</td>`;
    })
    .join("");
}

function htmlDigits(value: bigint): string {
  const [first, ...groups] = groupDigits(value).split("\u202f");
  return `${first}${groups.map((group) => `<span>${group}</span>`).join("")}`;
}

function alignment(column: Column): string {
  return column.type === "long" ? "text-align:right" : "text-align:left";
}

function title({ note }: Column): string {
  return note === undefined ? "" : ` title="${escapeHtml(note)}"`;
}

function heading(column: Column): string {
  return onOneLine(column.unit ? `${column.name} (${column.unit})` : column.name);
}

function remaining(result: TableResult): string {
  const more = result.totalRows - result.rows.length;
  return more > 0 ? `… and ${more} more ${more === 1 ? "row" : "rows"}` : "";
}
