import type { CallNode, CallTreeResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { escapeHtml, onOneLine } from "./escape.js";
import { plainTable } from "./plain_table.js";
import { readableQuantity } from "./quantity.js";

/** Functions that are shown at most, the largest first. */
const MOST_NODES = 300;
/** What takes this share of the whole is open from the start. */
const OPEN_SHARE = 0.05;

interface Line {
  readonly node: CallNode;
  readonly depth: number;
  readonly children: readonly Line[];
}

/** A line for each function, behind what it took. */
export function callTreePlain(result: CallTreeResult): string {
  const { label, root } = result;
  const lines: Line[] = [];
  const gather = (line: Line): void => {
    lines.push(line);
    line.children.forEach(gather);
  };
  largest(root).forEach(gather);
  const number = (value: bigint): string => readableQuantity(value, result.unit).replaceAll("\u202f", "");
  return [
    label,
    ...plainTable(
      [
        ...["total", "self", ...(root.count === null ? [] : ["count"]), "share"].map((heading) => ({
          heading,
          right: true,
        })),
        { heading: "function", right: false },
      ],
      lines.map(({ node, depth }) => [
        number(node.total),
        number(node.own),
        ...(node.count === null ? [] : [String(node.count)]),
        share(node, root),
        `${"  ".repeat(depth)}${onOneLine(node.name)}`,
      ]),
    ),
  ].join("\n");
}

/** Functions that open and close by a click, without a script: who strips the style still has the tree and its numbers. */
export function renderCallTree(result: CallTreeResult): MimeBundle {
  const { label, root } = result;
  const headings = ["total", "self", ...(root.count === null ? [] : ["count"]), "share"];
  const head = headings.map((heading) => `<span class="n">${heading}</span> `).join("");
  const html = [
    STYLE,
    `<div class="tapbook-calls"><div class="label">${escapeHtml(label)}</div>`,
    `<div class="head">${head}<span class="f">function</span></div>`,
    ...largest(root).map((line) => htmlLine(line, result)),
    "</div>",
  ].join("\n");
  return textBundle(callTreePlain(result), html);
}

const STYLE = `<style>
.tapbook-calls{font-family:var(--jp-code-font-family,ui-monospace,monospace);font-size:var(--jp-code-font-size,13px);font-variant-numeric:tabular-nums;color:inherit;line-height:1.5;overflow-x:auto;margin:.4em 0}
.tapbook-calls .label{font-family:var(--jp-ui-font-family,sans-serif);font-weight:600;padding-bottom:.3em}
.tapbook-calls .head{font-weight:600;border-bottom:1px solid #8888}
.tapbook-calls summary{list-style:none;cursor:pointer}
.tapbook-calls summary::-webkit-details-marker{display:none}
.tapbook-calls summary,.tapbook-calls .leaf,.tapbook-calls .head{white-space:nowrap}
.tapbook-calls summary:hover,.tapbook-calls .leaf:hover{background:#8882}
.tapbook-calls .n{display:inline-block;min-width:6.5em;text-align:right;padding-right:.9em}
.tapbook-calls .f{display:inline-block}
.tapbook-calls .b{display:inline-block;height:.7em;background:#4c78a8;margin-right:.6em;border-radius:1px}
.tapbook-calls summary .f::before{content:"▸ "}
.tapbook-calls details[open]>summary .f::before{content:"▾ "}
.tapbook-calls .leaf .f::before{content:"\\00a0\\00a0"}
</style>`;

function htmlLine({ node, depth, children }: Line, result: CallTreeResult): string {
  const { root, unit } = result;
  const numbers = [
    readableQuantity(node.total, unit),
    readableQuantity(node.own, unit),
    ...(node.count === null ? [] : [readableQuantity(node.count, undefined)]),
    share(node, root),
  ];
  const part = ratio(node.total, root.total);
  const cells = numbers.map((text) => `<span class="n">${escapeHtml(text)}</span> `).join("");
  const bar = `<span class="b" style="width:${(part * 6).toFixed(2)}em"></span>`;
  const name = `<span class="f" style="padding-left:${(depth * 1.2).toFixed(1)}em">${bar}${escapeHtml(onOneLine(node.name))}</span>`;
  if (children.length === 0) return `<div class="leaf">${cells}${name}</div>`;
  const inner = children.map((child) => htmlLine(child, result)).join("");
  return `<details${part >= OPEN_SHARE ? " open" : ""}><summary>${cells}${name}</summary>${inner}</details>`;
}

/** What is below the root, with the functions of least weight left out where there are too many. */
function largest(root: CallNode): Line[] {
  const totals: number[] = [];
  const gather = ({ total, children }: CallNode): void => {
    totals.push(Number(total));
    children.forEach(gather);
  };
  gather(root);
  const least = totals.toSorted((left, right) => right - left)[MOST_NODES] ?? -1;
  const lines = (nodes: readonly CallNode[], depth: number): Line[] =>
    nodes
      .filter(({ total }) => Number(total) > least)
      .map((node) => ({ node, depth, children: lines(node.children, depth + 1) }));
  return lines(root.children, 0);
}

function share({ total }: CallNode, root: CallNode): string {
  return `${(100 * ratio(total, root.total)).toFixed(1)} %`;
}

function ratio(part: bigint, whole: bigint): number {
  return whole <= 0n ? 0 : Number(part) / Number(whole);
}
