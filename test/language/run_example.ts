/** Runs one example as its options say, and tells what it printed and complained of. */
import type { CellOutput } from "../../kernel/protocol/interpreter.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Notebook } from "../../kernel/session/notebook.js";
import { ScriptRun } from "../../kernel/session/script_run.js";
import { Session } from "../../kernel/session/session.js";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import type { Native } from "../../kernel/tracing/native.js";
import type { Example } from "./chapters.js";
import { complaintsOf } from "./complaints.js";

export interface Seen {
  readonly text: string;
  readonly complaints: readonly string[];
}

/** How messages name the script of an example. */
export const SCRIPT_NAME = "example.stp";

const fromBytes = (text: string): string => Buffer.from(text, "latin1").toString("utf8");

/** A script on its own, from beginning to end, or as far as the pass that the options name. */
export async function runScript(example: Example, native: Native): Promise<Seen> {
  const { options, code } = example;
  const session = new Session({ native, catalogue, mode: "script", ...options.settings, arguments: options.arguments });
  if (options.lastPass !== null) {
    const { diagnostics } = session.compile(code, { name: SCRIPT_NAME, lastPass: options.lastPass });
    return {
      text: "",
      complaints: [...options.warnings, ...complaintsOf(diagnostics.map(formatDiagnostic).join("\n"))],
    };
  }
  let [stdout, stderr] = ["", ""];
  const run = new ScriptRun({
    session,
    source: { name: SCRIPT_NAME, text: code },
    alwaysShowFidelity: false,
    output: {
      stdout: (bytes) => (stdout += bytes),
      stderr: (bytes) => (stderr += bytes),
      flushed: () => Promise.resolve(),
      // What `system()` starts writes where the tests do.
      descriptor: 1,
    },
  });
  await run.run();
  return { text: fromBytes(stdout), complaints: [...options.warnings, ...complaintsOf(fromBytes(stderr))] };
}

/** The cells of a section, one after another. */
export class SectionNotebook {
  private readonly notebook: Notebook;
  private count = 0;

  constructor(native: Native) {
    this.notebook = new Notebook({ native, catalogue });
  }

  /** Everything that the cell shows, as plain text and in order, without the fidelity line. */
  async run({ code }: Example): Promise<Seen> {
    let [text, stderr] = ["", ""];
    const show = (data: Readonly<Record<string, unknown>>): void => {
      const plain = String(data["text/plain"]);
      if (!/^events \d+ · /.test(plain)) text += plain.endsWith("\n") ? plain : `${plain}\n`;
    };
    const output: CellOutput = {
      stream: (name, part) => {
        if (name === "stdout") text += part;
        else stderr += part;
      },
      display: ({ data }) => show(data),
      result: ({ data }) => show(data),
      update: () => undefined,
      clear: () => undefined,
    };
    this.count++;
    const request = {
      code,
      executionCount: this.count,
      silent: false,
      storeHistory: true,
      userExpressions: {},
      cellId: undefined,
    };
    const outcome = await this.notebook.execute(request, output);
    if (outcome.status === "error") stderr += outcome.error.traceback.join("\n");
    // eslint-disable-next-line no-control-regex
    return { text, complaints: complaintsOf(stderr.replace(/\u001b\[[\d;]*m/g, "")) };
  }

  close(): Promise<void> {
    return this.notebook.shutdown();
  }
}
