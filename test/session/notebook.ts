/** A notebook in this process, on this machine's kernel, with what its cells show gathered. */
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { CellOutput, ExecuteOutcome, ExecuteRequest, MimeBundle } from "../../kernel/protocol/interpreter.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Notebook } from "../../kernel/session/notebook.js";
import { loadNative, type Native } from "../../kernel/tracing/native.js";

export const WORKLOAD = join(
  resolve(dirname(fileURLToPath(import.meta.url)), "../.."),
  "native/build/Release/workload",
);

export interface CellResult {
  readonly outcome: ExecuteOutcome;
  readonly stdout: string;
  readonly stderr: string;
  /** Displays and the result, in order. */
  readonly bundles: readonly MimeBundle[];
  /** Every frame of the displays that move, the first ones too; what comes after the reply is added. */
  readonly updates: readonly (readonly [displayId: string, bundle: MimeBundle])[];
  readonly result: MimeBundle | null;
  /** What came, in order: a word for each text or display, with its plain text. */
  readonly shown: readonly (readonly [kind: "stdout" | "stderr" | "display" | "result" | "clear", text: string])[];
}

export class TestNotebook {
  readonly notebook: Notebook;
  private count = 0;

  constructor(native: Native = loadNative()) {
    this.notebook = new Notebook({ native, catalogue });
  }

  /** `onStream` hears each text as it comes, `onUpdate` each further frame of a display. */
  async run(
    code: string,
    options: Partial<ExecuteRequest> = {},
    onStream: (text: string) => void = () => undefined,
    onUpdate: (bundle: MimeBundle) => void = () => undefined,
  ): Promise<CellResult> {
    const shown: (readonly ["stdout" | "stderr" | "display" | "result" | "clear", string])[] = [];
    let [stdout, stderr] = ["", ""];
    const bundles: MimeBundle[] = [];
    const updates: [string, MimeBundle][] = [];
    let result: MimeBundle | null = null;
    const output: CellOutput = {
      stream: (name, text) => {
        if (name === "stdout") stdout += text;
        else stderr += text;
        shown.push([name, text]);
        onStream(text);
      },
      display: (bundle, displayId) => {
        bundles.push(bundle);
        if (displayId !== undefined) updates.push([displayId, bundle]);
        shown.push(["display", String(bundle.data["text/plain"])]);
      },
      update: (displayId, bundle) => {
        updates.push([displayId, bundle]);
        onUpdate(bundle);
      },
      result: (bundle) => {
        result = bundle;
        bundles.push(bundle);
        shown.push(["result", String(bundle.data["text/plain"])]);
      },
      clear: () => void shown.push(["clear", ""]),
    };
    this.count++;
    const request = {
      code,
      executionCount: this.count,
      silent: false,
      storeHistory: true,
      userExpressions: {},
      cellId: undefined,
      ...options,
    };
    const outcome = await this.notebook.execute(request, output);
    return { outcome, stdout, stderr, bundles, updates, result, shown };
  }

  close(): Promise<void> {
    return this.notebook.shutdown();
  }
}

/** The line of JSON in which the workload tells what it did. */
export function workloadReport(stdout: string): {
  pid: number;
  calls: Record<string, number>;
  errors: Record<string, Record<string, number>>;
} {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith('{"pid"'));
  if (line === undefined) throw new Error(`the workload reported nothing in: ${stdout}`);
  return JSON.parse(line) as ReturnType<typeof workloadReport>;
}

export function plainTexts(cell: CellResult): string[] {
  return cell.bundles.map(({ data }) => String(data["text/plain"]));
}

/** The traceback of a cell that failed, without colours. */
export function traceback(cell: CellResult): string[] {
  if (cell.outcome.status !== "error") throw new Error("the cell did not fail");
  return cell.outcome.error.traceback.map((line) => stripVTControlCharacters(line));
}
