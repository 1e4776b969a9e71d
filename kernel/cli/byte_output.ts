/** Bytes to a descriptor: in order, none lost, and without standing still where the reader is slow. */
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { GatheredText } from "./gathered_text.js";

/** So much waits in memory for a slow reader. Then we stand still: the kernel's buffers fill, and programs count what they lose. */
const DEFAULT_LIMIT = 256 << 20;

/** Milliseconds between tries while the reader's pipe is full. */
const RETRY = 2;

export interface ByteOutputOptions {
  /** Called once, from the event loop, when nothing more can be written; `failure` tells why. */
  readonly onBroken: () => void;
  readonly limit?: number;
}

export class ByteOutput {
  private readonly gathered = new GatheredText(() => this.flush());
  private readonly queue: Buffer[] = [];
  private queued = 0;
  private retry: NodeJS.Timeout | null = null;
  private refusal: NodeJS.ErrnoException | null = null;
  private waiting: (() => void)[] = [];

  private constructor(
    /** What a child process that writes to the same place must be given. */
    readonly descriptor: number,
    private readonly writeTo: number,
    private readonly options: ByteOutputOptions,
  ) {}

  static open(descriptor: number, options: ByteOutputOptions): ByteOutput {
    return new ByteOutput(descriptor, ownDescription(descriptor), options);
  }

  /** Whether both write to the same place, so that only one writer can keep the order. */
  static areSame(first: number, second: number): boolean {
    const [one, other] = [fstatSync(first), fstatSync(second)];
    return one.dev === other.dev && one.ino === other.ino;
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

  /** Hands over what can be handed over without waiting. */
  flush(): void {
    const bytes = this.gathered.take();
    if (bytes) {
      this.queue.push(bytes);
      this.queued += bytes.length;
    }
    this.pump();
    while (this.queued > (this.options.limit ?? DEFAULT_LIMIT)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY);
      this.pump();
    }
  }

  /** Resolves once everything written so far is with the system, or never will be. */
  async drained(): Promise<void> {
    this.flush();
    if (this.queued > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    if (this.writeTo !== this.descriptor) closeSync(this.writeTo);
  }

  private pump(): void {
    for (let first = this.queue[0]; first; first = this.queue[0]) {
      const written = this.tryWrite(first);
      if (written === 0) break;
      this.queued -= written;
      if (written < first.length) this.queue[0] = first.subarray(written);
      else this.queue.shift();
    }
    if (this.queued === 0) for (const resolve of this.waiting.splice(0)) resolve();
    else
      this.retry ??= setTimeout(() => {
        this.retry = null;
        this.pump();
      }, RETRY);
  }

  /** 0 where it must be tried again later. */
  private tryWrite(bytes: Buffer): number {
    try {
      return writeSync(this.writeTo, bytes);
    } catch (error) {
      const refusal = error as NodeJS.ErrnoException;
      if (refusal.code === "EAGAIN" || refusal.code === "EINTR") return 0;
      this.refusal = refusal;
      this.queue.length = 0;
      this.queued = 0;
      setImmediate(this.options.onBroken);
      return 0;
    }
  }
}

/**
 * A pipe is opened anew, not to block on it: O_NONBLOCK set on the descriptor that we were given would hold for every other
 * process that shares it, such as the command of `-c`.
 */
function ownDescription(descriptor: number): number {
  if (!fstatSync(descriptor).isFIFO()) return descriptor;
  try {
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // A pipe of another user, or no /proc: then we block on it as any program does.
    return descriptor;
  }
}
