import type { Router } from "zeromq";
import type { SendQueue } from "./send-queue.js";
import { type Encoder, type ReceivedMessage } from "./wire.js";

/** The user was asked for a line and interrupted the cell instead. */
class InputInterrupted extends Error {
  override readonly name = "InputInterrupted";
}

/** Asks the user for lines, over the stdin channel. */
export class InputChannel {
  readonly #socket: Router;
  readonly #queue: SendQueue;
  readonly #encoder: Encoder;
  #pending: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(socket: Router, queue: SendQueue, encoder: Encoder) {
    this.#socket = socket;
    this.#queue = queue;
    this.#encoder = encoder;
  }

  /** Asks whoever sent `request`; rejects with InputInterrupted. */
  ask(request: ReceivedMessage, prompt: string, password: boolean): Promise<string> {
    this.cancel();
    return new Promise((resolve, reject) => {
      if (this.#socket.closed) throw new InputInterrupted("The kernel is ending.");
      this.#pending = { resolve, reject };
      this.#queue.push(
        this.#encoder.encode({
          // A client uses one identity for its shell and its stdin channel, so that this finds it.
          identities: request.identities,
          type: "input_request",
          parent: request.header,
          content: { prompt, password },
        }),
      );
    });
  }

  /** Takes the user's answer. */
  receive(message: ReceivedMessage): void {
    if (message.header.msg_type !== "input_reply") return;
    const { value } = message.content;
    this.#pending?.resolve(typeof value === "string" ? value : "");
    this.#pending = undefined;
  }

  /** The question is not to be answered any more. */
  cancel(): void {
    this.#pending?.reject(new InputInterrupted("Interrupted while waiting for input."));
    this.#pending = undefined;
  }
}
