/** `tapbook install`: makes Tapbook known to Jupyter. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { CommandError, parseCommandLine, systemReason, UsageError, type Command } from "./command.js";
import { environmentPrefix, installKernelspec, installLabExtension, userDataFolder } from "./kernelspec.js";

const help = `usage: tapbook install [--user | --sys-prefix | --prefix DIR]

Writes the kernelspec that lets Jupyter offer Tapbook, and the extension by which JupyterLab 4 colours and indents its cells and
.stp files. The kernelspec names this copy of Tapbook and the Node that runs it.

  --user           for this user alone (the default)
  --sys-prefix     into the active virtual environment, else into that of python3
  --prefix DIR     below DIR/share/jupyter
  -h, --help       this text

Status: 0 when it is installed, 1 when it could not be written, 2 for wrong use.`;

export const command: Command = {
  help,
  run(args) {
    const { values } = parseCommandLine({
      args: [...args],
      options: { user: { type: "boolean" }, "sys-prefix": { type: "boolean" }, prefix: { type: "string" } },
    });
    if ([values.user, values["sys-prefix"], values.prefix].filter((value) => value !== undefined).length > 1) {
      throw new UsageError("give one of --user, --sys-prefix and --prefix");
    }
    if (values.prefix === "") throw new UsageError("--prefix wants a folder");
    const prefix = values["sys-prefix"] ? pythonPrefix() : values.prefix;
    const folder = prefix === undefined ? userDataFolder() : join(resolve(prefix), "share", "jupyter");
    try {
      for (const install of [installKernelspec, installLabExtension])
        process.stdout.write(`installed ${install(folder)}\n`);
    } catch (error) {
      throw new CommandError(`the kernelspec cannot be written to ${folder}: ${systemReason(error)}`);
    }
    return Promise.resolve(0);
  },
};

function pythonPrefix(): string {
  const active = environmentPrefix();
  if (active !== null) return active;
  const { status, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
  if (status !== 0)
    throw new CommandError("--sys-prefix: no virtual environment is active, and there is no python3 to ask");
  return stdout.trim();
}
