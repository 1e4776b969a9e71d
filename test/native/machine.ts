/** What the tests know of the kernel that they run on, from elsewhere than the engine. */
import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";

const [ownMajor = 0, ownMinor = 0] = release().split(".").map(Number);

/** Below 0 where the running kernel is older than major.minor. */
export function compareKernel(major: number, minor: number): number {
  return ownMajor - major || ownMinor - minor;
}

/** Debian's kernel in one of our virtual machines: nothing is locked down there. */
export const isGuest = readFileSync("/proc/cmdline", "utf8").includes("TAPBOOK_SHARE");

export const hasKprobes = existsSync("/sys/bus/event_source/devices/kprobe");
