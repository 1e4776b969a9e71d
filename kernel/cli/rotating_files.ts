/** `-S SIZE,N`: output in files of a bounded size, of which only the newest are kept. */
import { closeSync, fstatSync, openSync, rmSync, writeSync } from "node:fs";
import { GatheredText } from "./gathered_text.js";

const LINE_BREAK = 0x0a;

export interface RotatingFilesOptions {
  /** Files are called `PATH.0`, `PATH.1` and so on. */
  readonly path: string;
  /** Bytes that a file holds at most. */
  readonly size: number;
  /** Files that are kept; null for all. */
  readonly keep: number | null;
  /** Called once, from the event loop, when nothing more can be written; `failure` tells why. */
  readonly onBroken: () => void;
}

export class RotatingFiles {
  private readonly gathered = new GatheredText(() => this.flush());
  private number = 0;
  private file: number;
  private refusal: NodeJS.ErrnoException | null = null;

  /** Throws where the first file cannot be opened. */
  constructor(private readonly options: RotatingFilesOptions) {
    this.file = openSync(this.pathOf(0), "w");
  }

  /** What a child process that writes to the same place must be given; another one after each change of files. */
  get descriptor(): number {
    return this.file;
  }

  /** Why nothing more can be written; null while it can. */
  get failure(): NodeJS.ErrnoException | null {
    return this.refusal;
  }

  /** A byte string: one character, one byte. */
  write(text: string): void {
    if (this.refusal) return;
    this.gathered.add(text);
  }

  flush(): void {
    const bytes = this.gathered.take();
    if (bytes) this.attempt(() => this.place(bytes));
  }

  /** What is written from here on goes to the next file, however much room there is in this one. */
  switchFile(): void {
    this.flush();
    this.attempt(() => this.rotate());
  }

  /** Files take everything at once. */
  drained(): Promise<void> {
    this.flush();
    return Promise.resolve();
  }

  close(): void {
    closeSync(this.file);
  }

  private attempt(change: () => void): void {
    if (this.refusal) return;
    try {
      change();
    } catch (error) {
      this.refusal = error as NodeJS.ErrnoException;
      setImmediate(this.options.onBroken);
    }
  }

  /** Lines are not torn apart, unless one alone is larger than a file. */
  private place(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      // Asked of the file, since commands of `system()` write to it, too.
      const used = fstatSync(this.file).size;
      const room = this.options.size - used;
      if (rest.length <= room) return this.writeAll(rest);
      const end = room <= 0 ? 0 : rest.lastIndexOf(LINE_BREAK, room - 1) + 1;
      const fitting = end > 0 || used > 0 ? end : room;
      this.writeAll(rest.subarray(0, fitting));
      rest = rest.subarray(fitting);
      this.rotate();
    }
  }

  private writeAll(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done);
  }

  private rotate(): void {
    const next = openSync(this.pathOf(this.number + 1), "w");
    closeSync(this.file);
    this.file = next;
    this.number++;
    const { keep } = this.options;
    if (keep !== null && this.number >= keep) rmSync(this.pathOf(this.number - keep), { force: true });
  }

  private pathOf(number: number): string {
    return `${this.options.path}.${number}`;
  }
}
