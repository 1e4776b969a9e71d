/** `kernel.lsm("hook")` and `lsm.hook`: the kernel's security hooks, observed only. */
import type { KernelProbe, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { probeOfFunction } from "./kernel_function/probes.js";
import { signatureOf } from "./kernel_function/signature.js";
import { nameVariable, parameterVariables, trampolineWords } from "./kernel_function/variables.js";
import { componentsText, refused } from "./points.js";
import { isWildcard, wildcard } from "./wildcard.js";

/** The kernel has an empty function of this name for each hook, which programs take the place of. */
const PREFIX = "bpf_lsm_";

/** One program each. */
const MOST_HOOKS = 100;

export const securityHook: ProbeFamily = {
  name: "lsm",
  summary:
    "A hook where the kernel asks its security modules, with the hook's arguments by their names. It observes and always agrees; what an earlier module has denied it does not see.",
  forms: ['kernel.lsm("NAME")', 'kernel.lsm("PATTERN")', "lsm.NAME"],
  example: "global opens\nprobe lsm.file_open ? { opens[execname()]++ }\nprobe timer.s(1) { exit() }",

  resolvesWildcards: true,

  resolve(pattern, target): Resolution | null {
    const [first, second, ...rest] = pattern.components;
    const isAlias = first?.name === "lsm";
    if (!isAlias && (first?.name !== "kernel" || second?.name !== "lsm")) return null;
    const written = isAlias ? second?.name : second?.argument;
    const form = (name: string): string => (isAlias ? `lsm.${name}` : `kernel.lsm("${name}")`);
    if (typeof written !== "string") return refused("a security hook has a name", `write ${form("file_open")}`);
    if (rest[0]) return refused(`a security hook has no part called .${rest[0].name}`);
    const known = hooks(target);
    const names = isWildcard(written) ? known.filter(wildcard(written)) : known.filter((name) => name === written);
    const point = componentsText(pattern);
    if (names.length === 0) {
      const similar = mostSimilar(written, known);
      const why =
        known.length === 0
          ? "this kernel has no security hooks for eBPF"
          : `this kernel has no security hook ${written}`;
      return refused(why, similar === null ? undefined : `did you mean ${form(similar)}?`);
    }
    const probes: { point: string; probe: KernelProbe }[] = [];
    // What refuses one hook refuses all, and is the better answer than their number.
    for (const name of names.slice(0, MOST_HOOKS)) {
      const refusal = target.refusal({ kind: "lsm", hook: name });
      const probe = refusal === null ? hookProbe(name, target) : callerProbe(name, target);
      if (!probe)
        return refused(
          `${form(name)}: this machine lets no program observe it: ${refusal}`,
          "what programs ask of the kernel is in syscall.NAME",
        );
      probes.push({ point: form(name), probe });
    }
    if (names.length > MOST_HOOKS)
      return refused(`${point} names ${names.length} hooks; at most ${MOST_HOOKS} at once`, "name fewer");
    return { kind: "resolved", probes };
  },

  complete(prefix, target) {
    const start = /^lsm\.(\w*)$/.exec(prefix)?.[1];
    if (start !== undefined)
      return hooks(target)
        .filter((name) => name.startsWith(start))
        .map((name) => `lsm.${name}`);
    const quoted = /^kernel\.lsm\("(\w*)$/.exec(prefix)?.[1];
    if (quoted === undefined) return ["lsm", 'kernel.lsm("'].filter((point) => point.startsWith(prefix));
    return hooks(target)
      .filter((name) => name.startsWith(quoted))
      .map((name) => `kernel.lsm("${name}")`);
  },
};

function hooks(target: Target): readonly string[] {
  return (target.dataTypes()?.names("function", PREFIX) ?? []).map((name) => name.slice(PREFIX.length));
}

function hookProbe(hook: string, target: Target): KernelProbe | null {
  const signature = signatureOf(PREFIX + hook, null, target);
  if (!signature) return null;
  const variables = [
    ...parameterVariables(signature.parameters, trampolineWords(signature)),
    nameVariable("$$name", "The hook's name.", [hook], ""),
    nameVariable(
      "$probefunc",
      "The function of the hook, which probefunc() and ppfunc() return.",
      [`security_${hook}`],
      "",
    ),
  ];
  return {
    kind: "kernel",
    attach: { kind: "lsm", hook },
    mechanism: `security hook ${hook}`,
    guard: null,
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    isReturn: false,
  };
}

/** The function that asks the modules, where programs cannot be one of them. */
function callerProbe(hook: string, target: Target): KernelProbe | null {
  const name = `security_${hook}`;
  if (!target.functions.names(null, name).includes(name)) return null;
  return probeOfFunction(
    { name, module: null },
    { isReturn: false, maxActive: null },
    ["trampoline", "multi", "breakpoint"],
    target,
  );
}
