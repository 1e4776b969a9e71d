/** From a Vega-Lite specification to a bundle that every reader of a notebook can show. */
import type * as Vega from "vega";
import type { TopLevelSpec } from "vega-lite";
import type { MimeBundle } from "./bundle.js";
import { drawnHere, type Drawer, type Drawing } from "./drawing.js";
import { LIVE_PNG } from "./live.js";

const VEGALITE = "application/vnd.vegalite.v5+json";
const VEGA = "application/vnd.vega.v5+json";

export interface ChartOptions {
  /** A frame that the next one replaces: carries a stand-in PNG, which spares the front end making one, and no picture. */
  readonly live?: boolean;
  /** Draws it; where absent, that is done in this thread. */
  readonly drawer?: Drawer | undefined;
}

/** How front ends embed the chart. The Vega editor is not offered: it would send the data to somebody else's site. */
const EMBED_OPTIONS = { renderer: "svg", actions: { export: true, source: false, compiled: false, editor: false } };

/**
 * A chart's bundle: interactive, as a still picture and as text. No HTML and no JSON beside it, since JupyterLab would
 * show those in its place. A specification that does not compile shows nothing at all in a front end, so it is
 * compiled here first; if that fails the text goes alone and says why.
 */
export function chartBundle(spec: TopLevelSpec, plain: string, options: ChartOptions = {}): Promise<MimeBundle> {
  return bundleOf(VEGALITE, { kind: "vega-lite", text: spec }, plain, options);
}

/** The same of a Vega specification, for what Vega-Lite has no words for. */
export function vegaBundle(spec: Vega.Spec, plain: string, options: ChartOptions = {}): Promise<MimeBundle> {
  return bundleOf(VEGA, { kind: "vega", text: spec }, plain, options);
}

async function bundleOf(
  type: string,
  spec: Drawing["spec"],
  plain: string,
  { live = false, drawer = drawnHere }: ChartOptions,
): Promise<MimeBundle> {
  try {
    const picture = await drawer.draw({ spec, hasPicture: !live });
    return {
      data: {
        [type]: spec.text,
        ...(picture === null ? { "image/png": LIVE_PNG } : { "image/svg+xml": picture }),
        "text/plain": plain,
      },
      metadata: { [type]: { embed_options: EMBED_OPTIONS } },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { data: { "text/plain": `${plain.replace(/\n*$/, "\n")}(no chart: ${reason})` }, metadata: {} };
  }
}
