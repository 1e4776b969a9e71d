import type { Spec } from "vega";
import type { FlameNode, FlameResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { vegaBundle, type ChartOptions } from "./chart.js";
import { onOneLine } from "./escape.js";
import { exactQuantity, readableQuantity } from "./quantity.js";
import { COLOURS } from "./theme.js";

const WIDTH = 760;
const ROW = 18;
/** Stacks that the text lists. */
const MOST_LINES = 20;

/** Folded stacks, outermost function first, largest first: what other flame graph tools read. */
export function flamePlain({ label, root }: FlameResult): string {
  const stacks = folded(root, []).toSorted((left, right) =>
    left.value < right.value ? 1 : left.value > right.value ? -1 : 0,
  );
  const more = stacks.length - MOST_LINES;
  return [
    label,
    ...stacks.slice(0, MOST_LINES).map(({ path, value }) => `${path} ${value}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

/** Boxes as wide as what goes through them, callers below. A click on one makes it the whole; the field finds names. */
export function renderFlame(result: FlameResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return vegaBundle(flameSpec(result), flamePlain(result), options);
}

interface Box {
  readonly name: string;
  readonly space: FlameNode["space"];
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly exact: string;
  readonly share: string;
  /** Varies with the name, which tells neighbours apart. */
  readonly fill: string | undefined;
}

/** Warm for programs, cool for the kernel, grey for the rest: two families that colour blindness keeps apart. */
const FILLS: Readonly<Record<FlameNode["space"], readonly string[]>> = {
  user: ["#f5b041", "#f0a030", "#f7bf63", "#eb9a3d"],
  kernel: ["#7fb3d5", "#6ea6cc", "#92c0de", "#82b8d0"],
  key: ["#c5c8cb", "#bcc0c4", "#ced1d4", "#c0c6ca"],
};

export function flameSpec(result: FlameResult): Spec {
  const boxes: Box[] = [];
  layOut(result.root, 0, 0, result, boxes);
  const depths = Math.max(...boxes.map(({ depth }) => depth)) + 1;
  const whole = { start: 0, end: Math.max(Number(result.root.value), 1) };
  const matches = "search !== '' && indexof(lower(datum.name), lower(search)) >= 0";
  return {
    $schema: "https://vega.github.io/schema/vega/v5.json",
    description: `${result.label}: ${boxes.length} functions in call stacks`,
    background: "transparent",
    width: WIDTH,
    height: depths * ROW,
    padding: 5,
    title: {
      text: result.label,
      subtitle: `${readableQuantity(result.root.value, result.unit)} in all · click a box to look closer, the lowest to go back`,
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
                tooltip: { signal: "{title: datum.name, value: datum.exact, share: datum.share}" },
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

function layOut(node: FlameNode, depth: number, start: number, result: FlameResult, boxes: Box[]): void {
  const value = Number(node.value);
  const fills = FILLS[node.space];
  const box = {
    name: onOneLine(node.name),
    space: node.space,
    depth,
    start,
    end: start + value,
    exact: exactQuantity(node.value, result.unit),
    share: `${((100 * value) / Math.max(Number(result.root.value), 1)).toFixed(1)} %`,
    fill: fills[hash(node.name) % fills.length],
  };
  boxes.push(box);
  let next = start;
  for (const child of node.children) {
    layOut(child, depth + 1, next, result, boxes);
    next += Number(child.value);
  }
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

function folded(node: FlameNode, callers: readonly string[]): { path: string; value: bigint }[] {
  const own = node.children.reduce((rest, { value }) => rest - value, node.value);
  const inner = node.children.flatMap((child) => folded(child, [...callers, onOneLine(child.name)]));
  return own > 0n && callers.length > 0 ? [{ path: callers.join(";"), value: own }, ...inner] : inner;
}
