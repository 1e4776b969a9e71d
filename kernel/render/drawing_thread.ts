/** A thread that draws charts: a large one takes half a second, in which messages are answered and traces followed. */
import { Worker } from "node:worker_threads";
import { drawnHere, type Drawer, type Drawing } from "./drawing.js";
import type { DrawingReply, DrawingRequest } from "./drawing_worker.js";

interface Waiting {
  readonly drawing: Drawing;
  readonly resolve: (picture: string | null | Promise<string | null>) => void;
  readonly reject: (error: Error) => void;
}

/** Started by the first drawing, or before it by whoever has the time. */
export class DrawingThread implements Drawer {
  private worker: Worker | null = null;
  private isGone = false;
  private requests = 0;
  private readonly unfinished = new Set<Promise<unknown>>();
  private readonly waiting = new Map<number, Waiting>();

  /** Loads what drawing needs, which takes the thread a second. */
  start(): void {
    if (this.worker || this.isGone) return;
    // Seen from where this module is, and from where the build puts it: both are as deep.
    const worker = new Worker(new URL("../render/drawing_worker.js", import.meta.url));
    this.worker = worker;
    worker.unref();
    worker.on("message", (reply: DrawingReply) => this.take(reply));
    worker.on("error", () => this.goOnHere());
    worker.on("exit", () => this.goOnHere());
  }

  draw(drawing: Drawing): Promise<string | null> {
    this.start();
    const { worker } = this;
    if (!worker) return drawnHere.draw(drawing);
    const drawn = new Promise<string | null>((resolve, reject) => {
      const id = this.requests++;
      this.waiting.set(id, { drawing, resolve, reject });
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      worker.postMessage({ id, ...drawing } satisfies DrawingRequest);
    });
    this.unfinished.add(drawn);
    return drawn.finally(() => this.unfinished.delete(drawn));
  }

  /** When all is drawn. What is asked for from then on is drawn in the caller's thread. */
  async close(): Promise<void> {
    await Promise.allSettled(this.unfinished);
    await this.worker?.terminate();
    this.goOnHere();
  }

  private take(reply: DrawingReply): void {
    const asked = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.worker?.unref();
    if ("reason" in reply) asked?.reject(new Error(reply.reason));
    else asked?.resolve(reply.picture);
  }

  /** A thread that has ended is not started again: whatever ended it would do so again. */
  private goOnHere(): void {
    this.worker = null;
    this.isGone = true;
    const left = [...this.waiting.values()];
    this.waiting.clear();
    for (const { drawing, resolve } of left) resolve(drawnHere.draw(drawing));
  }
}
