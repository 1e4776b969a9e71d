import { durationSeconds } from "./duration.js";
import { MagicError, type Magic, type MagicArgument, type RunOptions } from "./magic.js";

const USAGE = "%%trace [for=TIME] [max=PERCENT] [-c 'COMMAND'] [-x PID] [out=FILE]";

/** Those of all magics that run the cell. */
export const TRACE_ARGUMENTS: readonly MagicArgument[] = [
  { kind: "option", text: "for=", meaning: "ends after so long: 500ms, 10s, 2m, 1h" },
  { kind: "option", text: "max=", meaning: "ends when probes take more of all processors' time, such as 2%" },
  { kind: "option", text: "-c", meaning: "runs as long as this command, which target() is" },
  { kind: "option", text: "-x", meaning: "the number of a process that target() is" },
  { kind: "option", text: "out=", meaning: "a file that gets all that is printed", value: "file" },
];

export const trace: Magic = {
  name: "trace",
  kind: "cell",
  usage: USAGE,
  summary:
    "runs the cell for a time (500ms, 10s, 2m, 1h), for as long as a command runs, or with a process as target(); max=2% ends it when its probes take more of the processors' time; out= keeps all that it prints",
  arguments: TRACE_ARGUMENTS,
  example: "%%trace for=5s\nglobal reads\nprobe syscall.read { reads[execname()]++ }",
  run(argument, session) {
    session.setRun(parseTraceArguments(argument, "%%trace", USAGE));
  },
};

const TEXT = `'(?:[^']*)'|"(?:[^"]*)"|[^\\s'"]\\S*`;
const WORD = new RegExp(
  `\\s*(?:for=(?<time>\\d+(?:\\.\\d+)?(?:ms|s|m|h)?)|max=(?<max>\\d+(?:\\.\\d+)?)%?|-c\\s*(?<command>${TEXT})|out=(?<out>${TEXT})|-x\\s*(?<pid>\\d+))(?=\\s|$)`,
  "y",
);

/** What a timer of JavaScript can count. */
const MOST_SECONDS = 2_147_483;

/** The highest number of a process that a 64-bit kernel gives. */
const MOST_PID = 4_194_304;

/** How a trace is to run; throws MagicError in the name of the magic that it was written for. */
export function parseTraceArguments(text: string, magic: string, usage: string): RunOptions {
  const refusal = (message: string): MagicError => new MagicError(message, `usage: ${usage}`);
  let options: RunOptions = {};
  const add = (more: RunOptions): void => {
    const [name] = Object.keys(more);
    if (name !== undefined && name in options) throw refusal(`${magic} takes each of its arguments once`);
    options = { ...options, ...more };
  };
  for (let offset = 0; text.slice(offset).trim() !== ""; offset = WORD.lastIndex) {
    WORD.lastIndex = offset;
    const { time, max, command, out, pid } = WORD.exec(text)?.groups ?? {};
    if (time !== undefined) add({ seconds: seconds(time, refusal) });
    else if (max !== undefined) add({ maxShare: share(max, refusal) });
    else if (command !== undefined) add({ command: unquoted(command, "-c", refusal) });
    else if (out !== undefined) add({ out: unquoted(out, "out=", refusal) });
    else if (pid !== undefined) add({ pid: process(pid, refusal) });
    else throw refusal(`${magic} does not understand \`${text.slice(offset).trim()}\``);
  }
  if (options.command !== undefined && options.pid !== undefined)
    throw refusal("-c and -x both say what target() is: give one of them");
  return options;
}

type Refuse = (message: string) => MagicError;

function seconds(time: string, refusal: Refuse): number {
  const value = durationSeconds(time) ?? 0;
  if (value <= 0) throw refusal("for= needs a time above 0");
  if (value > MOST_SECONDS) throw refusal("for= takes at most 24 days");
  return value;
}

function share(percent: string, refusal: Refuse): number {
  const value = Number(percent) / 100;
  if (value <= 0 || value > 1) throw refusal("max= needs a percentage above 0, of all processors: up to 100%");
  return value;
}

function process(pid: string, refusal: Refuse): number {
  const number = Number(pid);
  if (number < 1 || number > MOST_PID) throw refusal(`-x ${pid} can be no process`);
  return number;
}

function unquoted(text: string, name: string, refusal: Refuse): string {
  const inner = /^(?<quote>['"]).*\k<quote>$/s.test(text) ? text.slice(1, -1) : text;
  if (inner.trim() === "") throw refusal(`${name} needs a value`);
  return inner;
}
