/** Tapbook as Jupyter knows it: the kernelspec, and the folders where Jupyter looks for one. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const KERNEL_NAME = "tapbook";

export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the package, wherever in it this file lies. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** What Jupyter starts with a connection file as its argument. */
export function kernelEntry(): string {
  return join(packageFolder(), "dist", "kernel", "main.js");
}

/** The user's own Jupyter data folder, as jupyter_core finds it on Linux. */
export function userDataFolder(environment: Environment = process.env): string {
  const given = environment["JUPYTER_DATA_DIR"];
  if (given) return given;
  const home = environment["HOME"] ?? homedir();
  return join(environment["XDG_DATA_HOME"] || join(home, ".local", "share"), "jupyter");
}

/** Every folder in which Jupyter looks, the first find wins. `prefix` is that of the Python that Jupyter runs with. */
export function dataFolders(
  environment: Environment = process.env,
  prefix: string | null = environmentPrefix(environment),
): readonly string[] {
  const listed = (environment["JUPYTER_PATH"] ?? "").split(delimiter).filter(Boolean);
  const ofPrefix = prefix === null ? [] : [join(prefix, "share", "jupyter")];
  return [
    ...new Set([...listed, userDataFolder(environment), ...ofPrefix, "/usr/local/share/jupyter", "/usr/share/jupyter"]),
  ];
}

/** The prefix of the active virtual environment; null where none is. */
export function environmentPrefix(environment: Environment = process.env): string | null {
  return environment["VIRTUAL_ENV"] || environment["CONDA_PREFIX"] || null;
}

/** Writes the kernelspec with its logos below a data folder; returns where. */
export function installKernelspec(dataFolder: string): string {
  const shipped = join(packageFolder(), "kernelspec");
  const target = join(dataFolder, "kernels", KERNEL_NAME);
  const template = JSON.parse(readFileSync(join(shipped, "kernel.json"), "utf8")) as Kernelspec;
  const [, , ...rest] = template.argv;
  // Jupyter starts kernels in the notebook's folder and with its own PATH.
  const specification = { ...template, argv: [process.execPath, kernelEntry(), ...rest] };
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(shipped)) {
    if (name.startsWith("logo-")) copyFileSync(join(shipped, name), join(target, name));
  }
  writeFileSync(join(target, "kernel.json"), `${JSON.stringify(specification, null, 2)}\n`);
  return target;
}

/** Copies what JupyterLab shows the language with below a data folder; returns where. Earlier builds of it are removed. */
export function installLabExtension(dataFolder: string): string {
  const target = join(dataFolder, "labextensions", KERNEL_NAME);
  rmSync(target, { recursive: true, force: true });
  cpSync(join(packageFolder(), "dist", "labextension"), target, { recursive: true });
  return target;
}

/** Removes what the two above have written below a data folder; returns what there was of it. */
export function uninstall(dataFolder: string): readonly string[] {
  const installed = [join(dataFolder, "kernels", KERNEL_NAME), join(dataFolder, "labextensions", KERNEL_NAME)];
  const found = installed.filter((folder) => existsSync(folder));
  for (const folder of found) rmSync(folder, { recursive: true });
  return found;
}

/** Where the kernelspec is installed, and what it starts; null where it is not. */
export function findKernelspec(): { readonly folder: string; readonly argv: readonly string[] } | null {
  for (const data of dataFolders()) {
    const folder = join(data, "kernels", KERNEL_NAME);
    const file = join(folder, "kernel.json");
    if (existsSync(file)) return { folder, argv: (JSON.parse(readFileSync(file, "utf8")) as Kernelspec).argv };
  }
  return null;
}
