/** A real JupyterLab 4 from Debian trixie, on loopback, with the kernel of this checkout. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installKernelspec, installedKernelspec } from "../../scripts/setup/kernelspec.mjs";
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
  mkdirSync(work, { recursive: true });
  cpSync(join(project, "notebooks"), join(work, "notebooks"), { recursive: true });
  // The tour calls its workload by a path from the notebook's folder.
  symlinkSync(join(inside, "project", "native"), join(work, "native"));
  installKernelspec(join(work, "share"), installedKernelspec(join(inside, "node"), join(inside, "project")));
  const setting = (plugin: string, name: string, value: unknown): void => {
    const folder = join(work, "settings", ...plugin.split("/"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.jupyterlab-settings`), JSON.stringify(value));
  };
  // Cells out of sight would otherwise not be in the page at all, and could not be counted.
  setting("@jupyterlab/notebook-extension", "tracker", { windowingMode: "none" });
  setting("@jupyterlab/apputils-extension", "notification", { fetchNews: "false", checkForUpdates: false });
}

export interface Laboratory {
  readonly server: LoopbackServer;
  /** The folder that the server shows, on this machine. */
  readonly work: string;
  /** Where the Lab shows a notebook, by its path in that folder. */
  address(notebook: string): string;
}

export async function startLaboratory(): Promise<Laboratory> {
  const work = join(cache, "lab-work");
  furnish(work);
  const port = await freePort();
  const token = "only-on-loopback";
  const home = join(inside, "work");
  const lab = spawn(
    join(project, "test", "lab", "in-chroot.sh"),
    [
      ...[chroot, process.execPath, project, work],
      ...["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", `HOME=${home}`, `JUPYTER_TOKEN=${token}`],
      ...[`JUPYTER_PATH=${home}/share`, `JUPYTERLAB_SETTINGS_DIR=${home}/settings`],
      ...["/usr/bin/jupyter-lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`],
      ...["--ServerApp.port_retries=0", `--ServerApp.root_dir=${home}`],
      // Gives the page `window.jupyterapp`, through which the tests run the Lab's own commands.
      "--LabApp.expose_app_in_browser=True",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const server = new LoopbackServer(lab, port, token);
  await server.answers();
  return { server, work, address: (notebook) => `${server.address}/lab/tree/${notebook}?token=${token}` };
}
