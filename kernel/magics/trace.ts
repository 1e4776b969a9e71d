import { MagicError, type Magic, type RunOptions } from "./magic.js";

const USAGE = "%%trace [for=SECONDS[s|m]] [-c 'COMMAND'] [-x PID]";

export const trace: Magic = {
  name: "trace",
  kind: "cell",
  usage: USAGE,
  summary: "runs the cell for a time, for as long as a command runs, or with a process as target()",
  run(argument, session) {
    session.setRun(parseTraceArguments(argument));
  },
};

const WORD = /\s*(?:for=(?<time>[\d.]+)(?<unit>ms|s|m)?|-c\s*(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<bare>\S+))|-x\s*(?<pid>\d+))(?=\s|$)/y;

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60 };

function parseTraceArguments(text: string): RunOptions {
  let options: RunOptions = {};
  let offset = 0;
  while (text.slice(offset).trim() !== "") {
    WORD.lastIndex = offset;
    const groups = WORD.exec(text)?.groups;
    if (!groups) throw new MagicError(`%%trace does not know \`${text.slice(offset).trim()}\``, `usage: ${USAGE}`);
    offset = WORD.lastIndex;
    const command = groups["single"] ?? groups["double"] ?? groups["bare"];
    if (groups["time"] !== undefined) options = { ...options, seconds: Number(groups["time"]) * (SECONDS[groups["unit"] ?? "s"] ?? 1) };
    else if (command !== undefined) options = { ...options, command };
    else options = { ...options, pid: Number(groups["pid"]) };
  }
  return options;
}
