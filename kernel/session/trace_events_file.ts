/** `%perfetto`: gathered rows in a file that other viewers of timelines open. */
import { writeFile } from "node:fs/promises";
import { MagicError } from "../magics/index.js";
import { timelineColumns } from "../tracing/timelines.js";
import { traceEventsJson } from "../tracing/trace_events.js";
import type { Session } from "./session.js";
import { systemReason } from "./system_reason.js";

/** Answers how many events are in it; what `%redact` hides is not. */
export async function writeTraceEvents(session: Session, name: string, file: string): Promise<number> {
  const rows = session.rows.get(name);
  if (!rows || rows.total === 0) {
    const names = [...session.rows.keys()];
    throw new MagicError(
      `there are no rows called ${name}`,
      names.length === 0 ? "%%table and %%timeline gather them" : `there are ${names.join(", ")}`,
    );
  }
  const columns = timelineColumns(rows);
  if (!columns)
    throw new MagicError(
      `no column of ${name} says when`,
      `its columns are ${rows.columnNames.join(", ")}; call the one that does time_ns`,
    );
  try {
    await writeFile(
      file,
      traceEventsJson(rows, columns, (text) => session.redaction.text(text)),
    );
  } catch (error) {
    throw new MagicError(`cannot write ${file}: ${systemReason(error)}`, "give a path in a folder that exists");
  }
  return rows.rows.length;
}
