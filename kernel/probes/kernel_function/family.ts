/**
 * `kernel.function("…")`, `module("…").function("…")` and their kin: the entry and the return of functions in the kernel. Where
 * functions cannot be probed, those of system calls are reached by the system-call tracepoints, so that scripts of any age run.
 */
import type {
  KernelProbe,
  ListedProbe,
  ProbeFamily,
  Resolution,
  ResolvedProbe,
  Target,
} from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { componentsText, refused } from "../points.js";
import { systemCallProbe } from "../system_call/family.js";
import { callsOfFunction } from "../system_call/names.js";
import { systemCallTable } from "../system_call/table.js";
import { isWildcard } from "../wildcard.js";
import { completePoint } from "./completion.js";
import { eachFunction, findFunctions, type FoundFunction } from "./found.js";
import { firstWorking, refusals, type Mechanism } from "./mechanism.js";
import { probeOfFunction, probeOfMany } from "./probes.js";
import { readWritten, type Written } from "./written.js";

/** Up to so many functions of a pattern have a program each, with the parameters of each; more share one. */
const MOST_SEPARATE = 40;

/** A breakpoint each takes milliseconds to put and to remove. */
const MOST_BREAKPOINTS = 1_000;

/** Of functions that cannot be probed. */
const MOST_SHOWN = 10;

/** For names that the user does not know: as far as similar ones are looked for. */
const START_OF_SIMILAR = 3;

const FOR_ONE: readonly Mechanism[] = ["trampoline", "multi", "breakpoint"];
const FOR_MANY: readonly Mechanism[] = ["multi", "breakpoint"];

export const kernelFunction: ProbeFamily = {
  name: "kernel.function",
  summary:
    "A function of the kernel or of a module at its entry, or with `.return` when it is done. Its parameters are there by their names, with their types, " +
    "and at the return `$return` too; `@entry(…)` is what something was at the entry. A pattern of more than 40 functions has the parameters that all of them share; those of its functions that the kernel refuses are left out, with a warning. " +
    "Attached by fentry and fexit, kprobe.multi or kprobe, whichever this kernel has; where it has none, the functions of system calls " +
    "(`sys_read`, `__x64_sys_read`, `ksys_read`, …) are reached by the system-call tracepoints, with everything that `syscall.read` brings. " +
    "A source file behind the name, `@fs/read_write.c`, is not looked at.",
  forms: [
    'kernel.function("NAME")',
    'kernel.function("NAME").call',
    'kernel.function("NAME").return',
    'kernel.function("NAME").return.maxactive(N)',
    'kernel.function("NAME").exported',
    'kernel.function("PATTERN")',
    'module("NAME").function("NAME")',
    'kprobe.function("NAME")',
    'kprobe.module("NAME").function("NAME")',
  ],
  example:
    'global calls\nprobe kernel.function("sys_gettimeofday").return { calls[execname()]++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const written = readWritten(pattern);
    if (!written || "kind" in written) return written;
    const point = componentsText(pattern);
    const calls =
      written.module === null
        ? written.names.flatMap((name) => callsOfFunction(name, systemCallTable(target.architecture)))
        : [];
    const asSystemCalls = (): Resolution => ({
      kind: "resolved",
      probes: [{ point, probe: systemCallProbe(calls, written.isReturn, target) }],
    });
    if (firstWorking(FOR_ONE, written.isReturn, target) === null) {
      if (calls.length > 0) return asSystemCalls();
      const tried = refusals(written.isReturn, target, FOR_ONE);
      return refused(
        `${point}: ${noneCanBeProbed(written, target)} (${tried})`,
        'a tracepoint near it may do: kernel.trace("…"); for what programs ask of the kernel, syscall.NAME',
      );
    }
    const found = findFunctions(written.names, written.module, target);
    if (found.length === 0) return calls.length > 0 ? asSystemCalls() : refuseNames(written, target);
    const wanted = written.isExported ? exportedOf(found, target) : found;
    if ("kind" in wanted) return wanted;
    const resolution = probesOf(wanted, written, point, target);
    return written.names.some(isWildcard) ? ofPattern(point, resolution) : resolution;
  },

  list(pattern, target) {
    const written = readWritten(pattern);
    if (!written || "kind" in written) return null;
    return firstWorking(FOR_ONE, written.isReturn, target) === null ? null : listed(written, target);
  },

  complete(prefix, target) {
    return completePoint(prefix, target, firstWorking(FOR_ONE, false, target) !== null);
  },
};

/** For a pattern, which functions there are as well: whoever asks for a list wants to know. */
function noneCanBeProbed({ names, module }: Written, target: Target): string {
  const found = names.some(isWildcard) ? [...eachFunction(names, module, target)].map(({ name }) => name) : [];
  if (found.length === 0) return "functions cannot be probed on this machine";
  const shown = `${found.slice(0, MOST_SHOWN).join(", ")}${found.length > MOST_SHOWN ? ", …" : ""}`;
  const which = found.length === 1 ? "the one function" : `none of the ${found.length} functions`;
  return `${which} that ${found.length === 1 ? "fits" : "fit"} (${shown}) ${found.length === 1 ? "cannot" : "can"} be probed on this machine`;
}

function pointOf({ name, module }: FoundFunction, written: Written): string {
  const head = module === null ? written.head : written.head.replace(/"[^"]*"/, `"${module}"`);
  return `${head}.function("${name}")${written.tail}`;
}

function* listed(written: Written, target: Target): Generator<ListedProbe> {
  for (const found of eachFunction(written.names, written.module, target)) {
    const probe = probeOfFunction(found, written, FOR_ONE, target);
    if (probe) yield { point: pointOf(found, written), variables: [...probe.variables.values()] };
  }
}

function probesOf(found: readonly FoundFunction[], written: Written, point: string, target: Target): Resolution {
  const one = (each: FoundFunction): ResolvedProbe | null => probeOfFunction(each, written, FOR_ONE, target);
  if (found.length <= MOST_SEPARATE) {
    const probes = found.flatMap((each) => {
      const probe = one(each);
      return probe ? [{ point: pointOf(each, written), probe }] : [];
    });
    if (probes.length > 0) return { kind: "resolved", probes };
    return refused(`${point}: the kernel keeps probes away from it`, "a function that it calls or is called by may do");
  }
  const mechanism = firstWorking(FOR_MANY, written.isReturn, target);
  if (mechanism === null) {
    return refused(
      `${point} names ${found.length} functions, more than ${MOST_SEPARATE}, and here each needs a program of its own (${refusals(written.isReturn, target, FOR_MANY)})`,
      "name fewer",
    );
  }
  if (mechanism === "breakpoint" && found.length > MOST_BREAKPOINTS) {
    return refused(
      `${point} names ${found.length} functions, and at most ${MOST_BREAKPOINTS} are probed at once without kprobe.multi (${refusals(written.isReturn, target, ["multi"])})`,
      "name fewer",
    );
  }
  return {
    kind: "resolved",
    probes: [{ point, probe: probeOfMany(found, (each) => pointOf(each, written), written, mechanism, target) }],
  };
}

/** What the kernel refuses of them is left out. */
function ofPattern(pattern: string, resolution: Resolution): Resolution {
  if (resolution.kind === "refused") return resolution;
  const probes = resolution.probes.map(({ point, probe }) => ({
    point,
    probe: probe.kind === "kernel" ? withPattern(probe, pattern) : probe,
  }));
  return { kind: "resolved", probes };
}

function withPattern(probe: KernelProbe, pattern: string): KernelProbe {
  return { ...probe, pattern, ...(probe.entry ? { entry: withPattern(probe.entry, pattern) } : {}) };
}

/** Linux tells what a module may use by a symbol of its own for each, where it tells at all. */
function exportedOf(found: readonly FoundFunction[], target: Target): readonly FoundFunction[] | Resolution {
  const isTold = ["printk", "_printk", "kfree"].some((name) => target.kernelSymbol(`__ksymtab_${name}`) !== null);
  if (!isTold) {
    return refused(
      ".exported: this kernel does not tell which of its functions are exported: /proc/kallsyms has no __ksymtab_…, which takes " +
        "CONFIG_KALLSYMS_ALL and the right to see addresses",
      "leave .exported out",
    );
  }
  const exported = found.filter(({ name }) => target.kernelSymbol(`__ksymtab_${name}`) !== null);
  return exported.length > 0 ? exported : refused(".exported: none of these functions is exported");
}

function refuseNames({ names, module, head }: Written, target: Target): Resolution {
  const [name = ""] = names;
  if (module !== null && !isWildcard(module) && !target.functions.modules().includes(module.replaceAll("-", "_"))) {
    const similar = mostSimilar(module, target.functions.modules());
    return refused(
      `no module ${module} is loaded`,
      similar === null ? undefined : `did you mean module("${similar}")?`,
    );
  }
  const where = module === null ? "this kernel has" : `${module} has`;
  if (isWildcard(name)) return refused(`${where} no function that fits ${name} and can be probed`);
  const candidates = target.functions.names(module, name.slice(0, START_OF_SIMILAR));
  const similar = mostSimilar(name, candidates);
  return refused(
    `${where} no function ${name} that can be probed`,
    similar === null
      ? "the compiler may have put it into its callers"
      : `did you mean ${head}.function("${similar}")? The compiler may also have put it into its callers`,
  );
}
