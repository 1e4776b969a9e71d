/** `tapbook install`: makes Tapbook known to Jupyter. */
import { CommandError, systemReason, type Command } from "./command.js";
import { chosenDataFolder } from "./data_folder.js";
import { installKernelspec, installLabExtension } from "./kernelspec.js";

const help = `usage: tapbook install [--user | --sys-prefix | --prefix DIR]

Writes the kernelspec that lets Jupyter offer Tapbook, and the extension by which JupyterLab 4 colours and indents its cells and
.stp files. The kernelspec names this copy of Tapbook and the Node that runs it. What an earlier copy installed there is replaced.

  --user           for this user alone (the default)
  --sys-prefix     into the active virtual environment, else into that of python3
  --prefix DIR     below DIR/share/jupyter
  -h, --help       this text

Status: 0 when it is installed, 1 when it could not be written, 2 for wrong use.`;

export const command: Command = {
  help,
  run(args) {
    const folder = chosenDataFolder(args);
    try {
      for (const install of [installKernelspec, installLabExtension])
        process.stdout.write(`installed ${install(folder)}\n`);
    } catch (error) {
      throw new CommandError(`the kernelspec cannot be written to ${folder}: ${systemReason(error)}`);
    }
    return Promise.resolve(0);
  },
};
