/** Specifications of charts compiled and drawn by Vega, in whichever thread. */
import type * as Vega from "vega";
import type { TopLevelSpec } from "vega-lite";

/** What is to be drawn. */
export interface Drawing {
  readonly spec:
    { readonly kind: "vega"; readonly text: Vega.Spec } | { readonly kind: "vega-lite"; readonly text: TopLevelSpec };
  /** Compiled only where not, to know that a front end can draw it. */
  readonly hasPicture: boolean;
}

/** Whoever draws: rejects what does not compile; resolves with the picture as SVG, or null where none was asked for. */
export interface Drawer {
  draw(drawing: Drawing): Promise<string | null>;
}

/** In this thread, which does nothing else meanwhile. */
export const drawnHere: Drawer = {
  // Vega marks the rows of data that it is given; those that are sent stay as they are.
  draw: (drawing) => draw(structuredClone(drawing)),
};

/** Takes the drawing for its own, and changes it. */
export async function draw({ spec, hasPicture }: Drawing): Promise<string | null> {
  const vega = await import("vega");
  const runtime = vega.parse(spec.kind === "vega" ? spec.text : await compiled(spec.text, vega));
  return hasPicture ? drawPicture(runtime, vega) : null;
}

/** Imported on first use: with Vega it takes longer to load than most cells take to run. */
async function compiled(spec: TopLevelSpec, vega: typeof Vega): Promise<Vega.Spec> {
  const vegaLite = await import("vega-lite");
  return vegaLite.compile(spec, { logger: refusingLogger(vega) }).spec;
}

/** Vega-Lite warns where it drops a part of the specification; what we wrote is meant, so that is a mistake. */
function refusingLogger(vega: typeof Vega): Vega.LoggerInterface {
  const logger = vega.logger(vega.Warn);
  logger.warn = (...messages: readonly unknown[]) => {
    throw new Error(messages.join(" "));
  };
  return logger;
}

async function drawPicture(runtime: Vega.Runtime, vega: typeof Vega): Promise<string> {
  const view = new vega.View(runtime, { renderer: "none" });
  try {
    // Points that are there to be hovered over only are nothing in a picture but its larger part.
    return (await view.toSVG()).replace(/<path [^>]*opacity="0"[^>]*(?:\/>|><\/path>)/g, "");
  } finally {
    view.finalize();
  }
}
