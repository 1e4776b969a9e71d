/** families_seen.json: what probe_families.test.ts saw on each kernel. docs/reference/probes.md shows it as a table. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "../../scripts/setup/paths.mjs";

function readSeen(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** Each run: `{ kernel, release, seen }`, `seen` the file that its kernel wrote; kernels without one keep what was seen before. */
export async function writeFamilies(runs) {
  const seenNow = runs.flatMap(({ kernel, release, seen }) => {
    const families = readSeen(seen);
    return families.length > 0 ? [{ release, suite: kernel.suite ?? "", families }] : [];
  });
  if (seenNow.length === 0) return;
  const file = join(root, "test", "vm", "families_seen.json");
  const before = JSON.parse(readFileSync(file, "utf8")).kernels;
  const now = new Map(seenNow.map((each) => [each.suite, each]));
  const kernels = before.map((each) => now.get(each.suite) ?? each);
  kernels.push(...seenNow.filter(({ suite }) => before.every((each) => each.suite !== suite)));
  const options = { ...(await resolveConfig(file)), filepath: file };
  writeFileSync(file, await format(JSON.stringify({ kernels }), options));
}
