/** Which variables a piece of a script changes, as far as its text tells. */

/** Names as they are written, `$` included. Walks without recursion. */
export function writtenNames(root: object): ReadonlySet<string> {
  const names = new Set<string>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      pending.push(...(value as unknown[]));
      continue;
    }
    const name = changedName(value);
    if (name !== null) names.add(name);
    for (const [key, child] of Object.entries(value)) if (!/[sS]pan$/.test(key)) pending.push(child);
  }
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
