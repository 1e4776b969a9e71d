import { reason } from "./errors.js";
import type { CommListener, CommMessage, CommTarget } from "./interpreter.js";
import type { Publisher } from "./publisher.js";
import type { Header } from "./wire.js";

interface OpenComm {
  readonly target: string;
  /** What it says is an answer to the last message of the client's. */
  parent: Header;
  /** Missing while the target is still opening it. */
  listener?: CommListener;
}

/** The comms that clients have opened with the interpreter's targets. */
export class Comms {
  readonly #publisher: Publisher;
  readonly #log: (line: string) => void;
  readonly #open = new Map<string, OpenComm>();

  constructor(publisher: Publisher, log: (line: string) => void) {
    this.#publisher = publisher;
    this.#log = log;
  }

  /** The target of each open comm, by its id; with `target` only those of that one. */
  list(target?: string): Record<string, { target_name: string }> {
    const found = [...this.#open].filter(([, comm]) => target === undefined || comm.target === target);
    return Object.fromEntries(found.map(([id, comm]) => [id, { target_name: comm.target }]));
  }

  /** A client that asks for a target that is not there is told so at once, rather than left waiting. */
  open(id: string, name: string, target: CommTarget | undefined, opening: CommMessage, parent: Header): void {
    if (this.#open.has(id)) return this.#log(`A comm of the id ${JSON.stringify(id)} is open already.`);
    if (!target) return this.#publisher.publish("comm_close", { comm_id: id, data: {} }, parent);
    const comm: OpenComm = { target: name, parent };
    this.#open.set(id, comm);
    this.#guard(id, () => {
      comm.listener = target(
        {
          id,
          send: (data, buffers) => {
            if (this.#open.get(id) !== comm) return;
            const content = { comm_id: id, data: { ...data } as never };
            this.#publisher.publish("comm_msg", content, comm.parent, buffers);
          },
          close: (data) => {
            if (this.#open.get(id) === comm) this.#closeOurs(id, data);
          },
        },
        opening,
      );
    });
  }

  message(id: string, message: CommMessage, parent: Header): void {
    const comm = this.#open.get(id);
    // One that the kernel has just closed, for one, before the client knows.
    if (!comm) return;
    comm.parent = parent;
    this.#guard(id, () => comm.listener?.message(message));
  }

  /** The client has closed it. */
  close(id: string): void {
    const comm = this.#open.get(id);
    this.#open.delete(id);
    this.#guard(id, () => comm?.listener?.closed());
  }

  /** The kernel ends. */
  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id);
  }

  #closeOurs(id: string, data: CommMessage["data"] = {}): void {
    const comm = this.#open.get(id);
    if (!comm) return;
    this.#open.delete(id);
    this.#publisher.publish("comm_close", { comm_id: id, data: { ...data } as never }, comm.parent);
  }

  #guard(id: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#log(`The comm ${JSON.stringify(id)} failed: ${reason(error)}`);
      this.#closeOurs(id);
    }
  }
}
