/** Tables as text. */
import type { ExportedTable, ExportedValue } from "./columns.js";
import { schemaOf } from "./schema.js";

/** As RFC 4180 has it: a line of names, then the rows; what is not there is an empty field. */
export function csvText({ columns, rows }: ExportedTable): string {
  const lines = [
    columns.map(({ name }) => csvField(name)),
    ...Array.from({ length: rows }, (_, row) => columns.map(({ values }) => csvField(values[row] ?? null))),
  ];
  return lines.map((fields) => `${fields.join(",")}\r\n`).join("");
}

/** An empty text is quoted, and so told from what is not there. */
function csvField(value: ExportedValue): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The schema and a list of rows. Numbers have all their digits, which JSON allows and most readers keep. */
export function jsonText(table: ExportedTable): string {
  const rows = Array.from({ length: table.rows }, (_, row) => {
    const fields = table.columns.map(({ name, values }) => `${JSON.stringify(name)}:${jsonValue(values[row] ?? null)}`);
    return `{${fields.join(",")}}`;
  });
  return `{"schema":${JSON.stringify(schemaOf(table))},\n"rows":[\n${rows.join(",\n")}\n]}\n`;
}

function jsonValue(value: ExportedValue): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
