/** Executes the cells of a notebook on a kernel of their own, as a front end would. */
import { isJsonObject, type JsonObject } from "../../protocol/json.js";
import { CommandError } from "../command.js";
import { KernelClient } from "./client.js";
import { sourceOf, type NotebookCell, type NotebookDocument } from "./document.js";
import { KernelProcess } from "./kernel_process.js";
import { NotebookOutputs, type StoredOutput } from "./outputs.js";

export interface ExecuteOptions {
  /** Where the kernel runs. */
  readonly folder: string;
  /** How long one cell may take. */
  readonly timeoutSeconds: number;
  readonly observer: ExecuteObserver;
}

/** Who watches; called in the order of the cells. */
export interface ExecuteObserver {
  markdown(cell: NotebookCell): void;
  started(cell: NotebookCell, number: number): void;
  /** What the running cell shows may have changed. */
  changed(outputs: readonly StoredOutput[]): void;
  finished(outputs: readonly StoredOutput[], seconds: number, ok: boolean): void;
  /** All cells are done, or none of the others will run. */
  close(): void;
}

/** Seconds that an interrupted cell has before the next, harder step. */
const PATIENCE = 10;

export class NotebookExecution {
  private kernel: KernelProcess | null = null;
  private client: KernelClient | null = null;
  private readonly outputs = new NotebookOutputs();
  private interrupts = 0;
  private isRunning = false;
  /** An interrupt that came while no cell ran. */
  private unheard = false;

  constructor(
    private readonly notebook: NotebookDocument,
    private readonly options: ExecuteOptions,
  ) {}

  /** Fills in what the cells show, up to the first that fails; throws a CommandError that names it. */
  async run(): Promise<void> {
    const { notebook, options } = this;
    this.kernel = KernelProcess.start(options.folder);
    const client = (this.client = new KernelClient(this.kernel));
    try {
      const info = await client.connect();
      notebook.metadata["language_info"] = info["language_info"];
      notebook.metadata["kernelspec"] = { name: "tapbook", display_name: "Tapbook (SystemTap)", language: "systemtap" };
      notebook.nbformat_minor = Math.max(notebook.nbformat_minor, 5);
      let number = 0;
      for (const cell of notebook.cells) {
        if (cell.cell_type === "markdown") options.observer.markdown(cell);
        if (!isRunnable(cell)) continue;
        number++;
        if (this.unheard) throw new CommandError(`interrupted before cell ${number}`);
        await this.runCell(cell, number, client);
      }
    } finally {
      await client.shutdown();
    }
  }

  /** First: the running cell is asked to finish; where none runs, none will. Again: the kernel ends. */
  interrupt(): void {
    this.interrupts++;
    this.unheard ||= !this.isRunning;
    void (this.interrupts === 1 ? this.client?.interrupt() : this.kernel?.end(0));
  }

  private async runCell(cell: NotebookCell, number: number, client: KernelClient): Promise<void> {
    const { observer, timeoutSeconds } = this.options;
    const collected = this.outputs.forCell();
    const timing: JsonObject = {};
    let isLate = false;
    // Asked to finish, asked to stop at once, then ended with its kernel.
    const means = [() => client.interrupt(), () => client.interrupt(), () => this.kernel?.end(0)];
    const timers = means.map((mean, step) =>
      setTimeout(
        () => {
          isLate = true;
          void mean();
        },
        (timeoutSeconds + step * PATIENCE) * 1000,
      ),
    );
    observer.started(cell, number);
    const begin = performance.now();
    let ok = false;
    try {
      const reply = await client.execute(sourceOf(cell), (message) => {
        const { type, date, content } = message;
        this.isRunning = true;
        if (type === "status") timing[`iopub.status.${String(content["execution_state"])}`] = date;
        if (type === "execute_input") timing["iopub.execute_input"] = date;
        if (type === "execute_reply") timing["shell.execute_reply"] = date;
        collected.accept(message);
        observer.changed(collected.outputs);
      });
      const count = reply["execution_count"];
      cell.execution_count = typeof count === "number" ? count : number;
      ok = !isLate && (reply["status"] === "ok" || mayFail(cell));
    } finally {
      this.isRunning = false;
      timers.forEach(clearTimeout);
      cell.outputs = collected.outputs;
      cell.metadata = { ...cell.metadata, execution: timing };
      observer.finished(collected.outputs, (performance.now() - begin) / 1000, ok);
    }
    if (isLate) throw new CommandError(`cell ${number} ran longer than ${timeoutSeconds} s and was interrupted`);
    if (!ok) throw new CommandError(`cell ${number} failed${reasonOf(collected.outputs)}`);
  }
}

/** Whether a cell is code that does anything. */
export function isRunnable(cell: NotebookCell): boolean {
  return cell.cell_type === "code" && sourceOf(cell).trim() !== "";
}

/** Jupyter's own mark for cells that show a mistake on purpose. */
function mayFail({ metadata }: NotebookCell): boolean {
  const { tags } = metadata;
  return Array.isArray(tags) && tags.includes("raises-exception");
}

function reasonOf(outputs: readonly StoredOutput[]): string {
  const error = outputs.find((output) => output.output_type === "error");
  return isJsonObject(error) ? `: ${String(error["evalue"])}` : "";
}
