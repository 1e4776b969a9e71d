/** Commands of the shell: the traced command of `-c`, `!command` and `system()`. */
import { spawn, type ChildProcess } from "node:child_process";

export interface CommandOutput {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** A command that has its process, and so its number, but waits for the trace before it becomes itself. */
export class PausedCommand {
  private constructor(
    private readonly child: ChildProcess,
    readonly finished: Promise<number>,
  ) {}

  static start(command: string, output: CommandOutput | "inherit"): PausedCommand {
    // The shell waits for a line on descriptor 3, then becomes the command, so that its process is the one that is traced.
    // A program is sought before, since looking for it would be traced as well.
    const script = 'case $(command -v -- "$1") in */*) become=exec;; *) become=;; esac; read -r go <&3 || exit 0; exec 3<&-; eval "$become $0"';
    const stream = output === "inherit" ? "inherit" : "pipe";
    const child = spawn("/bin/sh", ["-c", script, command, programOf(command)], { stdio: ["inherit", stream, stream, "pipe"] });
    if (output !== "inherit") forward(child, output);
    return new PausedCommand(child, ended(child));
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
    if (this.child.exitCode === null) this.child.kill("SIGTERM");
  }
}

/** The first word of a command that is one program and its arguments; empty for what takes a shell. */
function programOf(command: string): string {
  return /^\s*(?<program>[\w./+-]+)(?:[ \t][^;&|(){}\n]*)?$/.exec(command)?.groups?.["program"] ?? "";
}

/** Runs a command to its end; resolves to its exit status, 128 and the signal's number where one ended it. */
export function runShell(command: string, output: CommandOutput, signal?: AbortSignal): Promise<number> {
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"], ...(signal ? { signal } : {}) });
  forward(child, output);
  return ended(child);
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

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("close", (code, signal) => resolve(code ?? 128 + (SIGNALS[signal ?? ""] ?? 0)));
  });
}
