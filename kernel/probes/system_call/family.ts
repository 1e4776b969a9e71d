/** `syscall.NAME[.return]` and its kin: one program on each of the tracepoints sys_enter and sys_exit serves all calls. */
import type { ProbeFamily, Resolution, KernelProbe, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { componentsText, refused } from "../points.js";
import { isWildcard } from "../wildcard.js";
import { intervals, skipUnlessIn, type Interval } from "./dispatch.js";
import { callsNamed, knownNames, successors } from "./names.js";
import { readNumber, readsRegistersDirectly, skip32Bit, systemCallPoint } from "./registers.js";
import { systemCallTable, type SystemCall } from "./table.js";
import { systemCallVariables } from "./variables.js";

/** SystemTap's families differ in how they attach and need debuginfo; here they are one. */
const FAMILIES = new Set(["syscall", "nd_syscall", "tp_syscall", "dw_syscall"]);

/** Parts that change nothing here. */
const NEUTRAL = new Set(["call", "maxactive"]);

export const systemCall: ProbeFamily = {
  name: "syscall",
  summary:
    "A system call of a 64-bit process at its entry, or with `.return` when it is done. `name`, `argstr` and the arguments are there in both, " +
    "`retval` and `retstr` at the return. A pattern that fits a superseded call, such as `*stat`, means the calls that took its place too. " +
    "However many calls are named, one program on each of the two tracepoints of system calls serves them; from Linux 7.0 on it gets the records that the kernel makes of them for tracefs, since such a program is not preempted.",
  forms: [
    "syscall.NAME",
    "syscall.NAME.return",
    "syscall.PATTERN",
    "nd_syscall.NAME",
    "nd_syscall.NAME.return",
    "tp_syscall.NAME",
    "tp_syscall.NAME.return",
    "syscall_any",
    "syscall_any.return",
  ],
  example:
    "global bytes\nprobe syscall.read.return { if (retval > 0) bytes[execname()] <<< retval }\nprobe timer.s(5) { exit() }",

  resolvesWildcards: true,

  resolve(pattern, target): Resolution | null {
    const [family, ...rest] = pattern.components;
    if (!family || (!FAMILIES.has(family.name) && family.name !== "syscall_any")) return null;
    const point = componentsText(pattern);
    const isAny = family.name === "syscall_any";
    const [name, suffixes] = isAny ? ["*", rest] : [rest[0]?.name, rest.slice(1)];
    if (name === undefined)
      return refused(
        `${family.name} needs the name of a system call`,
        `write ${family.name}.openat or ${family.name}.*`,
      );
    const odd = suffixes.find((suffix) => suffix.name !== "return" && !NEUTRAL.has(suffix.name));
    if (odd) return refused(`a system call has no part called .${odd.name}`, "only .return may follow");
    const table = systemCallTable(target.architecture);
    const calls = callsNamed(name, table);
    if (calls.length === 0) return refuseName(family.name, name, target);
    const isReturn = suffixes.some((suffix) => suffix.name === "return");
    return { kind: "resolved", probes: [{ point, probe: systemCallProbe(calls, isReturn, target) }] };
  },

  complete(prefix, target) {
    const [family = "", ...rest] = prefix.split(".");
    if (rest.length === 0) return [...FAMILIES, "syscall_any"].filter((name) => name.startsWith(family));
    if (!FAMILIES.has(family) || rest.length > 2) return [];
    const [name = "", suffix] = rest;
    if (suffix !== undefined) return "return".startsWith(suffix) ? [`${family}.${name}.return`] : [];
    return systemCallTable(target.architecture)
      .calls.filter((call) => call.name.startsWith(name))
      .map((call) => `${family}.${call.name}`);
  },
};

function refuseName(family: string, name: string, target: Target): Resolution {
  const table = systemCallTable(target.architecture);
  if (isWildcard(name)) return refused(`no system call fits ${name}`);
  const replacements = successors(name, table);
  if (replacements.length > 0) {
    return refused(
      `${target.architecture} has no system call ${name}`,
      `programs call ${replacements.join(" or ")} in its place`,
    );
  }
  const similar = mostSimilar(name, knownNames(table));
  return refused(
    `there is no system call ${name}`,
    similar === null ? `${family}.* means all of them` : `did you mean ${family}.${similar}?`,
  );
}

/** A probe of these calls, whatever the point was called that names them. */
export function systemCallProbe(calls: readonly SystemCall[], isReturn: boolean, target: Target): KernelProbe {
  const wanted = wantedNumbers(calls, target);
  const skipNumber = (emit: Emitter, skip: string): void =>
    skipUnlessIn(emit, readNumber(emit, isReturn), wanted, skip);
  const common = {
    kind: "kernel",
    attach: systemCallPoint(isReturn, target),
    mechanism: `system-call tracepoint ${isReturn ? "sys_exit" : "sys_enter"}`,
    variables: systemCallVariables(calls, isReturn, target),
    isReturn,
    ...(isReturn ? { entry: systemCallProbe(calls, false, target) } : {}),
  } as const;
  if (readsRegistersDirectly(target)) {
    const guard = (emit: Emitter, skip: string): void => {
      skipNumber(emit, skip);
      skip32Bit(emit, skip);
    };
    return { ...common, guard };
  }
  return {
    ...common,
    guard: isReturn ? null : skipNumber,
    lateGuard: (emit, skip) => {
      if (isReturn) skipNumber(emit, skip);
      skip32Bit(emit, skip);
    },
  };
}

/** All calls together are one interval: numbers without a call in it never come. */
function wantedNumbers(calls: readonly SystemCall[], target: Target): readonly Interval[] {
  const table = systemCallTable(target.architecture);
  if (calls.length === table.calls.length) return [{ first: 0, last: table.highestNumber }];
  return intervals(calls.map(({ number }) => number));
}
