/** How probes get into programs on this machine: one link for many places, or breakpoints one by one. */
import type { Target } from "../../compiler/catalogue.js";
import type { AttachPoint } from "../../compiler/compiled.js";
import { isRelease } from "../kernel_release.js";
import type { ProgramFile } from "../../compiler/program_file.js";

export interface Place {
  readonly name: string;
  readonly offset: bigint;
  /** Of the counter that tells the program that somebody listens; 0 for none. */
  readonly semaphoreOffset: bigint;
}

export type ProgramAttachPoint = Extract<AttachPoint, { readonly kind: "uprobe" | "uprobe_multi" }>;

/** Each takes a millisecond to put, and up to a tenth of a second to take away. */
const MOST_BREAKPOINTS = 1_000;

/** Earlier ones mistake a process for its first thread. */
const MULTI_KNOWS_PROCESSES = [6, 12] as const;

/** Or why the kernel cannot. */
export function attachTo(
  { path }: ProgramFile,
  places: readonly Place[],
  isReturn: boolean,
  pid: number | null,
  target: Target,
): ProgramAttachPoint | { readonly reason: string } {
  const offsets = places.map(({ offset }) => offset);
  const semaphores = places.map(({ semaphoreOffset }) => semaphoreOffset);
  const common = { path, offsets, semaphores, isReturn };
  const multi = target.refusal({ kind: "uprobe_multi" });
  if (multi === null)
    return { kind: "uprobe_multi", ...common, pid: isRelease(target, MULTI_KNOWS_PROCESSES) ? pid : null };
  const single = target.refusal({ kind: "uprobe" });
  if (single !== null) return { reason: `programs cannot be probed on this machine (uprobe: ${single})` };
  if (places.length > MOST_BREAKPOINTS) {
    return {
      reason: `${places.length} places are meant, and at most ${MOST_BREAKPOINTS} are probed at once without uprobe.multi (${multi})`,
    };
  }
  return { kind: "uprobe", ...common, pid };
}

export function describe({ kind, isReturn }: ProgramAttachPoint): string {
  const name = kind === "uprobe_multi" ? "uprobe.multi" : "uprobe";
  return isReturn ? name.replace("uprobe", "uretprobe") : name;
}
