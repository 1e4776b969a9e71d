import { readFileSync } from "node:fs";

/** What the kernel keeps even from root: `none`, `integrity` or `confidentiality`; null where it does not tell. */
export function lockdownMode(): string | null {
  try {
    return /\[(\w+)\]/.exec(readFileSync("/sys/kernel/security/lockdown", "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}
