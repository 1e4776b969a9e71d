/** How far the execution of a notebook is: a bar that is drawn over itself in a terminal, else a line for each cell. */
import { sourceOf, type NotebookCell } from "./document.js";
import type { ExecuteObserver } from "./execute.js";
import type { StoredOutput } from "./outputs.js";

const BAR = 24;
const REDRAW = 250;

export class Progress implements ExecuteObserver {
  private done = 0;
  private timer: NodeJS.Timeout | null = null;
  private drawn = false;
  private title = "";
  private readonly begin = performance.now();

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly total: number,
  ) {}

  started(cell: NotebookCell): void {
    this.title = sourceOf(cell).trim().split("\n", 1)[0] ?? "";
    if (!this.stream.isTTY) return;
    this.timer ??= setInterval(() => this.draw(), REDRAW);
    this.draw();
  }

  markdown(): void {
    // Takes no time.
  }

  changed(): void {
    // Tells nothing of how far it is.
  }

  finished(_outputs: readonly StoredOutput[], seconds: number, ok: boolean): void {
    this.done++;
    if (this.stream.isTTY) this.draw();
    else this.stream.write(`cell ${this.done} of ${this.total}: ${ok ? "ok" : "failed"}, ${seconds.toFixed(1)} s\n`);
  }

  /** Takes the bar away, for what is written next. */
  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    if (this.drawn) this.stream.write("\r\u001B[K");
    this.drawn = false;
  }

  private draw(): void {
    const filled = this.total === 0 ? BAR : Math.floor((BAR * this.done) / this.total);
    const bar = "█".repeat(filled) + "░".repeat(BAR - filled);
    const seconds = ((performance.now() - this.begin) / 1000).toFixed(1);
    const line = `${bar} ${this.done}/${this.total} cells  ${seconds} s  ${this.title}`;
    this.stream.write(
      `\r${Array.from(line)
        .slice(0, (this.stream.columns ?? 80) - 1)
        .join("")}\u001B[K`,
    );
    this.drawn = true;
  }
}
