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
  return [...eachFunction(names, module, target)];
}

/** The same one by one, for those who do not want all of tens of thousands. */
export function* eachFunction(
  names: readonly string[],
  module: string | null,
  target: Target,
): Generator<FoundFunction> {
  for (const place of modulesNamed(module, target)) {
    const found = new Set<string>();
    for (const name of names)
      for (const fitting of namesIn(name, place, target)) {
        if (found.has(fitting)) continue;
        // Several written names may mean the same function.
        if (names.length > 1) found.add(fitting);
        yield { name: fitting, module: place };
      }
  }
}

function modulesNamed(module: string | null, target: Target): readonly (string | null)[] {
  if (module === null) return [null];
  // The file of a module may have hyphens where the kernel has none.
  const name = module.replaceAll("-", "_");
  return target.functions.modules().filter(isWildcard(name) ? wildcard(name) : (other) => other === name);
}

function* namesIn(name: string, module: string | null, target: Target): Generator<string> {
  const start = /^[^*?[]*/.exec(name)?.[0] ?? "";
  const fits = isWildcard(name) ? wildcard(name) : (other: string) => other === name;
  for (const other of target.functions.names(module, start)) if (fits(other)) yield other;
}
