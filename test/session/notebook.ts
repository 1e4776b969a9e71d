/** A notebook in this process, on this machine's kernel, with what its cells show gathered. */
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellOutput, ExecuteOutcome, MimeBundle } from "../../kernel/protocol/interpreter.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Notebook } from "../../kernel/session/notebook.js";
import { loadNative } from "../../kernel/tracing/native.js";

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
  readonly result: MimeBundle | null;
}

export class TestNotebook {
  readonly notebook = new Notebook({ native: loadNative(), catalogue });
  private count = 0;

  async run(code: string): Promise<CellResult> {
    let [stdout, stderr] = ["", ""];
    const bundles: MimeBundle[] = [];
    let result: MimeBundle | null = null;
    const output: CellOutput = {
      stream: (name, text) => {
        if (name === "stdout") stdout += text;
        else stderr += text;
      },
      display: (bundle) => void bundles.push(bundle),
      update: () => undefined,
      result: (bundle) => {
        result = bundle;
        bundles.push(bundle);
      },
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
    return { outcome, stdout, stderr, bundles, result };
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
