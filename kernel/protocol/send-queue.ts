import { reason } from "./errors.js";

/** What a send queue needs of a socket. */
export interface Sender {
  send(frames: (string | Uint8Array)[]): Promise<void>;
}

/**
 * Sends one message at a time, in order. A ZeroMQ socket in Node refuses a second send while the first is under way, and
 * an unawaited send is how output gets lost.
 */
export class SendQueue {
  readonly #socket: Sender;
  readonly #log: (line: string) => void;
  readonly #waiting: (string | Uint8Array)[][] = [];
  #sending: Promise<void> = Promise.resolve();
  #active = false;

  constructor(socket: Sender, log: (line: string) => void) {
    this.#socket = socket;
    this.#log = log;
  }

  /** Returns at once. */
  push(frames: (string | Uint8Array)[]): void {
    this.#waiting.push(frames);
    if (this.#active) return;
    this.#active = true;
    this.#sending = this.#run();
  }

  /** Resolves when everything pushed so far is with ZeroMQ. */
  async flushed(): Promise<void> {
    await this.#sending;
  }

  async #run(): Promise<void> {
    for (let frames = this.#waiting.shift(); frames; frames = this.#waiting.shift()) {
      try {
        await this.#socket.send(frames);
      } catch (error) {
        this.#log(`A message could not be sent: ${reason(error)}.`);
      }
    }
    this.#active = false;
  }
}
