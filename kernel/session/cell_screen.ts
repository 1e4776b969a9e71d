/** What a cell shows, in the order in which it came: charts take a while to draw, and text behind one waits for it. */
import type { CellOutput, MimeBundle } from "../protocol/interpreter.js";
import { renderResult } from "../render/index.js";
import type { Provenance, Result } from "../tracing/result.js";

export class CellScreen {
  private shown: Promise<void> = Promise.resolve();
  private waiting = 0;
  private isClosed = false;

  constructor(private readonly output: CellOutput) {}

  stream(name: "stdout" | "stderr", text: string): void {
    // What a process still says when its cell has ended belongs to no cell.
    if (this.isClosed || text === "") return;
    if (this.waiting === 0) this.output.stream(name, text);
    else this.enqueue(Promise.resolve(), () => this.output.stream(name, text));
  }

  show(result: Result, about?: Provenance): void {
    this.enqueue(bundleOf(result, about), (bundle) => this.output.display(bundle));
  }

  result(result: Result, about?: Provenance): void {
    this.enqueue(bundleOf(result, about), (bundle) => this.output.result(bundle));
  }

  /** Resolves when all has been shown. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.shown;
  }

  private enqueue<Content>(content: Promise<Content>, deliver: (content: Content) => void): void {
    this.waiting++;
    const before = this.shown;
    this.shown = (async () => {
      await before;
      deliver(await content);
      this.waiting--;
    })();
  }
}

function bundleOf(result: Result, about?: Provenance): Promise<MimeBundle> {
  return renderResult(result, about ? { provenance: about } : {});
}
