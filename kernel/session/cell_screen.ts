/** What a cell shows, in the order in which it came: charts take a while to draw, and text behind one waits for it. */
import type { MimeBundle } from "../protocol/interpreter.js";
import type { Provenance, Result } from "../tracing/result.js";
import type { RedactedOutput } from "./redacted_output.js";

export class CellScreen {
  private shown: Promise<void> = Promise.resolve();
  private waiting = 0;
  private isClosed = false;
  /** The display id of what was shown last, if that has one. */
  private last: string | undefined;

  constructor(private readonly output: RedactedOutput) {}

  stream(name: "stdout" | "stderr", text: string): void {
    // What a process still says when its cell has ended belongs to no cell.
    if (this.isClosed || text === "") return;
    this.last = undefined;
    if (this.waiting === 0) this.output.stream(name, text);
    else this.enqueue(Promise.resolve(), () => this.output.stream(name, text));
  }

  /** Takes away all that was shown, when the next thing is. */
  clear(): void {
    if (this.isClosed) return;
    this.last = undefined;
    this.enqueue(Promise.resolve(), () => this.output.clear(true));
  }

  /** With a `displayId`, `update` can put another result in its place. */
  show(result: Result, about?: Provenance, displayId?: string): void {
    this.last = displayId;
    this.enqueue(this.bundleOf(result, about), (bundle) => this.output.display(bundle, displayId));
  }

  /** The first frame of a display that moves. */
  showLive(displayId: string, result: Result): void {
    this.last = displayId;
    this.enqueue(this.output.render(result, { live: true }), (bundle) => this.output.display(bundle, displayId));
  }

  /** A further frame; resolves when it is with the front end. */
  async updateLive(displayId: string, result: Result): Promise<void> {
    const bundle = await this.output.render(result, { live: true });
    if (!this.isClosed) this.output.update(displayId, bundle);
  }

  /** The last frame. */
  update(displayId: string, result: Result, about?: Provenance): void {
    this.enqueue(this.bundleOf(result, about), (bundle) => this.output.update(displayId, bundle));
  }

  /** Leaves nothing in a display's place. */
  blank(displayId: string): void {
    this.enqueue(Promise.resolve(), () => this.output.update(displayId, { data: { "text/plain": "" }, metadata: {} }));
  }

  /** Whether nothing has been shown behind this display. */
  isLast(displayId: string): boolean {
    return this.last === displayId;
  }

  result(result: Result, about?: Provenance): void {
    this.last = undefined;
    this.enqueue(this.bundleOf(result, about), (bundle) => this.output.result(bundle));
  }

  /** Resolves when all has been shown. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.shown;
    this.output.flush();
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

  private bundleOf(result: Result, about?: Provenance): Promise<MimeBundle> {
    return this.output.render(result, about ? { provenance: about } : {});
  }
}
