import type { ChangedRow, ChangesResult, Measured } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { escapeHtml, onOneLine } from "./escape.js";
import { plainTable } from "./plain_table.js";
import { groupDigits } from "./quantity.js";
import { TABLE_STYLE } from "./table.js";
import { COLOURS } from "./theme.js";

/** Then, now and the change of each number, as columns of a fixed width. */
export function changesPlain(result: ChangesResult): string {
  const { rows, keys } = result;
  const columns = columnsOf(result);
  const lines = plainTable(
    [
      ...keys.map((heading) => ({ heading, right: false })),
      ...columns.map(({ heading }) => ({ heading, right: true })),
    ],
    rows.map((row) => [
      ...row.key.map((cell) => onOneLine(String(cell))),
      ...columns.map(({ text }) => text(row, String)),
    ]),
  );
  const rest = remaining(result);
  return [result.label, ...(rows.length === 0 ? [] : lines), ...(rest === "" ? [] : [rest])].join("\n");
}

/** The same as HTML: what grew and what shrank differ in colour too. */
export function renderChanges(result: ChangesResult): MimeBundle {
  const columns = columnsOf(result);
  const head = [
    ...result.keys.map((key) => cell("th", key, "left")),
    ...columns.map(({ heading }) => cell("th", heading)),
  ];
  const body = result.rows.map((row) => {
    const keys = row.key.map((part) => cell("td", onOneLine(String(part)), "left"));
    const colour = { up: COLOURS.outside, down: COLOURS.data, none: "" }[direction(row)];
    const numbers = columns.map(({ text, isChange }) =>
      cell("td", text(row, groupDigits), "right", isChange ? colour : ""),
    );
    return `<tr>${[...keys, ...numbers].join("")}</tr>`;
  });
  const rest = remaining(result);
  const html = [
    TABLE_STYLE,
    `<table class="tapbook-table"><caption>${escapeHtml(result.label)}</caption>`,
    ...(body.length === 0 ? [] : [`<thead><tr>${head.join("")}</tr></thead>`]),
    `<tbody>${body.join("\n")}</tbody>`,
    "</table>",
    ...(rest === "" ? [] : [`<div class="tapbook-more">${rest}</div>`]),
  ].join("\n");
  return textBundle(changesPlain(result), html);
}

function cell(tag: "th" | "td", text: string, align: "left" | "right" = "right", colour = ""): string {
  const scope = tag === "th" ? ' scope="col"' : "";
  const style = `text-align:${align}${colour === "" ? "" : `;color:${colour};font-weight:600`}`;
  return `<${tag}${scope} style="${style}">${escapeHtml(text)}</${tag}>`;
}

interface NumberColumn {
  readonly heading: string;
  readonly isChange?: true;
  readonly text: (row: ChangedRow, digits: (value: bigint) => string) => string;
}

function columnsOf({ before, after, rows }: ChangesResult): readonly NumberColumn[] {
  const side = (name: string, of: (row: ChangedRow) => Measured | null): NumberColumn => ({
    heading: onOneLine(name),
    text: (row, digits) => measuredText(of(row), row.unit, digits),
  });
  const isRough = rows.some(({ before: then, after: now }) => !isExact(then) || !isExact(now));
  return [
    side(before, (row) => row.before),
    side(after, (row) => row.after),
    { heading: "change", isChange: true, text: (row, digits) => changeText(row, digits) },
    { heading: "change %", isChange: true, text: (row) => percentText(row) },
    ...(isRough ? [{ heading: "known to", text: errorText }] : []),
  ];
}

function measuredText(measured: Measured | null, unit: string | undefined, digits: (value: bigint) => string): string {
  if (!measured) return "";
  return `${isExact(measured) ? "" : "≈ "}${digits(measured.value)}${unit === undefined ? "" : ` ${unit}`}`;
}

function isExact(measured: Measured | null): boolean {
  return !measured || measured.low === measured.high;
}

/** What could be the same number on both sides did not change as far as anybody knows. */
function direction({ before, after }: ChangedRow): "up" | "down" | "none" {
  const [then, now] = [before ?? NOTHING, after ?? NOTHING];
  if (now.low > then.high) return "up";
  return now.high < then.low ? "down" : "none";
}

const NOTHING: Measured = { value: 0n, low: 0n, high: 0n };

function changeText(row: ChangedRow, digits: (value: bigint) => string): string {
  const { before, after, unit } = row;
  if (!before || !after) return before ? "gone" : "new";
  if (direction(row) === "none") return isExact(before) && isExact(after) ? "0" : "within error";
  const change = after.value - before.value;
  const rough = isExact(before) && isExact(after) ? "" : "≈ ";
  return `${rough}${change > 0n ? "+" : ""}${digits(change)}${unit === undefined ? "" : ` ${unit}`}`;
}

function percentText(row: ChangedRow): string {
  const { before, after } = row;
  if (!before || !after || before.value === 0n || direction(row) === "none") return "";
  const change = (Number(after.value - before.value) / Math.abs(Number(before.value))) * 100;
  return `${change > 0 ? "+" : ""}${Math.abs(change) >= 100 ? change.toFixed(0) : change.toFixed(1)} %`;
}

/** The less exact of both sides, as a share of the number. */
function errorText({ before, after }: ChangedRow): string {
  const worst = Math.max(relativeError(before), relativeError(after));
  if (worst === 0) return "exact";
  return worst < 0.0005 ? "±<0.1 %" : `±${(worst * 100).toFixed(1)} %`;
}

function relativeError(measured: Measured | null): number {
  if (!measured || isExact(measured)) return 0;
  const { value, low, high } = measured;
  const off = Math.max(Number(high - value), Number(value - low));
  return off / Math.max(1, Math.abs(Number(value)));
}

function remaining({ rows, totalRows, unchanged }: ChangesResult): string {
  const more = totalRows - rows.length;
  const parts = [
    ...(more > 0 ? [`… and ${more} more that changed`] : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(totalRows === 0 && unchanged === 0 ? ["nothing on either side"] : []),
  ];
  return parts.join(" · ");
}
