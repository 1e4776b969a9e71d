/** Arrays whose keys only user space can tell apart. */
import type { GlobalVariable } from "../check/program.js";
import { isExact } from "../text/symbols.js";
import type { Emitter } from "./emitter.js";
import { KernelCannot } from "./kernel_cannot.js";

/** A probe adds to elements of such an array, and does nothing else with it: what it would read is only a part of the element. */
export function requireCertainKeys(emit: Emitter, global: GlobalVariable): void {
  if (!emit.tables.layout(global.name).keys.some((shape) => shape.kind === "stack" && !isExact(shape.form))) return;
  throw new KernelCannot(
    `the keys of ${global.name} are names from user space, which are found outside of the kernel: a probe can add to its elements, but not read, set or delete them`,
    "do that in an `end` or `timer` probe, or use addresses, as ubacktrace() and uaddr() give them, for the key",
  );
}
