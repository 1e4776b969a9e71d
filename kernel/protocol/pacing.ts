import type { Clock, OutputBudget } from "./budget.js";
import type { MimeBundle } from "./interpreter.js";

/** One message of a cell's output, before it is put on the wire. */
export type OutputMessage =
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "display"; readonly bundle: MimeBundle; readonly displayId: string | undefined }
  | { readonly kind: "update"; readonly bundle: MimeBundle; readonly displayId: string }
  | { readonly kind: "result"; readonly bundle: MimeBundle }
  | { readonly kind: "clear"; readonly wait: boolean };

const textInterval = 50;
const updateInterval = 250;
/** UTF-16 units in one stream message: at worst six bytes each as JSON, and so always below the budget's burst. */
const longestText = 65_536;
/** The header frames of a message, roughly: what a server counts besides the text. */
const messageOverhead = 1_000;
/** How often stdout and stderr may take turns between two flushes before their order gives way to the message rate. */
const mostTurns = 8;

/**
 * Paces the output of one cell: text is gathered and sent at most twenty times a second, a display is replaced at most
 * four times a second, all within the kernel's budget. Order is kept and nothing is dropped but an update that a newer
 * one has overtaken, and what is cleared before it was sent. Works on after the cell has ended, for what it left running in the background.
 */
export class OutputPacer {
  readonly #clock: Clock;
  readonly #budget: OutputBudget;
  readonly #send: (message: OutputMessage) => void;
  readonly #onUnsent: (unsent: boolean) => void;
  readonly #queue: OutputMessage[] = [];
  /** How many at the head of the queue are due: text waits for its interval, what comes after a display does not. */
  #due = 0;
  #textAllowedAt = 0;
  /** When the budget will have room for what it last refused. */
  #blockedUntil = 0;
  readonly #updates = new Map<string, MimeBundle>();
  readonly #updateAllowedAt = new Map<string, number>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  readonly #drained: (() => void)[] = [];

  /** `onUnsent` is told when there is something to send, and when all is sent. */
  constructor(
    clock: Clock,
    budget: OutputBudget,
    send: (message: OutputMessage) => void,
    onUnsent: (unsent: boolean) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#budget = budget;
    this.#send = send;
    this.#onUnsent = onUnsent;
  }

  /** Adds text to a stream. */
  stream(name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    this.#appendText(name, text);
    if (this.#due < this.#queue.length) this.#wakeAt(this.#textAllowedAt);
  }

  /** Adds an output of its own; the text before it is sent first. */
  message(message: Exclude<OutputMessage, { kind: "stream" | "update" | "clear" }>): void {
    this.#queue.push(message);
    this.#due = this.#queue.length;
    this.#pump();
  }

  /** Removes what was shown; what has not been sent yet never will be, so that a screen may be redrawn as often as one likes. */
  clear(wait: boolean): void {
    this.#queue.splice(0, this.#queue.length, { kind: "clear", wait });
    this.#due = 0;
    this.#wakeAt(this.#textAllowedAt);
  }

  /** Replaces a display, now or when it may next change. */
  update(displayId: string, bundle: MimeBundle): void {
    const unsent = this.#queue.findLastIndex(
      (message) => message.kind === "display" && message.displayId === displayId,
    );
    if (unsent >= 0) this.#queue[unsent] = { kind: "display", bundle, displayId };
    else {
      this.#updates.set(displayId, bundle);
      this.#wakeAt(this.#updateAllowedAt.get(displayId) ?? 0);
    }
  }

  /** Sends everything, as fast as the budget allows; resolves when it is sent. */
  drain(): Promise<void> {
    this.#due = this.#queue.length;
    this.#updateAllowedAt.clear();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#pump();
    });
  }

  /** Sends everything at once, whatever the budget says: the kernel is ending. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const message of this.#queue.splice(0))
      for (let left: OutputMessage | undefined = message; left;) {
        const [part, rest] = split(left);
        this.#send(part);
        left = rest;
      }
    for (const [displayId, bundle] of this.#updates) this.#send({ kind: "update", displayId, bundle });
    this.#updates.clear();
    this.#due = 0;
    this.#pump();
  }

  #appendText(name: "stdout" | "stderr", text: string): void {
    const turns = this.#queue.length - this.#due;
    for (let index = this.#queue.length - 1; index >= 0; index--) {
      const earlier = this.#queue[index];
      if (earlier?.kind !== "stream") break;
      if (earlier.name === name) {
        this.#queue[index] = { ...earlier, text: earlier.text + text };
        return;
      }
      if (turns < mostTurns) break;
    }
    this.#queue.push({ kind: "stream", name, text });
  }

  /** Sends what is due as far as the budget allows, and sets the timer for the rest. */
  #pump(): void {
    this.#sendDue();
    this.#sendUpdates();
    if (this.#queue.length > 0) this.#wakeAt(this.#due > 0 ? this.#blockedUntil : this.#textAllowedAt);
    for (const displayId of this.#updates.keys())
      this.#wakeAt(Math.max(this.#blockedUntil, this.#updateAllowedAt.get(displayId) ?? 0));
    const unsent = this.#queue.length > 0 || this.#updates.size > 0;
    this.#onUnsent(unsent);
    if (!unsent) for (const resolve of this.#drained.splice(0)) resolve();
  }

  #sendDue(): void {
    let sent = 0;
    while (sent < this.#due && this.#clock.now() >= this.#blockedUntil) {
      const message = this.#queue[sent];
      if (!message) break;
      const [part, rest] = split(message);
      if (!this.#afford(cost(part))) break;
      this.#send(part);
      if (part.kind === "stream" || part.kind === "clear") this.#textAllowedAt = this.#clock.now() + textInterval;
      if (part.kind === "display" && part.displayId !== undefined)
        this.#updateAllowedAt.set(part.displayId, this.#clock.now() + updateInterval);
      if (rest) this.#queue[sent] = rest;
      else sent++;
    }
    this.#queue.splice(0, sent);
    this.#due -= sent;
  }

  #sendUpdates(): void {
    const now = this.#clock.now();
    for (const [displayId, bundle] of this.#updates) {
      if ((this.#updateAllowedAt.get(displayId) ?? 0) > now) continue;
      // Not held up by text that waits for its bytes: a live display stays live beside a flood of text.
      if (!this.#afford(0)) return;
      this.#updates.delete(displayId);
      this.#updateAllowedAt.set(displayId, now + updateInterval);
      this.#send({ kind: "update", displayId, bundle });
    }
  }

  #afford(bytes: number): boolean {
    const wait = this.#budget.take(bytes);
    if (wait > 0) this.#blockedUntil = this.#clock.now() + wait;
    return wait === 0;
  }

  #wakeAt(at: number): void {
    this.#onUnsent(true);
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const wake = (): void => {
      this.#timer = undefined;
      if (this.#clock.now() >= this.#textAllowedAt) this.#due = this.#queue.length;
      this.#pump();
    };
    this.#timer = { at, cancel: this.#clock.after(Math.max(0, at - this.#clock.now()), wake) };
  }
}

/** What one wire message may hold, up to a line's end where there is one and with no character cut, and what is left. */
function split(message: OutputMessage): [OutputMessage, OutputMessage | undefined] {
  if (message.kind !== "stream" || message.text.length <= longestText) return [message, undefined];
  const line = message.text.lastIndexOf("\n", longestText - 1) + 1;
  const code = message.text.charCodeAt(longestText - 1);
  const isHighSurrogate = code >= 0xd800 && code <= 0xdbff;
  const end = line > 0 ? line : isHighSurrogate ? longestText - 1 : longestText;
  return [
    { ...message, text: message.text.slice(0, end) },
    { ...message, text: message.text.slice(end) },
  ];
}

/** What a server will count: only the text of streams has bytes for it. */
function cost(message: OutputMessage): number {
  return message.kind === "stream" ? Buffer.byteLength(JSON.stringify(message.text)) + messageOverhead : 0;
}
