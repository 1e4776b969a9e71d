/** A real JupyterLab 4 from Debian trixie, on loopback, with the kernel of this checkout. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../end_to_end/checkout.js";
import { LoopbackServer, freePort } from "../end_to_end/jupyter-server.js";

export const cache = join(project, ".cache");
const chroot = join(cache, "trixie");

/** Why there can be no JupyterLab here; null where there can. */
export function laboratoryIsMissing(): string | null {
  if (process.getuid?.() !== 0) return "a chroot needs root";
  if (!existsSync(chroot)) return "no Debian trixie in .cache (npm run test:lab makes it, with debootstrap)";
  return null;
}

/** Where the chroot shows what in-chroot.sh brings in. */
const inside = "/opt/tapbook";

/** Puts the notebooks, our kernelspec and the settings where the server in the chroot finds them. */
function furnish(work: string): void {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "notebooks"), { recursive: true });
  cpSync(join(project, "notebooks"), join(work, "notebooks"), {
    recursive: true,
    filter: (path) => !path.endsWith(".executed.ipynb"),
  });
  // The tour calls its workload by a path from the notebook's folder.
  symlinkSync(join(inside, "project", "native"), join(work, "native"));
  install(work);
  const setting = (plugin: string, name: string, value: unknown): void => {
    const folder = join(work, "settings", ...plugin.split("/"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.jupyterlab-settings`), JSON.stringify(value));
  };
  // Cells out of sight would otherwise not be in the page at all, and could not be counted.
  setting("@jupyterlab/notebook-extension", "tracker", { windowingMode: "none" });
  setting("@jupyterlab/apputils-extension", "notification", { fetchNews: "false", checkForUpdates: false });
}

const home = join(inside, "work");

/** The command line that runs a command in the chroot, with nothing of this user's environment. */
function inChroot(work: string, variables: readonly string[], command: readonly string[]) {
  const place = [chroot, process.execPath, project, work];
  const own = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", `HOME=${home}`, `JUPYTER_PATH=${home}/share`];
  const args = [...place, "/usr/bin/env", "-i", ...own, ...variables, ...command];
  return [join(project, "test", "lab", "in-chroot.sh"), args] as const;
}

/** Installs our kernelspec by our own command in the chroot, since it names the paths that it sees. */
function install(work: string): void {
  const command = [
    join(inside, "node"),
    join(inside, "project", "dist", "kernel", "cli", "main.js"),
    "install",
    "--user",
  ];
  const variables = [`JUPYTER_DATA_DIR=${home}/share`];
  const { status, stderr } = spawnSync(...inChroot(work, variables, command), { encoding: "utf8" });
  if (status !== 0) throw new Error(`the kernelspec was not installed: ${stderr}`);
}

/** Where programs of the chroot's Python work: notebooks are in its `notebooks`. */
export const pythonWork = join(cache, "lab-python");

/** Runs a Python program of this checkout with the chroot's Python and our kernel; returns what it said. */
export function runPython(program: string, args: readonly string[]): string {
  const work = pythonWork;
  furnish(work);
  const command = ["/usr/bin/python3", join(inside, "project", program), ...args];
  const limits = { timeout: 120_000, killSignal: "SIGKILL" as const };
  const { stdout, stderr } = spawnSync(...inChroot(work, [], command), { encoding: "utf8", ...limits });
  return `${stderr}${stdout}`;
}

export interface Laboratory {
  readonly server: LoopbackServer;
  /** The folder that the server shows, on this machine. */
  readonly work: string;
  /** Where the Lab shows a notebook, by its path in that folder; in a workspace of its own beside what is open elsewhere. */
  address(notebook: string, workspace?: string): string;
}

export async function startLaboratory(): Promise<Laboratory> {
  const work = join(cache, "lab-work");
  furnish(work);
  const port = await freePort();
  const token = "only-on-loopback";
  const variables = [`JUPYTER_TOKEN=${token}`, `JUPYTERLAB_SETTINGS_DIR=${home}/settings`];
  const program = ["/usr/bin/jupyter-lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`];
  // The last gives the page `window.jupyterapp`, through which the tests run the Lab's own commands.
  const options = ["--ServerApp.port_retries=0", `--ServerApp.root_dir=${home}`, "--LabApp.expose_app_in_browser=True"];
  const lab = spawn(...inChroot(work, variables, [...program, ...options]), { stdio: ["ignore", "pipe", "pipe"] });
  const server = new LoopbackServer(lab, port, token);
  await server.answers();
  const address = (notebook: string, workspace?: string): string => {
    const place = workspace === undefined ? "" : `workspaces/${workspace}/`;
    return `${server.address}/lab/${place}tree/${notebook}?token=${token}`;
  };
  return { server, work, address };
}
