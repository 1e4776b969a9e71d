import { DEFAULT_DRAWING, type DrawingOptions } from "./text/histogram.js";

/** What `-D` sets, under SystemTap's names. */
export interface Limits {
  /** Bytes of a string, terminator included; a multiple of 8. */
  readonly maxStringLength: number;
  readonly maxMapEntries: number;
  /** Statements that loops of one handler may execute. */
  readonly maxAction: number;
  /** Errors that a session survives. */
  readonly maxErrors: number;
  readonly maxNesting: number;
  /** How histograms are drawn: `HIST_ELISION` and `HIST_WIDTH`. */
  readonly histogramElision: number;
  readonly histogramWidth: number;
}

/** SystemTap's defaults; handlers get the tenfold budget of its default mode. */
export const DEFAULT_LIMITS: Limits = {
  maxStringLength: 512,
  maxMapEntries: 2048,
  maxAction: 10_000,
  maxErrors: 0,
  maxNesting: 20,
  histogramElision: DEFAULT_DRAWING.elision,
  histogramWidth: DEFAULT_DRAWING.width,
};

/** What limits say of the drawing of histograms. */
export function drawingOptions({
  histogramElision,
  histogramWidth,
}: Pick<Limits, "histogramElision" | "histogramWidth">): Required<DrawingOptions> {
  return { elision: histogramElision, width: histogramWidth };
}
