import type { Router } from "zeromq";
import type { SendQueue } from "./send-queue.js";
import { type Encoder, type ReceivedMessage } from "./wire.js";

/** The user was asked for a line and interrupted the cell instead. */
class InputInterrupted extends Error {
  override readonly name = "InputInterrupted";
}

interface Question {
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

  constructor(socket: Router, queue: SendQueue, encoder: Encoder) {
    this.#socket = socket;
    this.#queue = queue;
    this.#encoder = encoder;
  }

  /** Asks whoever sent `request`; rejects with InputInterrupted. */
  ask(request: ReceivedMessage, prompt: string, password: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#socket.closed) throw new InputInterrupted("The kernel is ending.");
      const frames = (): (string | Uint8Array)[] =>
        this.#encoder.encode({
          // A client uses one identity for its shell and its stdin channel, so that this finds it.
          identities: request.identities,
          type: "input_request",
          parent: request.header,
          content: { prompt, password },
        });
      this.#questions.push({ frames, resolve, reject });
      if (this.#questions.length === 1) this.#queue.push(frames());
    });
  }

  /** Takes the user's answer. */
  receive(message: ReceivedMessage): void {
    if (message.header.msg_type !== "input_reply") return;
    const { value } = message.content;
    this.#questions.shift()?.resolve(typeof value === "string" ? value : "");
    const [next] = this.#questions;
    if (next) this.#queue.push(next.frames());
  }

  /** What has been asked is not to be answered any more. */
  cancel(): void {
    for (const { reject } of this.#questions.splice(0))
      reject(new InputInterrupted("Interrupted while waiting for input."));
  }
}
