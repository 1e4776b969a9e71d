/** What Linux can do since which release, where nothing but its release tells. */
import type { Target } from "../compiler/catalogue.js";

/** Whether the kernel is of that release or a later one. */
export function isRelease(
  { kernelRelease }: Target,
  [wantedMajor, wantedMinor]: readonly [major: number, minor: number],
): boolean {
  const [major = 0, minor = 0] = kernelRelease.split(".").map((part) => Number.parseInt(part, 10));
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
