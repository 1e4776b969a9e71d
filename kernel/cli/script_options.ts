/** What `run` and `check` share: where the script comes from, and what goes into it. */
import { readFileSync } from "node:fs";
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
  "  -D NAME=VALUE    set MAXSTRINGLEN, MAXMAPENTRIES, MAXACTION, MAXERRORS or MAXNESTING",
  "  -g               guru mode: allow what can do harm",
].join("\n");

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
  try {
    return path === "-"
      ? { name: "<stdin>", text: readFileSync(0, "utf8") }
      : { name: path, text: readFileSync(path, "utf8") };
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

/** SystemTap gives every handler the tenfold of MAXACTION in its default mode. */
const INTERRUPTIBLE_FACTOR = 10;

/** Everything beyond is a mistake, and could make numbers inexact. */
const MOST = 1_000_000_000;

const LIMITS: Readonly<Record<string, { readonly least: number; limit(value: number): Limits }>> = {
  MAXSTRINGLEN: { least: 8, limit: (value) => ({ maxStringLength: Math.ceil(value / 8) * 8 }) },
  MAXMAPENTRIES: { least: 1, limit: (maxMapEntries) => ({ maxMapEntries }) },
  MAXACTION: { least: 1, limit: (value) => ({ maxAction: value * INTERRUPTIBLE_FACTOR }) },
  MAXERRORS: { least: 0, limit: (maxErrors) => ({ maxErrors }) },
  MAXNESTING: { least: 1, limit: (maxNesting) => ({ maxNesting }) },
};

function limitsOf(defines: readonly string[], warn: (text: string) => void): Limits {
  let limits: Limits = {};
  for (const define of defines) {
    const [name = "", text] = define.split("=", 2);
    const known = LIMITS[name];
    if (!known) {
      // SystemTap has dozens of these for its own runtime; a command line that sets one should still work.
      warn(`-D ${name} changes nothing here; what can be set is ${Object.keys(LIMITS).join(", ")}`);
      continue;
    }
    const value = text !== undefined && /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= known.least && value <= MOST)) {
      throw new UsageError(`-D ${name} wants a number from ${known.least} to ${MOST}, not ${text ?? "nothing"}`);
    }
    if (name === "MAXSTRINGLEN" && value % 8 !== 0) warn(`MAXSTRINGLEN=${value} is rounded up to a multiple of 8`);
    limits = { ...limits, ...known.limit(value) };
  }
  return limits;
}
