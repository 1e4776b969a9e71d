/** Aliases of probe points, of this session and of the tapset. */
import type { AliasDefinition } from "../compiler/syntax/ast.js";
import { isAlias } from "./cursor_context.js";
import type { Session } from "./session.js";

export function knownAliases(session: Session): readonly AliasDefinition[] {
  return [...session.known.aliases, ...session.library.flatMap(({ items }) => items.filter(isAlias))];
}

export function namesOfAlias(alias: AliasDefinition): readonly string[] {
  return alias.names.map(({ components }) => components.map(({ name }) => name).join("."));
}

/** The one that a written point means. */
export function aliasNamed(session: Session, point: string): AliasDefinition | undefined {
  return knownAliases(session).find((alias) => namesOfAlias(alias).includes(point));
}

/** Variables that it sets for the handlers that use it. */
export function variablesOfAlias(alias: AliasDefinition): readonly string[] {
  const { source, start, end } = alias.span;
  const assigned = source.text.slice(start, end).matchAll(/(?<![\w$.@])([A-Za-z_]\w*)\s*=(?![=~])/g);
  const names = new Set(Array.from(assigned, ([, name = ""]) => name));
  for (const own of namesOfAlias(alias)) names.delete(own.replace(/^.*\./, ""));
  return [...names];
}
