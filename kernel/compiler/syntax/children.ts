/** The parts of a tree, whatever kinds of nodes there are. */

/** Calls `visit` for every node directly in this one, those in lists included; places in the text are no parts. */
export function visitChildren(node: object, visit: (child: object) => void): void {
  if (Array.isArray(node)) {
    for (const element of node as readonly unknown[]) if (isObject(element)) visitElement(element, visit);
    return;
  }
  for (const key in node) {
    const child: unknown = node[key as keyof typeof node];
    if (isObject(child) && !isPlace(key)) visitElement(child, visit);
  }
}

function visitElement(element: object, visit: (child: object) => void): void {
  if (Array.isArray(element)) visitChildren(element, visit);
  else visit(element);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isPlace(key: string): boolean {
  return key === "span" || key.endsWith("Span");
}
