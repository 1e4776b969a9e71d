import { MagicError, type Magic, type MagicArgument, type MagicSession, type RunOptions } from "./magic.js";
import { TRACE_ARGUMENTS, parseTraceArguments } from "./trace.js";

/** Rows that the cell about to run gathers of what it prints. */
export interface RowsRequest {
  readonly name: string;
  /** None: what the formats themselves tell. */
  readonly columns: readonly string[];
  /** Where the cell prints nothing, every hit of its probes is a row. */
  readonly orHits?: true;
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

const CELL_USAGE = `%%table ${COLUMNS} [for=TIME] [max=PERCENT] [-c 'COMMAND'] [-x PID] [out=FILE]`;

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

const TIMELINE_USAGE = `%%timeline ${COLUMNS} [for=TIME] [max=PERCENT] [-c 'COMMAND'] [-x PID] [out=FILE]`;

export const timeline: Magic = {
  name: "timeline",
  kind: "cell",
  usage: TIMELINE_USAGE,
  summary:
    "gathers rows as %%table does and shows them on an axis of time: a column time_ns (or _us, _ms, _s) says when an event began, " +
    "or end_ns when it ended, duration_ns how long it took, cpu, tid, pid or comm in which lane it stands, and the first text what it was. " +
    "Of a cell that prints nothing, every hit of its probes is an event, in the lane of its thread, and an entry with its return one that lasts: " +
    "of the command or process, where -c or -x names one, and its children. %perfetto writes it for ui.perfetto.dev",
  arguments: TRACE_ARGUMENTS,
  example:
    '%%timeline end_ns duration_ns tid name for=1s\nprobe syscall.*.return {\n  now = gettimeofday_ns()\n  printf("%d %d %d %s\\n", now, now - @entry(gettimeofday_ns()), tid(), name)\n}',
  run(argument, session) {
    const { rows, run: options } = parseTable(argument, "%%timeline", TIMELINE_USAGE);
    session.setRun(options);
    session.gatherRows(rows.columns.length === 0 ? { ...rows, orHits: true } : rows);
    session.plot({ name: rows.name, key: null, form: "timeline", top: null, perSecond: false, columns: [] });
  },
};

const PERFETTO_USAGE = "%perfetto NAME FILE";

export const perfetto: Magic = {
  name: "perfetto",
  kind: "line",
  usage: PERFETTO_USAGE,
  summary:
    "writes gathered rows that say when into a file in Chrome's JSON trace format, which ui.perfetto.dev and chrome://tracing open",
  arguments: [{ kind: "file" }],
  example: "%perfetto rows trace.json",
  async run(argument, session) {
    const [, name, file] = /^(\w+)\s+(\S.*)$/.exec(argument.trim()) ?? [];
    if (name === undefined || file === undefined)
      throw new MagicError("%perfetto needs the name of gathered rows and a file", `usage: ${PERFETTO_USAGE}`);
    const events = await session.writeTraceEvents(name, file.replace(/^(['"])(.*)\1$/, "$2"));
    session.print(`${events} events in ${file}\n`);
  },
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
