/** Charts of the same kind above each other, each under a heading of its own. */
import { COLOURS, labelExpression } from "./theme.js";

/** The rows of a facet by the field `panel`, which counts from 0; `null` for one without a heading. */
export function panelRows(headings: readonly string[] | null, width: number) {
  return {
    row: {
      field: "panel",
      type: "ordinal" as const,
      title: null,
      header: headings === null ? { labels: false } : headerOf(headings, width),
    },
  };
}

function headerOf(headings: readonly string[], width: number) {
  return {
    labelExpr: labelExpression(headings, "datum.value"),
    labelAngle: 0,
    labelOrient: "top" as const,
    labelAnchor: "start" as const,
    labelAlign: "left" as const,
    labelColor: COLOURS.text,
    labelFontSize: 12,
    // Above its panel there is room beside it.
    labelLimit: Math.max(width, 480),
    labelPadding: 2,
  };
}
