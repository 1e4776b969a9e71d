/** Quantiles on a histogram: where they lie, and how far they are known. */
import type { HistogramResult } from "../tracing/result.js";
import { exactQuantity, readableQuantity } from "./quantity.js";
import { COLOURS } from "./theme.js";

export interface QuantileMark {
  readonly at: number;
  readonly name: string;
  readonly known: string;
}

/** Where quantiles lie on the axis of buckets; those that would touch share a label. */
export function quantileMarks({ quantiles = [], buckets, unit }: HistogramResult, width: number): QuantileMark[] {
  const marks: QuantileMark[] = [];
  for (const { name, value } of quantiles) {
    const place = buckets.findIndex(({ high }) => high === null || value.value < high);
    const { low = null, high = null } = buckets[place] ?? {};
    const within = low === null || high === null ? 0.5 : Number(value.value - low) / Number(high - low);
    const at = place + within;
    const known =
      value.low === value.high
        ? exactQuantity(value.value, unit)
        : `${exactQuantity(value.low, unit)} – ${exactQuantity(value.high, unit)}`;
    const last = marks.at(-1);
    const isNear = last !== undefined && ((at - last.at) / buckets.length) * width < LABEL_ROOM;
    marks.push({ at, name: isNear ? `${last.name} ${name}` : name, known: `${name}: ${known}` });
    if (isNear) marks[marks.length - 2] = { ...last, name: "" };
  }
  return marks;
}

/** Pixels from one label of a quantile to the next. */
const LABEL_ROOM = 30;

export function quantileLayers(marks: readonly QuantileMark[]) {
  const data = { values: marks.map((mark) => ({ ...mark })) };
  const x = { field: "at", type: "quantitative" as const };
  const tooltip = { field: "known", type: "nominal" as const, title: "quantile" };
  return [
    {
      data,
      mark: { type: "rule" as const, aria: false, color: COLOURS.text, strokeDash: [3, 3], strokeWidth: 1.2 },
      encoding: { x, tooltip },
    },
    {
      data,
      mark: {
        type: "text" as const,
        aria: false,
        color: COLOURS.text,
        fontSize: 10,
        baseline: "bottom" as const,
        dy: -2,
      },
      encoding: { x, y: { value: 0 }, text: { field: "name", type: "nominal" as const }, tooltip },
    },
  ];
}

/** Numbers with how far they are known. */
export function quantileLine({ quantiles = [], unit }: HistogramResult): string[] {
  if (quantiles.length === 0) return [];
  const texts = quantiles.map(({ name, value }) => {
    const error = Number(value.high - value.low) / 2 / Math.max(Number(value.value), 1);
    const about = value.high === value.low ? "" : ` ±${Math.max(1, Math.round(100 * error))} %`;
    return `${name} ${readableQuantity(value.value, unit)}${about}`;
  });
  return [texts.join(" · ")];
}
