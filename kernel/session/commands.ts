/** Commands of the shell: the traced command of `-c`, `!command` and `system()`. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";

export interface CommandOutput {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** A command that has its process, and so its number, but waits for the trace before it becomes itself. */
export class PausedCommand {
  private constructor(
    private readonly child: ChildProcess,
    /** Its exit status. */
    readonly finished: Promise<number>,
    private readonly kill: () => void,
    /** The program that its process becomes; empty where that takes a shell to tell. */
    readonly program: string,
  ) {}

  static start(command: string, output: CommandOutput | "inherit"): PausedCommand {
    // The shell waits for a line on descriptor 3, then becomes the command, so that its process is the one that is traced.
    // A program is sought before, since looking for it would be traced as well.
    const script =
      'case $(command -v -- "$1") in */*) become=exec;; *) become=;; esac; read -r go <&3 || exit 0; exec 3<&-; eval "$become $0"';
    const stream = output === "inherit" ? "inherit" : "pipe";
    // At a terminal the command has the keyboard and ^C as any other; a cell's has neither, and ends with all that it started.
    const isOfCell = output !== "inherit";
    const stdin = isOfCell ? "ignore" : "inherit";
    const program = programOf(command);
    const options = { stdio: [stdin, stream, stream, "pipe"], detached: isOfCell } satisfies SpawnOptions;
    const child = spawn("/bin/sh", ["-c", script, command, program], options);
    if (output !== "inherit") forward(child, output);
    return new PausedCommand(child, ended(child), () => (isOfCell ? endGroup(child) : child.kill("SIGTERM")), program);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  release(): void {
    const gate = this.child.stdio[3];
    if (gate && "write" in gate) gate.end("go\n");
  }

  /** Before `release` it ends without having run; after it, it is asked to end. */
  stop(): void {
    const gate = this.child.stdio[3];
    if (gate && "destroy" in gate && !gate.destroyed) gate.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) this.kill();
  }
}

/** The first word of a command that is one program and its arguments; empty for what takes a shell. */
function programOf(command: string): string {
  return /^\s*(?<program>[\w./+-]+)(?:[ \t][^;&|(){}\n]*)?$/.exec(command)?.groups?.["program"] ?? "";
}

/** Runs a command to its end; resolves to its exit status, 128 and the signal's number where one ended it. */
export async function runShell(command: string, output: CommandOutput, signal?: AbortSignal): Promise<number> {
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const kill = (): void => endGroup(child);
  forward(child, output);
  signal?.addEventListener("abort", kill);
  if (signal?.aborted) kill();
  const status = await ended(child);
  signal?.removeEventListener("abort", kill);
  return status;
}

/** As `runShell`, the command writing to a descriptor of this process by itself. */
export function runShellInto(command: string, stdout: number): Promise<number> {
  return ended(spawn("/bin/sh", ["-c", command], { stdio: ["ignore", stdout, "inherit"] }));
}

function forward(child: ChildProcess, output: CommandOutput): void {
  child.stdout?.setEncoding("utf8").on("data", (text: string) => output.stdout(text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => output.stderr(text));
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/** What a process that has ended has still to say, it says in this time; what it left running may go on for ever. */
const LAST_WORDS_MILLISECONDS = 200;

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve(code ?? 128 + (SIGNALS[signal ?? ""] ?? 0));
    child.on("error", () => resolve(127));
    child.on("close", end);
    child.on("exit", (code, signal) => setTimeout(end, LAST_WORDS_MILLISECONDS, code, signal));
  });
}

/** Processes that do not listen are ended so long after they were asked to. */
const PATIENCE_MILLISECONDS = 1000;

/** Asks a command and all that it started to end, and then makes them. */
function endGroup(child: ChildProcess): void {
  const insist = setTimeout(() => signalGroup(child, "SIGKILL"), PATIENCE_MILLISECONDS).unref();
  child.on("exit", () => clearTimeout(insist));
  signalGroup(child, "SIGTERM");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
