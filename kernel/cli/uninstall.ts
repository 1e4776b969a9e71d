/** `tapbook uninstall`: takes away what `tapbook install` wrote. */
import { CommandError, systemReason, type Command } from "./command.js";
import { chosenDataFolder } from "./data_folder.js";
import { uninstall } from "./kernelspec.js";

const help = `usage: tapbook uninstall [--user | --sys-prefix | --prefix DIR]

Removes the kernelspec and the extension of JupyterLab that \`tapbook install\` wrote with the same option. Notebooks, and what
you typed, stay where they are.

  --user           for this user alone (the default)
  --sys-prefix     from the active virtual environment, else from that of python3
  --prefix DIR     from below DIR/share/jupyter
  -h, --help       this text

Status: 0 when it is gone, 1 when it was not there or could not be removed, 2 for wrong use.`;

export const command: Command = {
  help,
  run(args) {
    const folder = chosenDataFolder(args);
    let removed: readonly string[];
    try {
      removed = uninstall(folder);
    } catch (error) {
      throw new CommandError(`Tapbook cannot be removed from ${folder}: ${systemReason(error)}`);
    }
    if (removed.length === 0) throw new CommandError(`Tapbook is not installed in ${folder}`);
    for (const each of removed) process.stdout.write(`removed ${each}\n`);
    return Promise.resolve(0);
  },
};
