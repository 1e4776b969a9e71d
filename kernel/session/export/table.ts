/** A global of a session as a table that leaves it, as %export and the comm send it. */
import type { UsedGlobal } from "../kept_names.js";
import type { Session } from "../session.js";
import { exportedColumns, type ExportedTable } from "./columns.js";

export function exportedTable(session: Session, { name, live }: UsedGlobal, buckets: boolean): ExportedTable {
  const provenance = session.origin(name);
  const { names, redaction } = session;
  const text = (written: string): string => redaction.text(names.of(written));
  const columns = exportedColumns(live, { unit: session.unit(name), buckets, text });
  return {
    about: {
      global: name,
      ...(provenance ? { provenance: redaction.provenance(provenance) } : {}),
      ...(redaction.isOn ? { redacted: redaction.rules } : {}),
    },
    rows: columns[0]?.values.length ?? 0,
    columns,
  };
}
