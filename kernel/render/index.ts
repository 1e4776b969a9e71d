/** Results to displays: the one place that knows MIME types. A new kind of result is a file here and a line in RENDERERS. */
import type { Provenance, Result } from "../tracing/result.js";
import { barsPlain, renderBars } from "./bars.js";
import type { MimeBundle } from "./bundle.js";
import { changesPlain, renderChanges } from "./changes.js";
import type { ChartOptions } from "./chart.js";
import { callTreePlain, renderCallTree } from "./call_tree.js";
import { withinBounds } from "./bounds.js";
import { fidelityFigures, fidelityPlain, renderFidelity } from "./fidelity.js";
import { flamePlain, renderFlame } from "./flame.js";
import { flameDifferencePlain, renderFlameDifference } from "./flame_difference.js";
import { heatmapPlain, renderHeatmap } from "./heatmap.js";
import { heatmapsPlain, renderHeatmaps } from "./heatmaps.js";
import { histogramPlain, renderHistogram } from "./histogram.js";
import { histogramsPlain, renderHistograms } from "./histograms.js";
import { linksPlain, renderLinks } from "./links.js";
import { mirrorPlain, renderMirror } from "./mirror.js";
import { numberPlain, renderNumber } from "./number.js";
import { overlayPlain, renderOverlay } from "./overlay.js";
import { progressPlain, renderProgress } from "./progress.js";
import { renderScatter, scatterPlain } from "./scatter.js";
import { renderSeries, seriesPlain } from "./series.js";
import { renderTimeline, timelinePlain } from "./timeline.js";
import { renderTable, tablePlain } from "./table.js";
import { renderText, textPlain } from "./text.js";

export type { MimeBundle } from "./bundle.js";
export type { Drawer } from "./drawing.js";
export { DrawingThread } from "./drawing_thread.js";
export { plainOf } from "./bounds.js";
export { fidelityFigures, fidelityPlain, isClean } from "./fidelity.js";

export interface RenderOptions extends ChartOptions {
  /** Stored in the output's metadata, under `tapbook`. */
  readonly provenance?: Provenance;
  /** What was hidden from it. */
  readonly redacted?: readonly string[];
}

/** What a front end shows of a result. Never rejects: a chart that cannot be drawn becomes text. */
export async function renderResult(result: Result, options: RenderOptions = {}): Promise<MimeBundle> {
  const bundle = withinBounds(await rendererOf(result).render(result, options));
  const about = options.provenance && parted(options.provenance);
  const figures = result.kind === "fidelity" ? fidelityFigures(result) : about?.figures;
  const ours = {
    ...(figures ? { fidelity: figures } : {}),
    ...(about ? { provenance: about.provenance } : {}),
    ...(options.redacted ? { redacted: options.redacted } : {}),
  };
  if (Object.keys(ours).length === 0) return bundle;
  return { data: bundle.data, metadata: { ...bundle.metadata, tapbook: ours } };
}

/** Where it comes from, and how far it can be trusted, which stand beside each other. */
function parted(about: Provenance): { readonly figures: Provenance["fidelity"]; readonly provenance: object } {
  const { fidelity: figures, ...provenance } = about;
  return { figures, provenance };
}

/** The same as text, for a terminal; what the bundle holds as `text/plain`. */
export function plainResult(result: Result): string {
  return rendererOf(result).plain(result);
}

interface Renderer<R extends Result> {
  plain(result: R): string;
  render(result: R, options: ChartOptions): MimeBundle | Promise<MimeBundle>;
}

const RENDERERS: { readonly [Kind in Result["kind"]]: Renderer<Extract<Result, { kind: Kind }>> } = {
  number: { plain: numberPlain, render: renderNumber },
  text: { plain: textPlain, render: renderText },
  table: { plain: tablePlain, render: renderTable },
  bars: { plain: barsPlain, render: renderBars },
  histogram: { plain: histogramPlain, render: renderHistogram },
  histograms: { plain: histogramsPlain, render: renderHistograms },
  overlay: { plain: overlayPlain, render: renderOverlay },
  heatmap: { plain: heatmapPlain, render: renderHeatmap },
  heatmaps: { plain: heatmapsPlain, render: renderHeatmaps },
  series: { plain: seriesPlain, render: renderSeries },
  scatter: { plain: scatterPlain, render: renderScatter },
  flame: { plain: flamePlain, render: renderFlame },
  call_tree: { plain: callTreePlain, render: renderCallTree },
  timeline: { plain: timelinePlain, render: renderTimeline },
  flame_difference: { plain: flameDifferencePlain, render: renderFlameDifference },
  changes: { plain: changesPlain, render: renderChanges },
  mirror: { plain: mirrorPlain, render: renderMirror },
  fidelity: { plain: fidelityPlain, render: renderFidelity },
  progress: { plain: progressPlain, render: renderProgress },
  links: { plain: linksPlain, render: renderLinks },
};

function rendererOf(result: Result): Renderer<Result> {
  return RENDERERS[result.kind];
}
