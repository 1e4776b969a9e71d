/** Boxes that stand on each other, as flame graphs have them: a click on one makes it the whole, a field finds names. */
import type { Spec } from "vega";
import { COLOURS } from "./theme.js";

const WIDTH = 760;
const ROW = 18;

export interface Box {
  readonly name: string;
  readonly depth: number;
  /** Where it starts and ends, in what the whole is counted in. */
  readonly start: number;
  readonly end: number;
  readonly fill: string;
  /** What a tooltip says besides the name: a heading for each text. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface BoxChart {
  readonly label: string;
  readonly subtitle: string;
  readonly description: string;
  /** The first is the whole. */
  readonly boxes: readonly Box[];
}

export function boxSpec({ label, subtitle, description, boxes }: BoxChart): Spec {
  const depths = boxes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1;
  const whole = { start: 0, end: Math.max(boxes[0]?.end ?? 0, 1) };
  const matches = "search !== '' && indexof(lower(datum.name), lower(search)) >= 0";
  return {
    $schema: "https://vega.github.io/schema/vega/v5.json",
    description,
    background: "transparent",
    width: WIDTH,
    height: depths * ROW,
    padding: 5,
    title: {
      text: label,
      subtitle: `${subtitle} · click a box to look closer, the lowest to go back`,
      anchor: "start",
      frame: "group",
      color: COLOURS.text,
      subtitleColor: COLOURS.text,
      fontSize: 14,
      subtitleFontSize: 12,
      offset: 10,
    },
    data: [{ name: "boxes", values: boxes }],
    signals: [
      {
        name: "focus",
        value: whole,
        on: [{ events: "@box:click", update: "{start: datum.start, end: datum.end}" }],
      },
      { name: "search", value: "", bind: { input: "text", placeholder: "find a function", name: "find " } },
    ],
    scales: [
      {
        name: "x",
        type: "linear",
        domain: { signal: "[focus.start, focus.end]" },
        range: "width",
        zero: false,
        nice: false,
      },
    ],
    marks: [
      {
        type: "group",
        clip: true,
        encode: { update: { width: { signal: "width" }, height: { signal: "height" } } },
        marks: [
          {
            type: "rect",
            name: "box",
            from: { data: "boxes" },
            encode: {
              enter: {
                cursor: { value: "pointer" },
                stroke: { value: "#ffffff" },
                tooltip: { signal: "merge({title: datum.name}, datum.facts)" },
              },
              update: {
                x: { scale: "x", field: "start" },
                x2: { scale: "x", field: "end" },
                y: { signal: `height - (datum.depth + 1) * ${ROW}` },
                height: { value: ROW - 1 },
                fill: [{ test: matches, value: "#c2185b" }, { field: "fill" }],
                strokeWidth: { signal: "scale('x', datum.end) - scale('x', datum.start) > 3 ? 0.5 : 0" },
              },
            },
          },
          {
            type: "text",
            interactive: false,
            from: { data: "boxes" },
            encode: {
              enter: { baseline: { value: "middle" }, fontSize: { value: 11 }, text: { field: "name" } },
              update: {
                x: { signal: "max(scale('x', datum.start), 0) + 4" },
                y: { signal: `height - (datum.depth + 0.5) * ${ROW}` },
                fill: [{ test: matches, value: "#ffffff" }, { value: "#1d1d1d" }],
                limit: { signal: "min(scale('x', datum.end), width) - max(scale('x', datum.start), 0) - 8" },
                opacity: { signal: "min(scale('x', datum.end), width) - max(scale('x', datum.start), 0) > 28 ? 1 : 0" },
              },
            },
          },
        ],
      },
    ],
  };
}
