/** `tapbook check`: whether scripts would be accepted. Loads nothing into the kernel and takes no privilege. */
import type { dumpOnly } from "../session/check_script.js";
import type { CheckOptions, CheckOutcome } from "../session/parse_script.js";
import { CommandError, parseCommandLine, UsageError, type Command } from "./command.js";
import { loadEngine } from "./engine.js";
import {
  inlineSource,
  readScript,
  scriptOptions,
  scriptOptionsHelp,
  scriptSettings,
  type Source,
} from "./script_options.js";

const PASSES = ["parse", "semantic", "compile"] as const;
type Pass = (typeof PASSES)[number];

const DUMPS = ["tokens", "ast", "types", "ir", "bpf"] as const;
type Dumps = Parameters<typeof dumpOnly>[2];

const help = `usage: tapbook check [OPTION]... FILE.stp... [-- ARGUMENT...]
       tapbook check [OPTION]... -e SCRIPT [-- ARGUMENT...]

Tells whether scripts would be accepted on this machine. Nothing is loaded, and no privilege is needed. Diagnostics go
to standard error. FILE may be - for standard input.

  --pass PASS      stop after parse (the text alone), semantic (names, types, probe points) or compile (the default)
  --dump WHAT      print what the compiler makes of it: ${DUMPS.join(", ")}; may be given several times
${scriptOptionsHelp}
  -h, --help       this text

Status: 0 when everything was accepted, 1 when something was refused, 2 for wrong use.`;

export const command: Command = {
  help,
  async run(args) {
    const end = args.indexOf("--");
    const given = end < 0 ? [] : args.slice(end + 1);
    const { values, positionals } = parseCommandLine({
      args: end < 0 ? [...args] : args.slice(0, end),
      allowPositionals: true,
      options: {
        ...scriptOptions,
        pass: { type: "string", default: "compile" },
        dump: { type: "string", multiple: true },
      },
    });
    const pass = PASSES.find((name) => name === values.pass);
    if (!pass) throw new UsageError(`--pass is one of ${PASSES.join(", ")}, not ${values.pass}`);
    const dumps = (values.dump ?? []).map(dumpKind);
    const sources = sourcesOf(values.script, positionals);
    const settings = scriptSettings(values, (text) => process.stderr.write(`WARNING: ${text}\n`));
    const check = await checker(pass, dumps);
    let status = 0;
    for (const read of sources) {
      const source = tryReading(read);
      const { accepted, messages } =
        "refusal" in source ? source.refusal : check({ ...settings, arguments: given, source });
      for (const message of messages) process.stderr.write(`${message}\n`);
      if (!accepted) status = 1;
    }
    return status;
  },
};

/** A file that cannot be read is refused; the others are checked all the same. */
function tryReading(read: () => Source): Source | { readonly refusal: CheckOutcome } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { refusal: { accepted: false, messages: [`tapbook: ${error.message}`] } };
  }
}

type Check = (options: CheckOptions) => CheckOutcome;

function dumpKind(word: string): Dumps[number] {
  const kind = DUMPS.find((name) => name === word);
  if (!kind) throw new UsageError(`--dump prints ${DUMPS.join(", ")}, not ${word}`);
  return kind;
}

async function checker(pass: Pass, dumps: Dumps): Promise<Check> {
  if (dumps.length > 0) {
    const [{ dumpOnly }, machine] = await Promise.all([import("../session/check_script.js"), loadEngine()]);
    return (options) => {
      const { text, ...outcome } = dumpOnly(options, machine, dumps);
      process.stdout.write(text);
      return outcome;
    };
  }
  if (pass === "parse") return (await import("../session/parse_script.js")).parseOnly;
  const [{ compileOnly }, machine] = await Promise.all([import("../session/check_script.js"), loadEngine()]);
  return (options) => compileOnly(options, machine, pass);
}

function sourcesOf(script: string | undefined, files: readonly string[]): readonly (() => Source)[] {
  if (script === undefined) {
    if (files.length === 0) throw new UsageError("which script? give a file, or the text with -e");
    return files.map((file) => () => readScript(file));
  }
  if (files.length > 0) throw new UsageError("with -e there are no files; arguments of the script go behind --");
  return [() => inlineSource(script)];
}
