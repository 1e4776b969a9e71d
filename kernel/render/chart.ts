/** From a Vega-Lite specification to a bundle that every reader of a notebook can show. */
import type * as Vega from "vega";
import type { TopLevelSpec } from "vega-lite";
import type { MimeBundle } from "./bundle.js";
import { LIVE_PNG } from "./live.js";

const VEGALITE = "application/vnd.vegalite.v5+json";
const VEGA = "application/vnd.vega.v5+json";

export interface ChartOptions {
  /** A frame that the next one replaces: carries a stand-in PNG, which spares the front end making one, and no picture. */
  readonly live?: boolean;
}

/** How front ends embed the chart. The Vega editor is not offered: it would send the data to somebody else's site. */
const EMBED_OPTIONS = { renderer: "svg", actions: { export: true, source: false, compiled: false, editor: false } };

/**
 * A chart's bundle: interactive, as a still picture and as text. No HTML and no JSON beside it, since JupyterLab would
 * show those in its place. A specification that does not compile shows nothing at all in a front end, so it is
 * compiled here first; if that fails the text goes alone and says why.
 */
export function chartBundle(spec: TopLevelSpec, plain: string, options: ChartOptions = {}): Promise<MimeBundle> {
  return bundleOf(VEGALITE, spec, () => compileSpec(spec), plain, options);
}

/** The same of a Vega specification, for what Vega-Lite has no words for. */
export function vegaBundle(spec: Vega.Spec, plain: string, options: ChartOptions = {}): Promise<MimeBundle> {
  const parse = async (): Promise<Vega.Runtime> => (await import("vega")).parse(structuredClone(spec));
  return bundleOf(VEGA, spec, parse, plain, options);
}

async function bundleOf(
  type: string,
  spec: object,
  compile: () => Promise<Vega.Runtime>,
  plain: string,
  options: ChartOptions,
): Promise<MimeBundle> {
  try {
    const runtime = await compile();
    const still = options.live === true ? { "image/png": LIVE_PNG } : { "image/svg+xml": await drawPicture(runtime) };
    return {
      data: { [type]: spec, ...still, "text/plain": plain },
      metadata: { [type]: { embed_options: EMBED_OPTIONS } },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { data: { "text/plain": `${plain.replace(/\n*$/, "\n")}(no chart: ${reason})` }, metadata: {} };
  }
}

/** Imported on first use: together they take longer to load than most cells take to run. */
async function compileSpec(spec: TopLevelSpec): Promise<Vega.Runtime> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  // Vega marks the rows of data that it is given; those that are sent stay as they are.
  return vega.parse(vegaLite.compile(structuredClone(spec), { logger: refusingLogger(vega) }).spec);
}

/** Vega-Lite warns where it drops a part of the specification; what we wrote is meant, so that is a mistake. */
function refusingLogger(vega: typeof Vega): Vega.LoggerInterface {
  const logger = vega.logger(vega.Warn);
  logger.warn = (...messages: readonly unknown[]) => {
    throw new Error(messages.join(" "));
  };
  return logger;
}

async function drawPicture(runtime: Vega.Runtime): Promise<string> {
  const vega = await import("vega");
  const view = new vega.View(runtime, { renderer: "none" });
  try {
    // Points that are there to be hovered over only are nothing in a picture but its larger part.
    return (await view.toSVG()).replace(/<path [^>]*opacity="0"[^>]*(?:\/>|><\/path>)/g, "");
  } finally {
    view.finalize();
  }
}
