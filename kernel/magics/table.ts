import { MagicError, type Magic, type MagicArgument, type MagicSession, type RunOptions } from "./magic.js";
import { TRACE_ARGUMENTS, parseTraceArguments } from "./trace.js";

/** Rows that the cell about to run gathers of what it prints. */
export interface RowsRequest {
  readonly name: string;
  /** None: what the formats themselves tell. */
  readonly columns: readonly string[];
}

const COLUMNS = "[NAME:] [COLUMN …]";
const DEFAULT_NAME = "rows";

const SUMMARY =
  "gathers what the cell prints into the rows of a table: each printf of the same shape is one, its directives are the columns. " +
  "A column's name may end in its unit, as latency_us does. %plot NAME shows the rows in other forms, in later cells too";

function run(argument: string, magic: string, usage: string, session: MagicSession, takesRun: boolean): void {
  const { rows, run: options } = parseTable(argument, magic, usage);
  if (takesRun) session.setRun(options);
  else if (Object.keys(options).length > 0)
    throw new MagicError(`${magic} does not say how the cell runs`, `%%table does, or %%trace and %%bg in front of it`);
  session.gatherRows(rows);
}

const CELL_USAGE = `%%table ${COLUMNS} [for=TIME] [-c 'COMMAND'] [-x PID] [out=FILE]`;

export const cellTable: Magic = {
  name: "table",
  kind: "cell",
  usage: CELL_USAGE,
  summary: SUMMARY,
  arguments: TRACE_ARGUMENTS,
  example:
    '%%table pid comm size_bytes for=5s\nprobe syscall.read.return { if (retval > 0) printf("%d %s %d\\n", pid(), execname(), retval) }',
  run: (argument, session) => run(argument, "%%table", CELL_USAGE, session, true),
};

const LINE_USAGE = `%table ${COLUMNS}`;

export const table: Magic = {
  name: "table",
  kind: "line",
  usage: LINE_USAGE,
  summary: "the same as %%table in a cell that %%trace or %%bg runs",
  arguments: [] satisfies readonly MagicArgument[],
  example:
    '%%bg reads for=1m\n%table reads: pid comm size_bytes\nprobe syscall.read.return { printf("%d %s %d\\n", pid(), execname(), retval) }',
  run: (argument, session) => run(argument, "%table", LINE_USAGE, session, false),
};

/** The words up to the first option are the columns. */
export function parseTable(
  argument: string,
  magic: string,
  usage: string,
): { readonly rows: RowsRequest; readonly run: RunOptions } {
  const refusal = (message: string): MagicError => new MagicError(message, `usage: ${usage}`);
  const [, name = DEFAULT_NAME, rest = ""] = /^(?:([A-Za-z_]\w*)\s*:(?=\s|$))?(.*)$/s.exec(argument.trim()) ?? [];
  const [words = ""] = /^(?:\s*[A-Za-z_][\w.]*(?=[\s,]|$),?)*/.exec(rest) ?? [];
  const columns = words.split(/[\s,]+/).filter((word) => word !== "");
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw refusal(`${magic} names the column ${twice} twice`);
  return { rows: { name, columns }, run: parseTraceArguments(rest.slice(words.length), magic, usage) };
}
