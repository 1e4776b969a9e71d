/** What the cells of a session have declared so far: handed to the checker with each cell, and handed back grown. */
import type { Span } from "../source.js";
import type { AliasDefinition, FunctionDefinition } from "../syntax/ast.js";
import type { TypeReference } from "../types/data_type.js";
import type { GlobalType, StatisticParts } from "./program.js";

/** A global of an earlier cell. */
export interface KnownGlobal {
  readonly name: string;
  /** Null while no cell has used it in a way that tells. */
  readonly type: GlobalType | null;
  readonly declaredAt: Span;
  /** The places that settled its type, as far as it is settled. */
  readonly learntAt?: TypePlaces;
  readonly size: number | null;
  readonly wrap: boolean;
  readonly initial: bigint | string | null;
  /** What its statistics keep: settled with the type. */
  readonly parts: StatisticParts;
  /** The type of the kernel that its values have, where cells have told. */
  readonly data?: TypeReference;
}

/** Where a global's type comes from; null for what was declared so. */
export interface TypePlaces {
  /** That it is an array, or none. */
  readonly shape: Span | null;
  readonly value: Span | null;
  readonly keys: readonly (Span | null)[];
}

/** What later cells may use by name. */
export interface KnownDefinitions {
  readonly globals: ReadonlyMap<string, KnownGlobal>;
  readonly functions: readonly FunctionDefinition[];
  readonly aliases: readonly AliasDefinition[];
}

/** Before the first cell. */
export const NO_DEFINITIONS: KnownDefinitions = { globals: new Map(), functions: [], aliases: [] };

/** Earlier functions with those of a new cell, which replace what has their name and number of parameters. */
export function mergeFunctions(
  earlier: readonly FunctionDefinition[],
  added: readonly FunctionDefinition[],
): readonly FunctionDefinition[] {
  const signatures = new Set(added.map(signature));
  return [...earlier.filter((definition) => !signatures.has(signature(definition))), ...added];
}

function signature(definition: FunctionDefinition): string {
  return `${definition.name}/${definition.parameters.length}`;
}

/** Earlier aliases with those of a new cell, which replace what has their names. */
export function mergeAliases(
  earlier: readonly AliasDefinition[],
  added: readonly AliasDefinition[],
): readonly AliasDefinition[] {
  const replaced = new Set(added.flatMap(aliasNames));
  const kept = earlier.flatMap((alias) => {
    const names = alias.names.filter((_, index) => !replaced.has(aliasNames(alias)[index]!));
    return names.length > 0 ? [{ ...alias, names }] : [];
  });
  return [...kept, ...added];
}

function aliasNames(alias: AliasDefinition): string[] {
  return alias.names.map((point) =>
    point.components
      .map(({ name, argument }) => (argument ? `${name}(${JSON.stringify(String(argument.value))})` : name))
      .join("."),
  );
}
