/**
 * The comm target `tapbook.data`: other programs get globals as Arrow. docs/reference/data-comm.md says how; a notebook in Python,
 * for one, connects to this kernel beside it.
 */
import { globalTypeText } from "../compiler/check/wording.js";
import { MagicError } from "../magics/index.js";
import type { Comm, CommMessage, CommTarget } from "../protocol/interpreter.js";
import { arrowBytes } from "./export/binary_forms.js";
import { schemaOf } from "./export/schema.js";
import { exportedTable } from "./export/table.js";
import { KeptNames } from "./kept_names.js";
import type { Session } from "./session.js";

export const DATA_TARGET = "tapbook.data";

export function dataComm(session: Session): CommTarget {
  const names = new KeptNames(session, { stream: () => undefined });
  return (comm, opening) => {
    void answer(session, names, comm, opening);
    return { message: (message) => void answer(session, names, comm, message), closed: () => undefined };
  };
}

/** With `global` its columns, without it what there is. */
async function answer(session: Session, names: KeptNames, comm: Comm, { data }: CommMessage): Promise<void> {
  const { global, buckets = false } = data;
  try {
    if (global === undefined) return comm.send({ status: "ok", globals: listed(names) });
    if (typeof global !== "string" || typeof buckets !== "boolean")
      throw new MagicError("`global` must be a text, and `buckets` true or false", "see docs/reference/data-comm.md");
    const table = exportedTable(session, names.find(global), buckets);
    const bytes = await arrowBytes(table, "stream");
    comm.send({ status: "ok", format: "arrow-stream", rows: table.rows, schema: schemaOf(table) }, [bytes]);
  } catch (error) {
    const isMistake = error instanceof MagicError;
    const message = error instanceof Error ? error.message : String(error);
    comm.send({ status: "error", message, hint: isMistake ? error.hint : "please report this" });
  }
}

function listed(names: KeptNames): readonly { readonly name: string; readonly type: string }[] {
  return names.used().map(({ name, known }) => ({ name, type: globalTypeText(known.type) }));
}
