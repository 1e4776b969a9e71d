import type { Router } from "zeromq";
import { v4 as newId } from "uuid";
import type { SendQueue } from "./send-queue.js";
import { type Encoder, type ReceivedMessage } from "./wire.js";

/** The user was asked for a line and interrupted the cell instead, or the cell has no use for the answer any more. */
class InputInterrupted extends Error {
  override readonly name = "InputInterrupted";
}

interface Question {
  readonly id: string;
  readonly frames: () => (string | Uint8Array)[];
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** Asks the user for lines, over the stdin channel. */
export class InputChannel {
  readonly #socket: Router;
  readonly #queue: SendQueue;
  readonly #encoder: Encoder;
  /** The first has been asked; the others wait, since a front end shows one question at a time. */
  readonly #questions: Question[] = [];
  /** Asked, and then taken back: the user may answer all the same. */
  readonly #withdrawn = new Set<string>();

  constructor(socket: Router, queue: SendQueue, encoder: Encoder) {
    this.#socket = socket;
    this.#queue = queue;
    this.#encoder = encoder;
  }

  /** Asks whoever sent `request`; rejects with InputInterrupted, also where `signal` takes the question back. */
  ask(request: ReceivedMessage, prompt: string, password: boolean, signal?: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#socket.closed) throw new InputInterrupted("The kernel is ending.");
      if (signal?.aborted) throw new InputInterrupted("The question is not asked any more.");
      const id = newId();
      const frames = (): (string | Uint8Array)[] =>
        this.#encoder.encode({
          // A client uses one identity for its shell and its stdin channel, so that this finds it.
          identities: request.identities,
          type: "input_request",
          id,
          parent: request.header,
          content: { prompt, password },
        });
      const question = { id, frames, resolve, reject };
      signal?.addEventListener("abort", () => this.#withdraw(question), { once: true });
      this.#questions.push(question);
      if (this.#questions.length === 1) this.#queue.push(frames());
    });
  }

  /** Takes the user's answer. Some clients do not say which question it is to; one that does may come too late. */
  receive(message: ReceivedMessage): void {
    if (message.header.msg_type !== "input_reply") return;
    const [asked] = this.#questions;
    const answered = message.parentHeader["msg_id"];
    if (!asked || (answered !== undefined && this.#isWithdrawn(answered))) return;
    const { value } = message.content;
    this.#questions.shift();
    asked.resolve(typeof value === "string" ? value : "");
    this.#askNext();
  }

  /** What has been asked is not to be answered any more. */
  cancel(): void {
    for (const { reject } of this.#questions.splice(0))
      reject(new InputInterrupted("Interrupted while waiting for input."));
  }

  #isWithdrawn(id: unknown): boolean {
    return typeof id === "string" && this.#withdrawn.delete(id);
  }

  #withdraw(question: Question): void {
    const index = this.#questions.indexOf(question);
    if (index < 0) return;
    this.#questions.splice(index, 1);
    question.reject(new InputInterrupted("The question is not asked any more."));
    if (index > 0) return;
    this.#withdrawn.add(question.id);
    this.#askNext();
  }

  #askNext(): void {
    const [next] = this.#questions;
    if (next) this.#queue.push(next.frames());
  }
}
