/** Which functions of this kernel a written point names. */
import type { Target } from "../../compiler/catalogue.js";
import { isWildcard, wildcard } from "../wildcard.js";

export interface FoundFunction {
  readonly name: string;
  readonly module: string | null;
}

/** In the order of their names; none where there is none. */
export function findFunctions(
  names: readonly string[],
  module: string | null,
  target: Target,
): readonly FoundFunction[] {
  const found = modulesNamed(module, target).flatMap((place) =>
    names.flatMap((name) => namesIn(name, place, target).map((fitting) => ({ name: fitting, module: place }))),
  );
  const unique = new Map(found.map((each) => [`${each.module ?? ""}:${each.name}`, each]));
  return [...unique.values()];
}

function modulesNamed(module: string | null, target: Target): readonly (string | null)[] {
  if (module === null) return [null];
  // The file of a module may have hyphens where the kernel has none.
  const name = module.replaceAll("-", "_");
  return target.functions.modules().filter(isWildcard(name) ? wildcard(name) : (other) => other === name);
}

function namesIn(name: string, module: string | null, target: Target): readonly string[] {
  const start = /^[^*?[]*/.exec(name)?.[0] ?? "";
  const names = target.functions.names(module, start);
  return isWildcard(name) ? names.filter(wildcard(name)) : names.filter((other) => other === name);
}
