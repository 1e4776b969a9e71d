/** Keeps trees shallow enough for passes that descend by recursion. */
import type { Span } from "../source.js";

/** Long chains such as `a . b . c …` make deep trees without any nesting in the text. */
export const MAXIMUM_TREE_DEPTH = 500;

/** Where a tree first goes deeper than the limit, or null. Walks without recursion. */
export function findTooDeep(root: { readonly span: Span }): Span | null {
  const pending: { value: unknown; depth: number; span: Span }[] = [{ value: root, depth: 0, span: root.span }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const element of value) pending.push({ ...next, value: element });
      continue;
    }
    const span = "span" in value ? (value.span as Span) : next.span;
    if (depth > MAXIMUM_TREE_DEPTH) return span;
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === "object" && !/[sS]pan$/.test(key)) pending.push({ value: child, depth: depth + 1, span });
    }
  }
  return null;
}
