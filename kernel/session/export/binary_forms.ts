/** Tables as Arrow and Parquet. The libraries are loaded when one is first asked for. */
import type { Column } from "@uwdata/flechette";
import type { ExportedTable, ExportedValue } from "./columns.js";
import { SCHEMA_KEY, schemaOf } from "./schema.js";

/** `stream` is for who reads it as it comes, `file` for the disk. */
export async function arrowBytes(table: ExportedTable, format: "stream" | "file"): Promise<Uint8Array> {
  const arrow = await import("@uwdata/flechette");
  const types = { long: arrow.int64(), double: arrow.float64(), string: arrow.utf8() };
  const columns = table.columns.map(({ name, type, values }): [string, Column<ExportedValue>] => [
    name,
    arrow.columnFromArray([...values], types[type]),
  ]);
  const built = arrow.tableFromColumns(columns);
  built.schema.metadata = new Map([[SCHEMA_KEY, JSON.stringify(schemaOf(table))]]);
  const bytes = arrow.tableToIPC(built, { format });
  if (!bytes) throw new Error("no Arrow came of a table");
  return bytes;
}

/** Of a table that has a row at least: many readers refuse a file without any. */
export async function parquetBytes(table: ExportedTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const types = { long: "INT64", double: "DOUBLE", string: "STRING" } as const;
  const buffer = parquetWriteBuffer({
    columnData: table.columns.map(({ name, type, values }) => ({
      name,
      type: types[type],
      data: [...values],
      nullable: true,
    })),
    kvMetadata: [{ key: SCHEMA_KEY, value: JSON.stringify(schemaOf(table)) }],
    createdBy: "Tapbook",
  });
  return new Uint8Array(buffer);
}
