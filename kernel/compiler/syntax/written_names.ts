/** Which variables a piece of a script changes or mentions, as far as its text tells. */
import { visitChildren } from "./children.js";

/** Names as they are written, `$` included. */
export function writtenNames(root: object): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: object): void => {
    const name = changedName(node);
    if (name !== null) names.add(name);
    visitChildren(node, visit);
  };
  visit(root);
  return names;
}

/** Every plain name in a piece of a script. */
export function mentionedNames(root: object): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: object): void => {
    if ("kind" in node && node.kind === "name" && "name" in node && typeof node.name === "string") names.add(node.name);
    visitChildren(node, visit);
  };
  visit(root);
  return names;
}

/** The variable that an assignment or an increment changes, or an element or a member of which it changes. */
function changedName(node: object): string | null {
  if (!("kind" in node) || (node.kind !== "assignment" && node.kind !== "increment") || !("target" in node))
    return null;
  let target: unknown = node.target;
  for (;;) {
    if (typeof target !== "object" || target === null) return null;
    if ("name" in target && typeof target.name === "string") return target.name;
    if (!("base" in target)) return null;
    target = target.base;
  }
}
