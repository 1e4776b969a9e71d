/** Names that only ever mean something inside loops that give them their values. */
import type { ForeachStatement } from "./ast.js";
import { visitChildren } from "./children.js";

/**
 * Loop variables that a body mentions nowhere but inside `foreach` loops that bind them, none of which stands in another one that
 * does: what one loop leaves in them never reaches another.
 */
export function loopNames(roots: readonly object[]): ReadonlySet<string> {
  const bound = new Set<string>();
  const mixed = new Set<string>();
  const visit = (node: object, around: ReadonlySet<string>): void => {
    if (isForeach(node)) return visitLoop(node, around);
    if (isName(node) && !around.has(node.name)) mixed.add(node.name);
    visitChildren(node, (child) => visit(child, around));
  };
  const visitLoop = ({ keys, value, body, ...header }: ForeachStatement, around: ReadonlySet<string>): void => {
    // Evaluated before the first turn.
    visitChildren(header, (child) => visit(child, around));
    const inside = new Set(around);
    for (const { name } of value ? [...keys, value] : keys) {
      if (inside.has(name)) mixed.add(name);
      inside.add(name);
      bound.add(name);
    }
    visit(body, inside);
  };
  for (const root of roots) visit(root, new Set());
  return new Set([...bound].filter((name) => !mixed.has(name)));
}

function isForeach(node: object): node is ForeachStatement {
  return "kind" in node && node.kind === "foreach";
}

function isName(node: object): node is { readonly name: string } {
  return "kind" in node && node.kind === "name" && "name" in node && typeof node.name === "string";
}
