import type { Spec } from "vega";
import type { FlameNode, FlameResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { vegaBundle, type ChartOptions } from "./chart.js";
import { onOneLine } from "./escape.js";
import { boxSpec, type Box } from "./flame_boxes.js";
import { exactQuantity, readableQuantity } from "./quantity.js";
import { COLOURS } from "./theme.js";

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

/** Warm for programs, cool for the kernel, grey for the rest: two families that colour blindness keeps apart. */
const FILLS: Readonly<Record<FlameNode["space"], readonly string[]>> = {
  user: ["#f5b041", "#f0a030", "#f7bf63", "#eb9a3d"],
  kernel: ["#7fb3d5", "#6ea6cc", "#92c0de", "#82b8d0"],
  key: ["#c5c8cb", "#bcc0c4", "#ced1d4", "#c0c6ca"],
};

export function flameSpec(result: FlameResult): Spec {
  const boxes: Box[] = [];
  layOut(result.root, 0, 0, result, boxes);
  return boxSpec({
    label: result.label,
    subtitle: `${readableQuantity(result.root.value, result.unit)} in all`,
    description: `${result.label}: ${boxes.length} functions in call stacks`,
    boxes,
  });
}

function layOut(node: FlameNode, depth: number, start: number, result: FlameResult, boxes: Box[]): void {
  const value = Number(node.value);
  const fills = FILLS[node.space];
  const box = {
    name: onOneLine(node.name),
    depth,
    start,
    end: start + value,
    // Varies with the name, which tells neighbours apart.
    fill: fills[hash(node.name) % fills.length] ?? COLOURS.line,
    facts: {
      value: exactQuantity(node.value, result.unit),
      share: `${((100 * value) / Math.max(Number(result.root.value), 1)).toFixed(1)} %`,
    },
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
