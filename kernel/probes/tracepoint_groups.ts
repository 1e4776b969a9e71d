/** Tracepoints by group and pattern, `sched:*`, `block:*rq*`, and those of modules. */
import type { Resolution, Target } from "../compiler/catalogue.js";
import { refused } from "./points.js";
import { isWildcard, nameTest, wildcard } from "./wildcard.js";

/** The names that fit; where a pattern has a group and the kernel does not tell its groups, why not. */
export function tracepointsNamed(form: string, written: string, target: Target): readonly string[] | Resolution {
  const colon = written.indexOf(":");
  const name = written.slice(colon + 1);
  if (!isWildcard(written)) return target.hasTracepoint(name) ? [name] : [];
  const fitting = target.tracepoints().filter(isWildcard(name) ? wildcard(name) : (other) => other === name);
  if (colon < 0) return fitting;
  const groups = target.tracepointGroups();
  if (groups.size === 0) {
    return refused(
      `kernel.${form}("${written}"): which tracepoints are in which group is told by tracefs alone, and this machine has none for us`,
      `write the pattern alone: kernel.${form}("${name}")`,
    );
  }
  const isWanted = wildcard(written.slice(0, colon));
  const inGroups = new Set([...groups].filter(([group]) => isWanted(group)).flatMap(([, names]) => names));
  return fitting.filter((each) => inGroups.has(each));
}

/** A tracepoint of a module that is loaded. */
export interface ModuleTracepoint {
  readonly name: string;
  readonly module: string;
}

/** The type that a module, as the kernel, has for each of its tracepoints. */
const TYPE = "btf_trace_";

/** Those of the modules that fit `module`, by name or pattern; a group before a name is only for the reader. */
export function moduleTracepoints(module: string, written: string, target: Target): readonly ModuleTracepoint[] {
  const isModule = nameTest(module.replaceAll("-", "_"));
  const fits = nameTest(written.slice(written.indexOf(":") + 1));
  return target.functions
    .modules()
    .filter(isModule)
    .flatMap((each) => {
      const known = target.dataTypes(each)?.names("typedef", TYPE) ?? [];
      return known
        .map((type) => type.slice(TYPE.length))
        .filter(fits)
        .map((name) => ({ name, module: each }));
    });
}
