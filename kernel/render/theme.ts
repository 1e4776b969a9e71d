/** Colours and measures that charts share. Every colour has a contrast of at least 3:1 on white and on JupyterLab's dark #111. */
import type { TopLevelSpec } from "vega-lite";

type Config = NonNullable<TopLevelSpec["config"]>;

/** Blue and orange: the pair that every common colour blindness keeps apart. */
export const COLOURS = { data: "#4c78a8", outside: "#c9731f", text: "#797979", line: "#888888" } as const;

/**
 * What every chart looks like, on a page of any colour: there is no background, and the text is a grey that white and
 * black both carry. The front end's own theme is overruled, because the picture that JupyterLab saves beside a chart
 * would else have white text, and be read on a white page.
 */
const CHART_CONFIG: Config = {
  view: { stroke: null },
  axis: {
    gridColor: COLOURS.line,
    gridOpacity: 0.25,
    domainColor: COLOURS.line,
    tickColor: COLOURS.line,
    labelColor: COLOURS.text,
    titleColor: COLOURS.text,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: {
    labelColor: COLOURS.text,
    titleColor: COLOURS.text,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 240,
    titlePadding: 6,
    gradientLength: 120,
    gradientStrokeColor: "transparent",
  },
  title: {
    anchor: "start",
    frame: "group",
    color: COLOURS.text,
    subtitleColor: COLOURS.text,
    fontSize: 14,
    subtitleFontSize: 12,
    subtitlePadding: 4,
    offset: 12,
    limit: 640,
  },
};

/** What every specification in Vega-Lite says. */
export const CHART_FRAME = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  background: "transparent",
  config: CHART_CONFIG,
} as const;

/** For lines and points of several kinds: apart in brightness as well as in hue. */
export const PALETTE = [
  "#4c78a8",
  "#d9731f",
  "#2f9e77",
  "#b0559a",
  "#a08a1e",
  "#7b6fd0",
  "#cf4f4f",
  "#4a9bb5",
] as const;

/** From few to many, both ends legible on white and on black. */
export const INTENSITIES = ["#5b52b5", "#a8499f", "#e3615c", "#f0a63c"] as const;

/** Ticks of a number, such as 1.2k; each on its own, since Vega's format for the whole axis would write zero as 0k. A half is no 500m. */
export const NUMBER_TICKS = "format(datum.value, abs(datum.value) < 1 ? '~r' : '~s')";

/** Ticks of a count, of which there are no halves. */
export const COUNT_TICKS = "datum.value % 1 ? '' : format(datum.value, '~s')";

/** Roughly how wide a label of that many characters is, in pixels. */
export function labelWidth(text: string): number {
  return Array.from(text).length * 6.2;
}

/** A Vega expression that yields one of the texts by its position. */
export function labelExpression(labels: readonly string[], position: string): string {
  return `${JSON.stringify(labels)}[${position}]`;
}
