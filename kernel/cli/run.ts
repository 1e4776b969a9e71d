/** `tapbook run`: a script from beginning to end, as `stap` runs it. */
import { closeSync, openSync } from "node:fs";
import { ByteOutput } from "./byte_output.js";
import { CommandError, parseCommandLine, systemReason, UsageError, type Command } from "./command.js";
import { loadEngine } from "./engine.js";
import { StandardInput } from "./standard_input.js";
import { RotatingFiles } from "./rotating_files.js";
import {
  inlineSource,
  readScript,
  scriptOptions,
  scriptOptionsHelp,
  scriptSettings,
  type Source,
} from "./script_options.js";

const help = `usage: tapbook run [OPTION]... FILE.stp [ARGUMENT]...
       tapbook run [OPTION]... -e SCRIPT [ARGUMENT]...

Compiles a script to eBPF and runs it until exit(), ^C, or as -c and -T say; one that waits for no event ends by itself.
FILE may be - for standard input, which is otherwise for probes on input.char and input.line. Arguments are $1, @1 and
so on in the script; those that start with - go behind --.

  -c COMMAND       run a command in the shell, and end when it ends; target() is its process
  -x PID           let target() be this process
  -T SECONDS       end after so many seconds
  -o FILE          write what the script prints to a file
  -S SIZE[,N]      with -o: go on in another file behind every SIZE megabytes, FILE.0, FILE.1 and so on, and keep the last N
${scriptOptionsHelp}
  --no-global-var-display
                   do not print at the end the globals that the script writes and never reads
  -h, --help       this text

^C lets end probes run and shows results; a second one ends everything at once.
Status: 0 when the run ended by itself, by exit(), ^C, -c or -T; 1 when the script was refused, an error was reported
or the command failed; 2 for wrong use.`;

/** Longer than a timer of Node counts, which is 24 days. */
const MOST_SECONDS = 2_000_000;

export const command: Command = {
  help,
  async run(args) {
    const { values, positionals } = parseCommandLine({
      args: [...args],
      allowPositionals: true,
      options: {
        ...scriptOptions,
        command: { type: "string", short: "c" },
        pid: { type: "string", short: "x" },
        time: { type: "string", short: "T" },
        output: { type: "string", short: "o" },
        "output-size": { type: "string", short: "S" },
        "no-global-var-display": { type: "boolean" },
      },
    });
    const { source, rest } = sourceOf(values.script, positionals);
    if (values.command !== undefined && values.pid !== undefined) {
      throw new UsageError("-c and -x both say what target() is: give one of them");
    }
    const pid = values.pid === undefined ? undefined : processNumber(values.pid);
    const seconds = values.time === undefined ? undefined : secondsOf(values.time);
    const settings = scriptSettings(values, (text) => process.stderr.write(`WARNING: ${text}\n`));
    return await runScript({
      source,
      settings: { ...settings, arguments: rest },
      output: outputOf(values.output, values["output-size"]),
      showGlobals: values["no-global-var-display"] !== true,
      limits: {
        ...(values.command === undefined ? {} : { command: values.command }),
        ...(pid === undefined ? {} : { pid }),
        ...(seconds === undefined ? {} : { seconds }),
      },
    });
  },
};

interface Run {
  readonly source: Source;
  readonly settings: ReturnType<typeof scriptSettings> & { readonly arguments: readonly string[] };
  readonly output: OutputFile | null;
  readonly showGlobals: boolean;
  readonly limits: { readonly command?: string; readonly pid?: number; readonly seconds?: number };
}

interface OutputFile {
  readonly path: string;
  /** Bytes of a file and how many files are kept, null for all; null for one file. */
  readonly rotation: { readonly size: number; readonly keep: number | null } | null;
}

async function runScript({ source, settings, output, showGlobals, limits }: Run): Promise<number> {
  const [{ Session }, { ScriptRun }, engine] = await Promise.all([
    import("../session/session.js"),
    import("../session/script_run.js"),
    loadEngine(),
  ]);
  const onBroken = (): void => run.stop();
  const stdout = openOutput(output, onBroken);
  const stderr =
    stdout instanceof ByteOutput && ByteOutput.areSame(stdout.descriptor, 2)
      ? stdout
      : ByteOutput.open(2, { onBroken });
  const interrupt = (): void => run.interrupt();
  const run = new ScriptRun({
    session: new Session({ ...settings, ...engine, mode: "script" }),
    source,
    ...limits,
    showGlobals,
    output: {
      get descriptor() {
        return stdout.descriptor;
      },
      stdout: (bytes) => stdout.write(bytes),
      stderr: (bytes) => {
        stdout.flush();
        stderr.write(bytes);
      },
      flushed: () => stdout.drained(),
      switchFile: () => {
        if (stdout instanceof RotatingFiles) stdout.switchFile();
      },
    },
    input: new StandardInput(interrupt),
    alwaysShowFidelity: process.stdout.isTTY || process.stderr.isTTY,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  const status = await run.run();
  // A second ^C ends us also while a reader is slow.
  const drained = Promise.all([stdout.drained(), stderr.drained()]);
  const impatient = new Promise((resolve) => process.once("SIGINT", resolve));
  await Promise.race([drained, impatient]);
  if (output !== null) closeSync(stdout.descriptor);
  // Whoever read the output may have seen enough: that is no failure.
  const unwritable = [stdout.failure, stderr.failure].find((failure) => failure !== null && failure.code !== "EPIPE");
  if (unwritable) throw new CommandError(`the output cannot be written: ${systemReason(unwritable)}`);
  return status;
}

function sourceOf(
  script: string | undefined,
  positionals: readonly string[],
): { source: Source; rest: readonly string[] } {
  if (script !== undefined) return { source: inlineSource(script), rest: positionals };
  const [file, ...rest] = positionals;
  if (file === undefined) throw new UsageError("which script? give a file, or the text with -e");
  return { source: readScript(file), rest };
}

function outputOf(path: string | undefined, size: string | undefined): OutputFile | null {
  if (path === undefined) {
    if (size !== undefined) throw new UsageError("-S says how large the files of -o get: give -o FILE, too");
    return null;
  }
  return { path, rotation: size === undefined ? null : rotationOf(size) };
}

/** Bytes of a megabyte, as SystemTap counts them. */
const MEGABYTE = 1 << 20;

function rotationOf(text: string): OutputFile["rotation"] {
  const { megabytes, keep } = /^(?<megabytes>[1-9]\d{0,6})(?:,(?<keep>[1-9]\d{0,6}))?$/.exec(text)?.groups ?? {};
  if (megabytes === undefined)
    throw new UsageError(`-S wants megabytes of a file and, behind a comma, how many files are kept, not ${text}`);
  return { size: Number(megabytes) * MEGABYTE, keep: keep === undefined ? null : Number(keep) };
}

function openOutput(output: OutputFile | null, onBroken: () => void): ByteOutput | RotatingFiles {
  if (output === null) return ByteOutput.open(1, { onBroken });
  const { path, rotation } = output;
  try {
    if (rotation) return new RotatingFiles({ path, ...rotation, onBroken });
    return ByteOutput.open(openSync(path, "w"), { onBroken });
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${systemReason(error)}`);
  }
}

function processNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`-x wants the number of a process, not ${text}`);
  const pid = Number(text);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may be traced all the same.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw new CommandError(`there is no process ${text}`);
  }
  return pid;
}

function secondsOf(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(seconds > 0 && seconds <= MOST_SECONDS))
    throw new UsageError(`-T wants seconds, more than 0 and at most ${MOST_SECONDS}, not ${text}`);
  return seconds;
}
