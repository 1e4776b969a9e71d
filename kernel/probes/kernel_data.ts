/** `kernel.data(…)`: the processor's watchpoints on a few bytes of the kernel's memory. */
import type { ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import { componentsText, refused } from "./points.js";
import { watchpoint } from "./watchpoint.js";

export const kernelData: ProbeFamily = {
  name: "kernel.data",
  summary:
    "Accesses to up to 8 bytes of the kernel's memory, by a symbol or an address: `.write` for writes, `.rw` for reads as well. Without `.length(N)` (1, 2, 4 or 8) " +
    "as many bytes as the place of a symbol allows, or 1 at an address. A processor has few watchpoints, four on x86.",
  forms: [
    'kernel.data("SYMBOL").write',
    'kernel.data("SYMBOL").rw',
    "kernel.data(ADDRESS).length(N).write",
    "kernel.data(ADDRESS).length(N).rw",
  ],
  example:
    'global writes\nprobe kernel.data("panic_timeout").write ? { writes[execname()]++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const [kernel, data, ...rest] = pattern.components;
    if (kernel?.name !== "kernel" || data?.name !== "data") return null;
    const point = componentsText(pattern);
    const address = addressOf(data.argument, target);
    if (typeof address !== "bigint") return address;
    const watched = { address, isSymbol: typeof data.argument === "string", pid: null };
    return watchpoint(point, "kernel.data", watched, rest, target);
  },
};

function addressOf(written: bigint | string | null, target: Target): bigint | Resolution {
  if (written === null)
    return refused("kernel.data needs a symbol or an address", 'write kernel.data("panic_timeout").write');
  if (typeof written === "bigint") return BigInt.asUintN(64, written);
  const address = target.kernelSymbol(written);
  return (
    address ??
    refused(
      `this kernel tells no address of ${written}`,
      "/proc/kallsyms lists its symbols: data only where the kernel is built with CONFIG_KALLSYMS_ALL, and zeros where addresses are hidden from this process (kernel.kptr_restrict)",
    )
  );
}
