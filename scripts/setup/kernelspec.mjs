/** Makes Tapbook known to Jupyter. Node built-ins only, since it runs before anything is installed. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, dataDirectories, root, userDataDirectory } from "./paths.mjs";

export const kernelName = "tapbook";

/** A Node that the user gave the right to trace, where there is one (see privilege.mjs), else the one that runs us. */
export function kernelNode() {
  const privileged = join(cache, "node-that-may-trace");
  return existsSync(privileged) ? privileged : process.execPath;
}

/** kernel.json with absolute paths in place of the relative ones that are in git. */
export function installedKernelspec(node = kernelNode(), folder = root) {
  const template = JSON.parse(readFileSync(join(root, "kernelspec", "kernel.json"), "utf8"));
  const [, entry, ...rest] = template.argv;
  return { ...template, argv: [node, join(folder, entry), ...rest] };
}

/** Writes the kernelspec and its logos below a Jupyter data folder; returns where. */
export function installKernelspec(dataDirectory = userDataDirectory(), specification = installedKernelspec()) {
  const target = join(dataDirectory, "kernels", kernelName);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(join(root, "kernelspec"))) {
    if (name.startsWith("logo-")) copyFileSync(join(root, "kernelspec", name), join(target, name));
  }
  writeFileSync(join(target, "kernel.json"), `${JSON.stringify(specification, null, 2)}\n`);
  return target;
}

/** The kernelspec of that name as Jupyter would find it, with its folder; null where there is none. */
export function findKernelspec(name) {
  for (const folder of dataDirectories()) {
    const directory = join(folder, "kernels", name);
    const file = join(directory, "kernel.json");
    if (existsSync(file)) return { directory, specification: JSON.parse(readFileSync(file, "utf8")) };
  }
  return null;
}
