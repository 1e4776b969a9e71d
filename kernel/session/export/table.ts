/** A global of a session as a table that leaves it, as %export and the comm send it. */
import type { UsedGlobal } from "../kept_names.js";
import type { Session } from "../session.js";
import { exportedColumns, type ExportedTable } from "./columns.js";

export function exportedTable(session: Session, { name, live }: UsedGlobal, buckets: boolean): ExportedTable {
  const provenance = session.origin(name);
  const columns = exportedColumns(live, { unit: session.unit(name), buckets, text: session.names.of });
  return {
    about: { global: name, ...(provenance ? { provenance } : {}) },
    rows: columns[0]?.values.length ?? 0,
    columns,
  };
}
