/** `npm run lab`: sets everything up, then opens JupyterLab on the notebooks. */
import { join } from "node:path";
import { findProgram, runForeground } from "./setup/commands.mjs";
import { root } from "./setup/paths.mjs";
import { privilegeAdvice } from "./setup/privilege.mjs";
import { setUp } from "./setup/setup.mjs";
import { SetupError, note, runMain } from "./setup/terminal.mjs";

const howToGetIt = `JupyterLab is not installed here. One of these gets it:

    pipx install jupyterlab
    python3 -m venv .cache/jupyterlab && .cache/jupyterlab/bin/pip install jupyterlab
    sudo apt-get install jupyterlab        (Debian 13, Ubuntu 24.10 and newer)
    sudo dnf install jupyterlab            (Fedora)
    sudo pacman -S jupyterlab              (Arch)

then run this again. The kernel is already installed for it; VS Code and Notebook 7 find it too.`;

await runMain(async () => {
  await setUp();
  const own = join(root, ".cache", "jupyterlab", "bin");
  const program = findProgram("jupyter-lab") ?? findProgram("jupyter-lab", own);
  if (!program) throw new SetupError(howToGetIt);
  const advice = privilegeAdvice();
  if (advice) note(`${advice}\n\nJupyterLab opens all the same; notebooks can be read, tracing will be refused.\n`);
  // JupyterLab itself refuses to run as root unless told.
  const asRoot = process.getuid() === 0 ? ["--allow-root"] : [];
  const notebooks = join(root, "notebooks");
  return runForeground(program, [...asRoot, `--ServerApp.root_dir=${root}`, join(notebooks, "tour.ipynb")]);
});
