/** What the kernel has, as bpftool tells it: the tests' independent witness. */
import { execFileSync } from "node:child_process";

function ids(kind: "prog" | "map"): Set<number> {
  const shown = JSON.parse(execFileSync("bpftool", [kind, "show", "-j"], { encoding: "utf8" })) as { id: number }[];
  return new Set(shown.map((entry) => entry.id));
}

export interface KernelIds {
  readonly programs: readonly number[];
  readonly maps: readonly number[];
}

/** Those of the given ids that the kernel still has. */
export function stillInKernel(given: KernelIds): KernelIds {
  const programs = ids("prog");
  const maps = ids("map");
  return { programs: given.programs.filter((id) => programs.has(id)), maps: given.maps.filter((id) => maps.has(id)) };
}

/** The kernel frees programs and maps a moment after their last descriptor has closed: waits until none is left. */
export async function goneFromKernel(given: KernelIds): Promise<KernelIds> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const left = stillInKernel(given);
    if (left.programs.length === 0 && left.maps.length === 0) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return stillInKernel(given);
}
