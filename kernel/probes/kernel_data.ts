/** `kernel.data(…)`: the processor's watchpoints on a few bytes of the kernel's memory. */
import type { PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import type { AttachPoint } from "../compiler/compiled.js";
import { componentsText, refused } from "./points.js";

type Breakpoint = Extract<AttachPoint, { kind: "breakpoint" }>;
type Length = Breakpoint["length"];

const LENGTHS: readonly Length[] = [8, 4, 2, 1];

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
    const parts = readParts(rest);
    if ("kind" in parts) return parts;
    const isAligned = (length: Length): boolean => address % BigInt(length) === 0n;
    const length = parts.length ?? (typeof data.argument === "string" ? (LENGTHS.find(isAligned) ?? 1) : 1);
    if (!isAligned(length)) {
      return refused(
        `${point}: the processor watches ${length} bytes only at an address that is a multiple of ${length}`,
      );
    }
    const attach: Breakpoint = { kind: "breakpoint", address, length, access: parts.access };
    const refusal = target.refusal(attach);
    if (refusal !== null) {
      return refused(
        `${point}: this machine has no watchpoint for it: ${refusal}`,
        "a machine may have none, or all of them may be taken",
      );
    }
    const mechanism = `hardware watchpoint on ${length} bytes at 0x${address.toString(16)}`;
    return {
      kind: "resolved",
      probes: [
        { point, probe: { kind: "kernel", attach, mechanism, guard: null, variables: new Map(), isReturn: false } },
      ],
    };
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
      "/proc/kallsyms lists its symbols; where it shows zeros, addresses are hidden from this process (kernel.kptr_restrict)",
    )
  );
}

function readParts(
  components: PointPattern["components"],
): { readonly access: Breakpoint["access"]; readonly length: Length | null } | Resolution {
  let access: Breakpoint["access"] | null = null;
  let length: Length | null = null;
  for (const { name, argument } of components) {
    if (name === "write") access = "write";
    else if (name === "rw") access = "read_write";
    else if (name === "length") {
      length = LENGTHS.find((known) => BigInt(known) === argument) ?? null;
      if (length === null) return refused(".length takes 1, 2, 4 or 8");
    } else return refused(`kernel.data has no part called .${name}`, ".length(N), .write and .rw may follow");
  }
  return access ? { access, length } : refused("kernel.data needs .write or .rw behind it");
}
