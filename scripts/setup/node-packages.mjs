/** Whether node_modules holds what package-lock.json says, by npm's own record of what it installed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

export function nodePackagesAreInstalled() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(
    // Optional packages are those of other platforms, which npm leaves out.
    ([path, entry]) => path === "" || entry.optional === true || installed[path]?.version === entry.version,
  );
}
