import type { Spec } from "vega";
import type { ChangedNode, FlameDifferenceResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { vegaBundle, type ChartOptions } from "./chart.js";
import { onOneLine } from "./escape.js";
import { boxSpec, type Box } from "./flame_boxes.js";
import { exactQuantity, readableQuantity } from "./quantity.js";

/** Stacks that the text lists. */
const MOST_LINES = 20;

/** Folded stacks with the earlier and the later number of each, the largest change first: what other tools read. */
export function flameDifferencePlain({ label, root }: FlameDifferenceResult): string {
  const stacks = folded(root, [])
    .filter(({ before, after }) => before !== after)
    .toSorted((left, right) => Number(magnitude(right) - magnitude(left)));
  const more = stacks.length - MOST_LINES;
  return [
    label,
    ...(stacks.length === 0 ? ["(nothing has changed)"] : []),
    ...stacks.slice(0, MOST_LINES).map(({ path, before, after }) => `${path} ${before} ${after}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

/** A flame graph with room for what was and what is; red is what grew, blue what shrank, grey what stayed. */
export function renderFlameDifference(result: FlameDifferenceResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return vegaBundle(flameDifferenceSpec(result), flameDifferencePlain(result), options);
}

export function flameDifferenceSpec(result: FlameDifferenceResult): Spec {
  const { root, unit, scaled } = result;
  const boxes: Box[] = [];
  layOut(root, 0, 0, result, boxes);
  const scale = scaled === undefined ? "" : ` (the earlier multiplied by ${Number(scaled.toPrecision(3))})`;
  return boxSpec({
    label: result.label,
    subtitle: `red grew, blue shrank: ${readableQuantity(root.before, unit)} → ${readableQuantity(root.after, unit)}${scale}`,
    description: `${result.label}: changes of ${boxes.length} functions in call stacks`,
    boxes,
  });
}

/** Answers where the box ends: a function is as wide as the wider of its two, of what ends in it and of what it calls. */
function layOut(node: ChangedNode, depth: number, start: number, result: FlameDifferenceResult, boxes: Box[]): number {
  const { root, unit } = result;
  const { before, after } = node;
  const place = boxes.length;
  const own = ownOf(node);
  boxes.push({
    name: onOneLine(node.name),
    depth,
    start,
    end: start,
    fill: fillOf(before, after),
    facts: {
      before: `${exactQuantity(before, unit)} (${percent(before, root.before)})`,
      after: `${exactQuantity(after, unit)} (${percent(after, root.after)})`,
      change: changeText(before, after, unit),
    },
  });
  let end = start;
  for (const child of node.children) end = layOut(child, depth + 1, end, result, boxes);
  end += Math.max(Number(own.before), Number(own.after), 0);
  const box = boxes[place];
  if (box) boxes[place] = { ...box, end };
  return end;
}

/** What ends in a function itself. */
function ownOf({ before, after, children }: ChangedNode): { readonly before: bigint; readonly after: bigint } {
  return {
    before: children.reduce((rest, child) => rest - child.before, before),
    after: children.reduce((rest, child) => rest - child.after, after),
  };
}

const [RED, GREY, BLUE] = [
  [232, 84, 68],
  [214, 214, 214],
  [84, 146, 214],
] as const;

/** The stronger, the larger the change is beside the larger of the two. Dark text is legible on all of them. */
function fillOf(before: bigint, after: bigint): string {
  const most = Number(after > before ? after : before);
  const change = most === 0 ? 0 : Number(after - before) / most;
  const [strength, colour] = change > 0 ? [change, RED] : [-change, BLUE];
  const mixed = GREY.map((part, channel) =>
    Math.round(part + ((colour[channel] ?? part) - part) * Math.sqrt(strength)),
  );
  return `rgb(${mixed.join(",")})`;
}

function changeText(before: bigint, after: bigint, unit: string | undefined): string {
  if (before === after) return "none";
  const sign = after > before ? "+" : "−";
  const by = exactQuantity(after > before ? after - before : before - after, unit);
  return before === 0n
    ? `${sign}${by} (new)`
    : `${sign}${by} (${sign}${percent(after > before ? after - before : before - after, before)})`;
}

function percent(part: bigint, whole: bigint): string {
  return whole <= 0n ? "0 %" : `${((100 * Number(part)) / Number(whole)).toFixed(1)} %`;
}

interface FoldedChange {
  readonly path: string;
  readonly before: bigint;
  readonly after: bigint;
}

function magnitude({ before, after }: FoldedChange): bigint {
  return after > before ? after - before : before - after;
}

function folded(node: ChangedNode, callers: readonly string[]): FoldedChange[] {
  const own = ownOf(node);
  const inner = node.children.flatMap((child) => folded(child, [...callers, onOneLine(child.name)]));
  if (callers.length === 0 || (own.before <= 0n && own.after <= 0n)) return inner;
  return [{ path: callers.join(";"), ...own }, ...inner];
}
