/** One notebook as Jupyter's protocol sees it. */
import type { Catalogue } from "../compiler/catalogue.js";
import { completeness } from "../compiler/syntax/completeness.js";
import { MagicError, magics, type MagicSession, type RunOptions } from "../magics/index.js";
import type { CellError, CellOutput, Completeness, Completion, ExecuteOutcome, ExecuteRequest, HistoryEntry, HistoryRequest, Interpreter, LanguageDescription, MimeBundle, UserExpressionResult } from "../protocol/interpreter.js";
import type { Native } from "../tracing/native.js";
import { CellRun } from "./cell_run.js";
import { splitCell, type CellMagic } from "./cell_text.js";
import { runShell } from "./commands.js";
import { complete } from "./completion.js";
import { description } from "./description.js";
import { failureOf, type Failure } from "./failures.js";
import { History } from "./history.js";
import { inspect } from "./inspection.js";
import { Session } from "./session.js";
import { describeType } from "./types.js";

const RED = "\u001B[31m";
const PLAIN = "\u001B[0m";

export class Notebook implements Interpreter {
  readonly description: LanguageDescription = description;
  private readonly session: Session;
  private readonly past = new History();
  private running: CellRun | null = null;
  private shell: AbortController | null = null;

  constructor(private readonly options: { readonly native: Native; readonly catalogue: Catalogue }) {
    this.session = new Session({ ...options, mode: "cell" });
  }

  async execute(request: ExecuteRequest, output: CellOutput): Promise<ExecuteOutcome> {
    if (request.storeHistory && !request.silent) this.past.add(request.executionCount, request.code);
    const failure = await this.runCell(request.code, `cell ${request.executionCount}`, request.silent ? SILENT : output);
    if (failure) return { status: "error", error: cellError(failure) };
    const userExpressions: Record<string, UserExpressionResult> = {};
    for (const [name, code] of Object.entries(request.userExpressions)) userExpressions[name] = await this.evaluate(name, code);
    return { status: "ok", userExpressions };
  }

  complete(code: string, cursor: number): Completion {
    return complete(this.session, code, cursor);
  }

  inspect(code: string, cursor: number, detail: 0 | 1): MimeBundle | null {
    return inspect(this.session, code, cursor, detail);
  }

  isComplete(code: string): Completeness {
    const { script } = splitCell(code);
    return completeness({ name: "cell", text: script }, { mode: "cell", arguments: [], conditions: this.session.conditions(), macros: new Map() });
  }

  history(request: HistoryRequest): readonly HistoryEntry[] {
    return this.past.find(request);
  }

  interrupt(): void {
    this.shell?.abort();
    this.running?.interrupt();
  }

  async shutdown(): Promise<void> {
    this.interrupt();
    this.running?.interrupt();
    this.session.close();
    await Promise.resolve();
  }

  private async runCell(code: string, name: string, output: CellOutput): Promise<Failure | null> {
    try {
      const { magics: used, script } = splitCell(code);
      let run: RunOptions = {};
      for (const magic of used) {
        const failure = await this.runMagic(magic, output, (options) => (run = options));
        if (failure) return failure;
      }
      if (script.trim() === "") return null;
      this.running = new CellRun({ session: this.session, name, script, run, output });
      return await this.running.run();
    } catch (error) {
      return failureOf(error, this.options.native);
    } finally {
      this.running = null;
    }
  }

  private async runMagic({ kind, name, argument }: CellMagic, output: CellOutput, setRun: (options: RunOptions) => void): Promise<Failure | null> {
    if (kind === "shell") {
      await this.runShell(argument, output);
      return null;
    }
    const magic = magics.find((candidate) => candidate.name === name && candidate.kind === kind);
    const sign = kind === "cell" ? "%%" : "%";
    if (!magic) return { name: "MagicError", message: `there is no magic ${sign}${name}`, lines: [`There is no magic ${sign}${name}; %help lists those there are.`] };
    try {
      await magic.run(argument, this.magicSession(output, setRun));
      return null;
    } catch (error) {
      if (!(error instanceof MagicError)) throw error;
      return { name: "MagicError", message: error.message, lines: [error.message, `hint: ${error.hint}`] };
    }
  }

  private async runShell(command: string, output: CellOutput): Promise<number> {
    this.shell = new AbortController();
    try {
      return await runShell(command, { stdout: (text) => output.stream("stdout", text), stderr: (text) => output.stream("stderr", text) }, this.shell.signal);
    } finally {
      this.shell = null;
    }
  }

  private magicSession(output: CellOutput, setRun: (options: RunOptions) => void): MagicSession {
    const { session } = this;
    return {
      print: (text) => output.stream("stdout", text),
      resetGlobal: (name) => {
        const found = session.globals.get(name);
        found?.store.clear();
        return found !== undefined;
      },
      resetAll: () => session.close(),
      globals: () => session.globals.all().map(({ variable }) => ({ name: variable.name, type: describeType(variable.type) })),
      runShell: (command) => this.runShell(command, output),
      setRun,
      magics: () => magics,
    };
  }

  /** Jupyter's user expressions: each evaluated as a cell of its own would be, an error kept in its place. */
  private async evaluate(name: string, code: string): Promise<UserExpressionResult> {
    let bundle: MimeBundle = { data: { "text/plain": "" }, metadata: {} };
    const failure = await this.runCell(code, `expression ${name}`, { ...SILENT, result: (value) => (bundle = value) });
    return failure ? { status: "error", error: cellError(failure) } : { status: "ok", bundle };
  }
}

const SILENT: CellOutput = {
  stream: () => undefined,
  display: () => undefined,
  update: () => undefined,
  result: () => undefined,
  clear: () => undefined,
};

function cellError({ name, message, lines }: Failure): CellError {
  return { name, message, traceback: lines.map((line) => line.replace(/^(error|ERROR):/, `${RED}$1:${PLAIN}`)) };
}
