import type { TopLevelSpec } from "vega-lite";
import type { TimelineResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { keyLabel, onOneLine } from "./escape.js";
import { plainTable } from "./plain_table.js";
import { exactQuantity, groupDigits, readableQuantity, tickExpression } from "./quantity.js";
import { CHART_FRAME, PALETTE, labelExpression } from "./theme.js";

const WIDTH = 620;
const ROW = 24;
/** Events that the text lists. */
const MOST_LINES = 20;

/** The first of the events. */
export function timelinePlain({ label, lanes, laneName, totalLanes, events, totalEvents }: TimelineResult): string {
  const lasts = events.some(({ duration }) => duration !== null);
  const text = (value: bigint): string => readableQuantity(value, "ns");
  const lines = plainTable(
    [
      { heading: "time", right: true },
      ...(lasts ? [{ heading: "duration", right: true }] : []),
      ...(laneName === "" ? [] : [{ heading: laneName, right: false }]),
      { heading: "event", right: false },
    ],
    events
      .slice(0, MOST_LINES)
      .map(({ start, duration, lane, name }) => [
        text(start),
        ...(lasts ? [duration === null ? "" : text(duration)] : []),
        ...(laneName === "" ? [] : [onOneLine(lanes[lane] ?? "")]),
        onOneLine(name),
      ]),
  );
  const fewer = totalLanes > lanes.length ? [`(of the ${lanes.length} busiest of ${totalLanes} by ${laneName})`] : [];
  const more = totalEvents - Math.min(events.length, MOST_LINES);
  return [label, ...lines, ...(more > 0 ? [`… and ${more} more`] : []), ...fewer].join("\n");
}

/** Lanes above each other, an event as long as it lasted; wheel and mouse move and stretch the time. */
export function renderTimeline(result: TimelineResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(timelineSpec(result), timelinePlain(result), options);
}

export function timelineSpec(result: TimelineResult): TopLevelSpec {
  const { label, lanes, laneName, events } = result;
  const { names, indexOf } = groups(events.map(({ name }) => name));
  const lasts = events.some(({ duration }) => duration !== null);
  const values = events.map(({ start, duration, lane, name }) => ({
    start: Number(start) / 1e9,
    ...(lasts
      ? { end: Number(start + (duration ?? 0n)) / 1e9, lasted: duration === null ? "" : exactQuantity(duration, "ns") }
      : {}),
    lane,
    group: indexOf(name),
    name: onOneLine(name),
  }));
  const end = values.reduce((most, value) => Math.max(most, value.end ?? value.start), 0);
  const span = end > 0 ? end : 1e-6;
  const x = {
    field: "start",
    type: "quantitative" as const,
    title: "time since the first event",
    // With a margin, in which the mark of what has no length is seen whole.
    scale: { domain: [-0.01 * span, 1.01 * span], nice: false, zero: false },
    axis: { labelExpr: tickExpression("s") ?? "datum.value", tickCount: 6, labelOverlap: "greedy" as const },
  };
  const y = {
    field: "lane",
    type: "ordinal" as const,
    title: laneName === "" ? null : laneName,
    scale: {
      domain: lanes.map((_, lane) => lane),
      type: "band" as const,
      paddingInner: 0.25,
      paddingOuter: 0.15,
    },
    axis: {
      labelExpr: labelExpression(lanes.map(keyLabel), "datum.value"),
      labelLimit: 160,
      ticks: false,
      domain: false,
      grid: false,
    },
  };
  const color = {
    field: "group",
    type: "nominal" as const,
    title: null,
    scale: {
      domain: names.map((_, index) => index),
      range: names.map((_, index) => PALETTE[index % PALETTE.length] ?? PALETTE[0]),
    },
    legend: { labelExpr: labelExpression(names.map(onOneLine), "datum.value"), symbolType: "square", symbolOpacity: 1 },
  };
  const tooltip = [
    { field: "name", type: "nominal" as const, title: "event" },
    { field: "start", type: "quantitative" as const, title: "seconds", format: ".9~r" },
  ];
  return {
    ...CHART_FRAME,
    title: {
      text: label,
      subtitle: `${subtitle(result)} · wheel and drag to look closer`,
    },
    description: `${label}: ${events.length} events in ${lanes.length} lanes`,
    width: WIDTH,
    height: { step: ROW },
    data: { values },
    params: [{ name: "view", select: { type: "interval", encodings: ["x"] }, bind: "scales" }],
    // What lasted no time at all on this scale is still a line.
    mark: lasts
      ? {
          type: "bar",
          aria: false,
          clip: true,
          stroke: { expr: labelExpression(PALETTE, `datum.group % ${PALETTE.length}`) },
          strokeWidth: 1,
        }
      : { type: "tick", aria: false, clip: true, thickness: 1.5 },
    encoding: {
      x,
      ...(lasts ? { x2: { field: "end" } } : {}),
      y,
      color,
      tooltip: lasts ? [...tooltip, { field: "lasted", type: "nominal", title: "duration" }] : tooltip,
    },
  };
}

/** How many, and what was left out. */
function subtitle({ lanes, laneName, totalLanes, events, totalEvents }: TimelineResult): string {
  const [shown, all] = [events.length, totalEvents].map((count) => groupDigits(BigInt(count)));
  const counted =
    totalEvents > events.length
      ? `the first ${shown} of ${all} events`
      : `${all} ${totalEvents === 1 ? "event" : "events"}`;
  return totalLanes > lanes.length
    ? `${counted} · the ${lanes.length} busiest of ${totalLanes} by ${laneName}`
    : counted;
}

/** The most frequent names have colours of their own; the others share the last one. */
function groups(names: readonly string[]): { readonly names: string[]; readonly indexOf: (name: string) => number } {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranked = [...counts].toSorted(([, left], [, right]) => right - left).map(([name]) => name);
  const own = ranked.length > PALETTE.length ? ranked.slice(0, PALETTE.length - 1) : ranked;
  const places = new Map(own.map((name, index) => [name, index]));
  return {
    names: own.length < ranked.length ? [...own, "others"] : own,
    indexOf: (name) => places.get(name) ?? own.length,
  };
}
