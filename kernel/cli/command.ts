/** What every subcommand is, and the ways in which one can be used wrongly. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { adviceForStapOption } from "./stap_options.js";

/** A subcommand. */
export interface Command {
  /** The whole of `tapbook NAME --help`, without a line break at its end. */
  readonly help: string;
  /** Resolves to the exit status. */
  run(args: readonly string[]): Promise<number>;
}

/** Wrong use of a command: usage is shown, the status is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What the user can mend, in one sentence: shown without a stack, the status is 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** `parseArgs`, its complaints as UsageErrors. Options and operands may be mixed; `--` ends the options. */
export function parseCommandLine<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!(error instanceof Error) || !code.startsWith("ERR_PARSE_ARGS")) throw error;
    const [, option = ""] = /^Unknown option '([^']+)'/.exec(error.message) ?? [];
    const advice = adviceForStapOption(option);
    if (advice !== undefined) throw new UsageError(`there is no ${option} here: ${advice}`);
    // Node adds advice that is longer than our usage, which follows anyway.
    throw new UsageError(
      error.message
        .replace(/\. (?:To specify|Did you forget|This command does not take)[^]*$/, "")
        .replace(/\n[^]*$/, ""),
    );
  }
}

/** What is left once the options are read, of which there must be exactly one. */
export function onlyOperand(operands: readonly string[], name: string): string {
  const [operand, ...others] = operands;
  if (operand === undefined) throw new UsageError(`${name} is missing`);
  if (others.length > 0) throw new UsageError(`one ${name} is enough: what is ${others.join(" ")}?`);
  return operand;
}

/** Why the system refused something to do with a file, in words. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is no directory",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
};

/** For commands that take neither options nor operands. */
export function onlyFlags(args: readonly string[]): void {
  parseCommandLine({ args: [...args], options: {} });
}
