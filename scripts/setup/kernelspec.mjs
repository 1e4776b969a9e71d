/** The built command line, and how it makes Tapbook known to Jupyter. Node built-ins only. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cache, root } from "./paths.mjs";
import { SetupError } from "./terminal.mjs";

/** The `tapbook` command of this checkout. */
export const commandLine = join(root, "dist", "kernel", "cli", "main.js");

/** A Node that the user gave the right to trace, where there is one (see privilege.mjs), else the one that runs us. */
export function kernelNode() {
  const privileged = join(cache, "node-that-may-trace");
  return existsSync(privileged) ? privileged : process.execPath;
}

/** Installs the kernelspec for the user that this environment tells of; returns where. */
export function installKernelspec(environment = process.env) {
  const args = [commandLine, "install", "--user"];
  const { status, stdout, stderr } = spawnSync(kernelNode(), args, { env: environment, encoding: "utf8" });
  if (status !== 0) throw new SetupError(`the kernelspec was not installed: ${stderr}`);
  return /^installed (.*)$/m.exec(stdout)?.[1] ?? "";
}
