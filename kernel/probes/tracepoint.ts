/** `kernel.trace("[group:]name")` and `kernel.tracepoint("name")`: the kernel's own tracepoints. */
import type { ContextVariable, ProbeFamily, Resolution, ResolvedProbe, Target } from "../compiler/catalogue.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { componentsText, refused } from "./points.js";
import { argumentVariables } from "./tracepoint_arguments.js";
import { tracepointsNamed } from "./tracepoint_groups.js";
import { isWildcard } from "./wildcard.js";

/** One program is loaded for each; beyond this a mistake is likelier than a wish. */
const MOST_POINTS = 500;

export const tracepoint: ProbeFamily = {
  name: "kernel.trace",
  summary:
    "A tracepoint of the kernel; its arguments have the kernel's names and types, such as `$prev->comm`, and are `$arg1`, `$arg2`, … as well. Wildcards name several at once. " +
    "From Linux 7.0 on the kernel may preempt its program, and misses what other threads on that CPU bring meanwhile; the cell says how many.",
  forms: ['kernel.trace("name")', 'kernel.trace("group:name")', 'kernel.trace("group:*")', 'kernel.tracepoint("name")'],
  example:
    'global switches\nprobe kernel.trace("sched:sched_switch") { switches[cpu()]++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const [kernel, trace, ...rest] = pattern.components;
    if (kernel?.name !== "kernel" || (trace?.name !== "trace" && trace?.name !== "tracepoint")) return null;
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
  },
};

function probeOf(name: string, target: Target): ResolvedProbe {
  const variables = new Map(argumentVariables(name, target).map((variable) => [variable.name, variable]));
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
    attach: { kind: "tracepoint", name },
    mechanism: `tracepoint ${name}`,
    guard: null,
    variables,
    isReturn: false,
  };
}
