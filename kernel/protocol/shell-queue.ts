import type { ReceivedMessage } from "./wire.js";

/** Handles the messages of the shell channel one after the other, in the order they came. */
export class ShellQueue {
  readonly #handle: (message: ReceivedMessage, aborted: boolean) => Promise<void>;
  readonly #waiting: { readonly message: ReceivedMessage; aborted: boolean }[] = [];
  #current: ReceivedMessage | undefined;
  #settled: Promise<void> = Promise.resolve();
  #closed = false;

  /** `handle` must not reject. */
  constructor(handle: (message: ReceivedMessage, aborted: boolean) => Promise<void>) {
    this.#handle = handle;
  }

  /** The message that is being handled. */
  get current(): ReceivedMessage | undefined {
    return this.#current;
  }

  push(message: ReceivedMessage): void {
    this.#waiting.push({ message, aborted: this.#closed });
    if (this.#current) return;
    this.#settled = this.#run();
  }

  /** Whatever has arrived by now will not be executed, only answered. */
  async abortWaiting(): Promise<void> {
    // Two turns of the event loop, so that what has reached the socket is in the queue.
    await nextTurn();
    await nextTurn();
    for (const entry of this.#waiting) entry.aborted = true;
  }

  /** Executes nothing any more, and resolves when all that waits is answered. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#waiting) entry.aborted = true;
    await this.#settled;
  }

  async #run(): Promise<void> {
    for (let entry = this.#waiting.shift(); entry; entry = this.#waiting.shift()) {
      this.#current = entry.message;
      await this.#handle(entry.message, entry.aborted);
    }
    this.#current = undefined;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
