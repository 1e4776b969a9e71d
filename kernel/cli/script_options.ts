/** What `run` and `check` share: where the script comes from, and what goes into it. */
import { readFileSync } from "node:fs";
import { LIMIT_SETTINGS, limitSetting } from "../session/limit_settings.js";
import type { SessionOptions } from "../session/session.js";
import { CommandError, systemReason, UsageError } from "./command.js";

/** Options of the compiler, for `parseArgs`. */
export const scriptOptions = {
  script: { type: "string", short: "e" },
  global: { type: "string", short: "G", multiple: true },
  define: { type: "string", short: "D", multiple: true },
  guru: { type: "boolean", short: "g" },
} as const;

export const scriptOptionsHelp = [
  "  -e SCRIPT        take the script from the command line; operands are then its arguments",
  "  -G NAME=VALUE    start a global at this value",
  "  -D NAME=VALUE    set a limit or how histograms are drawn:",
  ...LIMIT_SETTINGS.map(({ name, meaning }) => `                     ${name.padEnd(13)}  ${meaning}`),
  "  -g               guru mode: allow what can do harm",
].join("\n");

/** A script to run. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The script of `-e`. */
export function inlineSource(text: string): Source {
  return { name: "<input>", text };
}

/** Reads a script; `-` is standard input. */
export function readScript(path: string): Source {
  const [name, text] = path === "-" ? (["<stdin>", textOf(0, path)] as const) : ([path, textOf(path, path)] as const);
  const magic = FIRST_MAGIC.exec(text)?.groups?.["magic"];
  if (magic !== undefined) {
    throw new CommandError(
      `${name} is a notebook's cell or its export: ${magic} means something in notebooks alone. ` +
        "`tapbook notebook run` runs a notebook; in a script, -c, -x and -T do what %%trace does.",
    );
  }
  return { name, text };
}

/** `%name` where a script begins: no script can, whatever else is wrong with it. */
const FIRST_MAGIC = /^(?:\s|#.*\n|\/\/.*\n)*(?<magic>%%?[A-Za-z_]\w*)/;

function textOf(file: number | string, path: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`the script ${path} cannot be read: ${systemReason(error)}`);
  }
}

interface Given {
  readonly global?: readonly string[];
  readonly define?: readonly string[];
  readonly guru?: boolean;
}

type ScriptSettings = Required<Pick<SessionOptions, "limits" | "guru" | "globalValues">>;

/** `warn` gets a sentence about each `-D` that changes nothing here. */
export function scriptSettings(given: Given, warn: (text: string) => void): ScriptSettings {
  const globalValues = new Map((given.global ?? []).map((text) => assignment(text, "-G")));
  return { globalValues, limits: limitsOf(given.define ?? [], warn), guru: given.guru ?? false };
}

function assignment(text: string, option: string): [string, string] {
  const match = /^([A-Za-z_$][\w$]*)=([^]*)$/.exec(text);
  if (!match) throw new UsageError(`${option} wants NAME=VALUE, not ${text}`);
  return [match[1]!, match[2]!];
}

type Limits = NonNullable<SessionOptions["limits"]>;

function limitsOf(defines: readonly string[], warn: (text: string) => void): Limits {
  let limits: Limits = {};
  for (const define of defines) {
    const [name = "", text] = define.split("=", 2);
    const outcome = limitSetting(name, text);
    if (outcome.kind === "refused") throw new UsageError(`-D ${outcome.problem}`);
    if (outcome.kind === "unknown") {
      const known = LIMIT_SETTINGS.map((setting) => setting.name).join(", ");
      // SystemTap has dozens of these for its own runtime; a command line that sets one should still work.
      warn(`-D ${name} changes nothing here; what can be set is ${known}`);
      continue;
    }
    if (outcome.note !== null) warn(outcome.note);
    limits = { ...limits, ...outcome.limits };
  }
  return limits;
}
