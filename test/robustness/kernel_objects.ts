/** What a process holds of the kernel's eBPF objects, and which of them are still there: told by /proc and by bpftool. */
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

const KINDS = ["prog", "map", "link"] as const;
type Kind = (typeof KINDS)[number];

export type KernelObjects = Readonly<Record<Kind, readonly number[]>>;

export const NOTHING: KernelObjects = { prog: [], map: [], link: [] };

/** The objects that a process has open. */
export async function objectsOf(pid: number): Promise<KernelObjects> {
  const found = { prog: new Set<number>(), map: new Set<number>(), link: new Set<number>() };
  const folder = `/proc/${pid}/fdinfo`;
  for (const name of await readdir(folder)) {
    // A descriptor may close while we look.
    const text = await readFile(`${folder}/${name}`, "utf8").catch(() => "");
    for (const kind of KINDS) {
      const id = new RegExp(`^${kind}_id:\\s*(\\d+)$`, "m").exec(text)?.[1];
      if (id !== undefined) found[kind].add(Number(id));
    }
  }
  return { prog: [...found.prog], map: [...found.map], link: [...found.link] };
}

/** How many they are. */
export const countOf = (objects: KernelObjects): number => KINDS.reduce((sum, kind) => sum + objects[kind].length, 0);

/**
 * What is left of the objects given, once there are no more than expected: the kernel frees them a moment after their
 * last descriptor has closed. At most 10 s are waited for that.
 */
export async function leftInKernel(given: KernelObjects, expected = 0): Promise<KernelObjects> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const left = { prog: still("prog", given), map: still("map", given), link: still("link", given) };
    if (countOf(left) <= expected || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function still(kind: Kind, given: KernelObjects): number[] {
  const ids = new Set(shown(kind).map(({ id }) => id));
  return given[kind].filter((id) => ids.has(id));
}

/** It fails when an object of whomever goes away while it lists them all. */
function shown(kind: Kind, attempts = 20): { id: number }[] {
  try {
    const shown = execFileSync("bpftool", ["-j", kind, "show"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(shown) as { id: number }[];
  } catch (error) {
    if (attempts === 1) throw error;
    return shown(kind, attempts - 1);
  }
}
