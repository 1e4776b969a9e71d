/** `kernel.trace("[group:]name")` and `kernel.tracepoint("name")`: the kernel's own tracepoints. */
import type {
  ContextVariable,
  PointPattern,
  ProbeFamily,
  Resolution,
  ResolvedProbe,
  Target,
} from "../compiler/catalogue.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { componentsText, refused } from "./points.js";
import { argumentVariables } from "./tracepoint_arguments.js";
import { moduleTracepoints, tracepointsNamed, type ModuleTracepoint } from "./tracepoint_groups.js";
import { isWildcard } from "./wildcard.js";

/** One program is loaded for each; beyond this a mistake is likelier than a wish. */
const MOST_POINTS = 500;

export const tracepoint: ProbeFamily = {
  name: "kernel.trace",
  summary:
    "A tracepoint of the kernel; its arguments have the kernel's names and types, such as `$prev->comm`, and are `$arg1`, `$arg2`, … as well. Wildcards name several at once. A module's are there while it is loaded: by `module(…)`, or by their whole names alone. " +
    "From Linux 7.0 on the kernel may preempt its program, and misses what other threads on that CPU bring meanwhile; the cell says how many.",
  forms: [
    'kernel.trace("name")',
    'kernel.trace("group:name")',
    'kernel.trace("group:*")',
    'kernel.tracepoint("name")',
    'module("NAME").tracepoint("name")',
  ],
  example:
    'global switches\nprobe kernel.trace("sched:sched_switch") { switches[cpu()]++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const [kernel, trace, ...rest] = pattern.components;
    if (trace?.name !== "trace" && trace?.name !== "tracepoint") return null;
    if (kernel?.name === "module") return ofModule(kernel, trace, rest, target);
    if (kernel?.name !== "kernel") return null;
    if (typeof trace.argument !== "string") {
      return refused(
        `kernel.${trace.name} needs the name of a tracepoint`,
        `write kernel.${trace.name}("sched_switch")`,
      );
    }
    if (rest.length > 0) return refused(`kernel.${trace.name} has no part called .${rest[0]?.name}`);
    const colon = trace.argument.indexOf(":");
    const name = trace.argument.slice(colon + 1);
    const names = tracepointsNamed(trace.name, trace.argument, target);
    if ("kind" in names) return names;
    if (names.length === 0) {
      const others = isWildcard(trace.argument) ? [] : moduleTracepoints("*", trace.argument, target);
      if (others.length > 0) return ofModules(others, `kernel.${trace.name}`, target);
      const group = trace.argument.slice(0, Math.max(0, colon));
      const groups = target.tracepointGroups();
      const isOfNoGroup = group !== "" && !isWildcard(group) && groups.size > 0 && !groups.has(group);
      const similar = isOfNoGroup ? mostSimilar(group, groups.keys()) : mostSimilar(name, target.tracepoints());
      return refused(
        isOfNoGroup
          ? `this kernel has no group of tracepoints ${group}`
          : `this kernel has no tracepoint ${isWildcard(name) ? "that fits " : ""}${isWildcard(name) ? trace.argument : name}`,
        similar === null ? undefined : `did you mean ${similar}?`,
      );
    }
    if (names.length > MOST_POINTS) {
      return refused(
        `${componentsText(pattern)} names ${names.length} tracepoints; at most ${MOST_POINTS} are attached at once`,
      );
    }
    return {
      kind: "resolved",
      probes: names.map((found) => ({ point: `kernel.${trace.name}("${found}")`, probe: probeOf(found, target) })),
    };
  },

  complete(prefix, target) {
    const [head, module, start] = /^(module\("(\w+)"\)\.tracepoint\(")(\w*)$/.exec(prefix)?.slice(1) ?? [];
    if (head !== undefined && module !== undefined)
      return moduleTracepoints(module, `${start}*`, target).map(({ name }) => `${head}${name}")`);
    return completeOwn(prefix, target);
  },
};

function completeOwn(prefix: string, target: Target): readonly string[] {
  const { form, group, start } =
    /^kernel\.(?<form>trace|tracepoint)\("(?:(?<group>\w+):)?(?<start>\w*)$/.exec(prefix)?.groups ?? {};
  if (form === undefined || start === undefined)
    return ['kernel.trace("', 'kernel.tracepoint("'].filter((point) => point.startsWith(prefix));
  const names = group === undefined ? target.tracepoints() : (target.tracepointGroups().get(group) ?? []);
  const groups = group === undefined ? [...target.tracepointGroups().keys()] : [];
  return [
    ...names
      .filter((name) => name.startsWith(start))
      .map((name) => `kernel.${form}("${group === undefined ? "" : `${group}:`}${name}")`),
    ...groups.filter((name) => name.startsWith(start)).map((name) => `kernel.${form}("${name}:`),
  ];
}

type Component = PointPattern["components"][number];

/** `module("NAME").tracepoint("name")`, and `.trace` as well. */
function ofModule(module: Component, trace: Component, rest: readonly Component[], target: Target): Resolution {
  const head = `${componentsText({ components: [module] })}.${trace.name}`;
  if (typeof module.argument !== "string" || typeof trace.argument !== "string")
    return refused(
      `${head} needs the names of a module and of a tracepoint`,
      'write module("ext4").tracepoint("ext4_*")',
    );
  if (rest.length > 0) return refused(`${head} has no part called .${rest[0]?.name}`);
  const found = moduleTracepoints(module.argument, trace.argument, target);
  if (found.length > MOST_POINTS)
    return refused(
      `${head}("${trace.argument}") names ${found.length} tracepoints; at most ${MOST_POINTS} are attached at once`,
    );
  if (found.length > 0) return ofModules(found, null, target);
  const loaded = target.functions.modules();
  const name = module.argument.replaceAll("-", "_");
  if (!isWildcard(name) && !loaded.includes(name)) {
    const similar = mostSimilar(name, loaded);
    return refused(
      `no module ${module.argument} is loaded`,
      similar === null ? undefined : `did you mean module("${similar}")?`,
    );
  }
  const known = moduleTracepoints(module.argument, "*", target).map((each) => each.name);
  const similar = mostSimilar(trace.argument, known);
  return refused(
    known.length === 0
      ? `module ${module.argument} has no tracepoints`
      : `module ${module.argument} has no tracepoint ${isWildcard(trace.argument) ? "that fits " : ""}${trace.argument}`,
    similar === null ? undefined : `did you mean ${similar}?`,
  );
}

/** `head` is how a point that names no module begins. */
function ofModules(found: readonly ModuleTracepoint[], head: string | null, target: Target): Resolution {
  return {
    kind: "resolved",
    probes: found.map(({ name, module }) => ({
      point: head === null ? `module("${module}").tracepoint("${name}")` : `${head}("${name}")`,
      probe: probeOf(name, target, module),
    })),
  };
}

function probeOf(name: string, target: Target, module?: string): ResolvedProbe {
  const variables = new Map(argumentVariables(name, target, module).map((variable) => [variable.name, variable]));
  const text: ContextVariable = {
    name: "$$name",
    type: "string",
    summary: "The tracepoint's name.",
    shape: { kind: "bytes", size: Math.ceil((name.length + 1) / 8) * 8 },
    kernel: () => ({ kind: "literal", text: name }),
  };
  variables.set("$$name", text);
  return {
    kind: "kernel",
    attach: { kind: "tracepoint", name, ...(module === undefined ? {} : { module }) },
    mechanism: `tracepoint ${module === undefined ? "" : `${module}:`}${name}`,
    guard: null,
    variables,
    isReturn: false,
  };
}
