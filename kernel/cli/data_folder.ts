/** Which of Jupyter's folders `install` and `uninstall` are about, from their options. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { CommandError, parseCommandLine, UsageError } from "./command.js";
import { environmentPrefix, userDataFolder } from "./kernelspec.js";

export function chosenDataFolder(args: readonly string[]): string {
  const { values } = parseCommandLine({
    args: [...args],
    options: { user: { type: "boolean" }, "sys-prefix": { type: "boolean" }, prefix: { type: "string" } },
  });
  if ([values.user, values["sys-prefix"], values.prefix].filter((value) => value !== undefined).length > 1) {
    throw new UsageError("give one of --user, --sys-prefix and --prefix");
  }
  if (values.prefix === "") throw new UsageError("--prefix wants a folder");
  const prefix = values["sys-prefix"] ? pythonPrefix() : values.prefix;
  return prefix === undefined ? userDataFolder() : join(resolve(prefix), "share", "jupyter");
}

function pythonPrefix(): string {
  const active = environmentPrefix();
  if (active !== null) return active;
  const { status, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
  if (status !== 0)
    throw new CommandError("--sys-prefix: no virtual environment is active, and there is no python3 to ask");
  return stdout.trim();
}
