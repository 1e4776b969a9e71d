/** Makes a failing script small enough to read: leaves out lines as long as it fails. */
import type { Script } from "../sides.js";

/** What is left after at most so many seconds; `fails` also answers false for what is no script any more. */
export function shrink(script: Script, fails: (script: Script) => boolean, seconds = 30): Script {
  const end = performance.now() + seconds * 1000;
  const without = (lines: readonly string[], at: number, count: number, rebuild: (text: string) => Script) => {
    const candidate = rebuild(lines.toSpliced(at, count).join("\n"));
    return fails(candidate) ? candidate : null;
  };
  let current = script;
  for (const part of ["body", "declarations", "body"] as const) {
    for (let count = current[part].split("\n").length >> 1; count >= 1; count >>= 1) {
      for (let at = 0; performance.now() < end;) {
        const lines = current[part].split("\n");
        if (at + count > lines.length) break;
        const smaller = without(lines, at, count, (text) => ({ ...current, [part]: text }));
        if (smaller) current = smaller;
        else at++;
      }
    }
  }
  return current;
}
