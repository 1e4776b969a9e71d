import { v4 as newId } from "uuid";
import { ShellQueue } from "./shell-queue.js";
import type { ReceivedMessage } from "./wire.js";

/**
 * The queues of the shell channel: the main one, and one for each subshell (JEP 91). Requests of one queue are handled in
 * the order they came; those of different queues side by side.
 */
export class Subshells {
  readonly #handle: (message: ReceivedMessage, aborted: boolean) => Promise<void>;
  readonly #main: ShellQueue;
  readonly #subshells = new Map<string, ShellQueue>();
  /** Queues of subshells that were deleted while a request of theirs was handled. */
  readonly #leaving = new Set<ShellQueue>();

  /** `handle` must not reject. */
  constructor(handle: (message: ReceivedMessage, aborted: boolean) => Promise<void>) {
    this.#handle = handle;
    this.#main = new ShellQueue(handle);
  }

  /** A message that is being handled, the main shell's first. */
  get current(): ReceivedMessage | undefined {
    return this.#queues().find((queue) => queue.current)?.current;
  }

  /** The queue that a message is for; undefined where it names a subshell that does not exist. */
  queueFor(message: ReceivedMessage): ShellQueue | undefined {
    const id = message.header["subshell_id"] ?? null;
    if (id === null) return this.#main;
    return typeof id === "string" ? this.#subshells.get(id) : undefined;
  }

  /** Answers the new subshell's id. */
  create(): string {
    const id = newId();
    this.#subshells.set(id, new ShellQueue(this.#handle));
    return id;
  }

  list(): string[] {
    return [...this.#subshells.keys()];
  }

  /** What waits in it is answered as aborted, what runs in it runs on. False where there is no such subshell. */
  delete(id: string): boolean {
    const queue = this.#subshells.get(id);
    if (!queue) return false;
    this.#subshells.delete(id);
    this.#leaving.add(queue);
    void queue.close().then(() => this.#leaving.delete(queue));
    return true;
  }

  /** Executes nothing any more, and resolves when all that waits is answered. */
  async close(): Promise<void> {
    await Promise.all(this.#queues().map((queue) => queue.close()));
  }

  #queues(): ShellQueue[] {
    return [this.#main, ...this.#subshells.values(), ...this.#leaving];
  }
}
