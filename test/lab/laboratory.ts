/** A real JupyterLab 4 from Debian trixie, on loopback, with the kernel of this checkout. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";

export const project = fileURLToPath(new URL("../..", import.meta.url));
export const cache = join(project, ".cache");
export const chroot = join(cache, "trixie");

/** Why there can be no JupyterLab here; null where there can. */
export function laboratoryIsMissing(): string | null {
  if (process.getuid?.() !== 0) return "a chroot needs root";
  if (!existsSync(chroot)) return "no Debian trixie in .cache (npm run test:lab makes it, with debootstrap)";
  return null;
}

/** The folder in the chroot that the server shows, and the same folder on this machine. */
const inside = "/opt/tapbook";
const token = "only-on-loopback";

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Puts the notebooks, our kernelspec and the settings where the server in the chroot finds them. */
function furnish(work: string): void {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(join(project, "notebooks"), join(work, "notebooks"), { recursive: true });
  // The tour calls its workload by a path from the notebook's folder.
  symlinkSync(join(inside, "project", "native"), join(work, "native"));
  const kernelspec = join(work, "share", "kernels", "tapbook");
  cpSync(join(project, "kernelspec"), kernelspec, { recursive: true });
  const template = JSON.parse(readFileSync(join(kernelspec, "kernel.json"), "utf8")) as { argv: string[] };
  const argv = [join(inside, "node"), join(inside, "project", template.argv[1] ?? ""), ...template.argv.slice(2)];
  writeFileSync(join(kernelspec, "kernel.json"), JSON.stringify({ ...template, argv }));
  const setting = (plugin: string, name: string, value: unknown): void => {
    const folder = join(work, "settings", ...plugin.split("/"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.jupyterlab-settings`), JSON.stringify(value));
  };
  // Cells out of sight would otherwise not be in the page at all, and could not be counted.
  setting("@jupyterlab/notebook-extension", "tracker", { windowingMode: "none" });
  setting("@jupyterlab/apputils-extension", "notification", { fetchNews: "false", checkForUpdates: false });
}

export class Laboratory {
  readonly #server: ChildProcess;
  readonly #port: number;
  readonly #log: string[];
  /** The folder that the server shows, on this machine. */
  readonly work: string;

  private constructor(server: ChildProcess, port: number, log: string[], work: string) {
    this.#server = server;
    this.#port = port;
    this.#log = log;
    this.work = work;
  }

  static async start(): Promise<Laboratory> {
    const work = join(cache, "lab-work");
    furnish(work);
    const port = await freePort();
    const home = join(inside, "work");
    const server = spawn(
      join(project, "test", "lab", "in-chroot.sh"),
      [
        ...[chroot, process.execPath, project, work],
        ...["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", `HOME=${home}`],
        ...[`JUPYTER_PATH=${home}/share`, `JUPYTERLAB_SETTINGS_DIR=${home}/settings`],
        ...["/usr/bin/jupyter-lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`],
        ...["--ServerApp.port_retries=0", `--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${home}`],
        // Gives the page `window.jupyterapp`, through which the tests run the Lab's own commands.
        "--LabApp.expose_app_in_browser=True",
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const log: string[] = [];
    for (const stream of [server.stdout, server.stderr])
      stream?.on("data", (chunk: Buffer) => log.push(chunk.toString()));
    const laboratory = new Laboratory(server, port, log, work);
    await laboratory.#answers();
    return laboratory;
  }

  address(notebook: string): string {
    return `http://127.0.0.1:${this.#port}/lab/tree/${notebook}?token=${token}`;
  }

  get log(): string {
    return this.#log.join("");
  }

  async #answers(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (this.#server.exitCode !== null) break;
      const response = await fetch(`http://127.0.0.1:${this.#port}/api/status?token=${token}`).catch(() => null);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await this.close();
    throw new Error(`JupyterLab did not start:\n${this.log}`);
  }

  /** Ends the server, which ends its kernels. */
  async close(): Promise<void> {
    if (this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill("SIGTERM");
    const timer = setTimeout(() => this.#server.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  }
}
