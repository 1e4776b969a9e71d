import { MagicError, type Magic } from "./magic.js";
import { TRACE_ARGUMENTS, parseTraceArguments } from "./trace.js";

const USAGE = "%%bg NAME [for=TIME] [max=PERCENT] [-c 'COMMAND'] [-x PID] [out=FILE]";

export const background: Magic = {
  name: "bg",
  kind: "cell",
  usage: USAGE,
  summary:
    "runs the cell in the background, with its displays moving where they stand: other cells read its globals meanwhile; %traces lists what runs so, %stop ends it",
  arguments: TRACE_ARGUMENTS,
  example: "%%bg reads for=1m\nglobal reads\nprobe syscall.read { reads[execname()]++ }",
  run(argument, session) {
    const [, name, rest = ""] = /^([A-Za-z_]\w*)(?:\s+(.*))?$/s.exec(argument) ?? [];
    if (name === undefined)
      throw new MagicError("%%bg needs a name to call the trace by, of letters and digits", `usage: ${USAGE}`);
    session.setBackground(name);
    session.setRun(parseTraceArguments(rest, "%%bg", USAGE));
  },
};
