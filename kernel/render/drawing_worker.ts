/** What the thread of a DrawingThread runs: draws what it is sent. */
import { parentPort } from "node:worker_threads";
import { draw, type Drawing } from "./drawing.js";

/** To be drawn. */
export interface DrawingRequest extends Drawing {
  readonly id: number;
}

/** Drawn, or why not. */
export type DrawingReply =
  { readonly id: number; readonly picture: string | null } | { readonly id: number; readonly reason: string };

async function answer({ id, ...drawing }: DrawingRequest): Promise<DrawingReply> {
  try {
    return { id, picture: await draw(drawing) };
  } catch (error) {
    return { id, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What every chart needs is loaded and compiled once before there is one. */
const first: Drawing = {
  hasPicture: true,
  spec: {
    kind: "vega-lite",
    text: {
      data: { values: [{ x: 1, y: 2 }] },
      mark: "bar",
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
    },
  },
};

void draw(first);
parentPort?.on("message", async (request: DrawingRequest) => {
  const reply = await answer(request);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(reply);
});
