/**
 * `kernel.function("…")` where the function is the entry of a system call: attached by the system-call tracepoints, so that
 * scripts written for kernel probes run where functions cannot be probed.
 */
import type { ProbeFamily, Resolution } from "../compiler/catalogue.js";
import { componentsText, refused } from "./points.js";
import { callsOfFunction } from "./system_call/names.js";
import { systemCallProbe } from "./system_call/family.js";
import { systemCallTable } from "./system_call/table.js";

/** Parts that change nothing for the entry of a system call. */
const NEUTRAL = new Set(["call", "exported", "maxactive"]);

export const kernelFunction: ProbeFamily = {
  name: "kernel.function",
  summary:
    "The kernel's function of a system call, under any of its names (`sys_read`, `SyS_read`, `__x64_sys_read`, `ksys_read`, …), with everything that `syscall.read` brings.",
  forms: ['kernel.function("NAME")', 'kernel.function("NAME").call', 'kernel.function("NAME").return'],
  example:
    'global calls\nprobe kernel.function("sys_gettimeofday").return { calls[execname()]++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const [kernel, component, ...rest] = pattern.components;
    if (kernel?.name !== "kernel" || component?.name !== "function") return null;
    const written = component.argument;
    if (typeof written !== "string") {
      return refused("kernel.function needs the name of a function", 'write kernel.function("sys_read")');
    }
    const point = componentsText(pattern);
    const isReturn = rest.some(({ name }) => name === "return");
    const odd = rest.find(({ name }) => name !== "return" && !NEUTRAL.has(name));
    if (odd) return refused(`kernel.function has no part called .${odd.name} that this version knows`);
    const name = written.replace(/@.*/, "");
    const calls = callsOfFunction(name, systemCallTable(target.architecture));
    if (calls.length === 0) {
      return refused(
        `${point}: ${name} is not the function of a system call, and this version reaches kernel functions only through ` +
          "the system-call tracepoints; kprobe and fentry come with a later release",
        'a tracepoint near it may do: kernel.trace("…"); for what programs ask of the kernel, syscall.NAME',
      );
    }
    return { kind: "resolved", probes: [{ point, probe: systemCallProbe(calls, isReturn, target) }] };
  },

  complete(prefix, target) {
    const start = /^kernel\.function\("(\w*)$/.exec(prefix)?.[1];
    if (start === undefined) return 'kernel.function("'.startsWith(prefix) ? ['kernel.function("'] : [];
    return systemCallTable(target.architecture)
      .calls.map((call) => `sys_${call.name}`)
      .filter((name) => name.startsWith(start))
      .map((name) => `kernel.function("${name}")`);
  },
};
