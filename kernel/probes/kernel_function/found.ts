/** Which functions of this kernel a written point names. */
import type { Target } from "../../compiler/catalogue.js";
import { isWildcard, wildcard } from "../wildcard.js";

export interface FoundFunction {
  readonly name: string;
  readonly module: string | null;
}

/**
 * In the order of their names; none where there is none. A pattern means functions with types, where any fit: one without would have
 * none of the parameters that the handler may ask for.
 */
export function findFunctions(
  names: readonly string[],
  module: string | null,
  target: Target,
): readonly FoundFunction[] {
  const isTyped = ({ name, module: place }: FoundFunction): boolean =>
    target.dataTypes(place ?? undefined)?.find(name, "function") != null;
  const found = names.flatMap((name) => {
    const fitting = [...eachFunction([name], module, target)];
    const typed = isWildcard(name) ? fitting.filter(isTyped) : fitting;
    return typed.length > 0 ? typed : fitting;
  });
  const unique = new Map(found.map((each) => [`${each.module ?? ""}:${each.name}`, each]));
  return [...unique.values()];
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
  for (const other of target.functions.names(module, start)) {
    if (!fits(other)) continue;
    // Patterns are for what the function tracer reaches, and not for the pieces that the compiler has cut functions into.
    if (other === name || (target.functions.isTraceable(other, module) && !other.includes("."))) yield other;
  }
}
