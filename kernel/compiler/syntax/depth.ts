/** Keeps trees shallow enough for passes that descend by recursion. */
import type { Span } from "../source.js";
import { visitChildren } from "./children.js";

/** Long chains such as `a . b . c …` make deep trees without any nesting in the text. */
export const MAXIMUM_TREE_DEPTH = 500;

/** Where a tree first goes deeper than the limit, or null. Descends no deeper itself. */
export function findTooDeep(root: { readonly span: Span }): Span | null {
  let found: Span | null = null;
  let depth = 0;
  let { span } = root;
  const visit = (node: object): void => {
    if (found) return;
    const outer = span;
    if ("span" in node) span = node.span as Span;
    depth++;
    if (depth > MAXIMUM_TREE_DEPTH) found = span;
    else visitChildren(node, visit);
    depth--;
    span = outer;
  };
  visit(root);
  return found;
}
