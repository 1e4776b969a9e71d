/** Which aliases a probe point names, wildcards and added components included. */
import type * as ast from "../syntax/ast.js";
import type { Unit } from "./globals.js";
import { fitsName, spread } from "./wildcards.js";

/** An alias with the text it stands in. */
export interface KnownAlias {
  readonly alias: ast.AliasDefinition;
  readonly unit: Unit;
}

export interface AliasMatch {
  readonly known: KnownAlias;
  readonly name: ast.ProbePoint;
  /** What the point has beyond the alias's name; the alias's own points get it. */
  readonly suffix: readonly ast.ProbeComponent[];
}

/** The point that a match stands for, without wildcards. */
export function expandedName({ name, suffix }: AliasMatch): string {
  return [...name.components, ...suffix].map(writeComponent).join(".");
}

function writeComponent({ name, argument }: ast.ProbeComponent): string {
  if (!argument) return name;
  return `${name}(${argument.kind === "string" ? JSON.stringify(argument.value) : argument.value})`;
}

/** Matches by the longest name for each point that is meant; a user's alias hides one of the tapset's. */
export function matchAliases(aliases: readonly KnownAlias[], components: readonly ast.ProbeComponent[]): AliasMatch[] {
  const best = new Map<string, AliasMatch[]>();
  for (const known of aliases) {
    for (const name of known.alias.names) {
      const suffix = matchName(components, name.components);
      if (!suffix) continue;
      const match: AliasMatch = { known, name, suffix };
      const meant = expandedName(match);
      const rival = best.get(meant)?.[0];
      const order = rival ? compare(match, rival) : 1;
      if (order > 0) best.set(meant, [match]);
      else if (order === 0) best.get(meant)!.push(match);
    }
  }
  return [...best.values()].flat();
}

/** Above 0 where the first match is the better one. */
function compare(first: AliasMatch, second: AliasMatch): number {
  const longer = first.name.components.length - second.name.components.length;
  return longer !== 0 ? longer : Number(first.known.unit === null) - Number(second.known.unit === null);
}

/** The rest of the pattern where its start is the name; null where it is another. */
function matchName(
  pattern: readonly ast.ProbeComponent[],
  name: readonly ast.ProbeComponent[],
): readonly ast.ProbeComponent[] | null {
  if (pattern.some((component) => component.name.includes("**"))) {
    const fits = (point: readonly ast.ProbeComponent[]): boolean =>
      point.every((component, index) => matchComponent(component, name[index]!));
    return [...spread(pattern, name.length)].some(fits) ? [] : null;
  }
  if (name.length > pattern.length) return null;
  const isMatch = name.every((component, index) => matchComponent(pattern[index]!, component));
  return isMatch ? pattern.slice(name.length) : null;
}

function matchComponent(pattern: ast.ProbeComponent, component: ast.ProbeComponent): boolean {
  return pattern.argument?.value === component.argument?.value && fitsName(pattern.name, component.name);
}
