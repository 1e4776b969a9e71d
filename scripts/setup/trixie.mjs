/**
 * Debian trixie in a folder of its own: the distribution that packages JupyterLab 4, for the tests that look at charts
 * in a real one. Takes some minutes and 2 GB, once.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findProgram, runLogged } from "./commands.mjs";
import { cache } from "./paths.mjs";
import { doing, done, note } from "./terminal.mjs";

export const trixie = join(cache, "trixie");

const packages = ["jupyterlab", "jupyter-nbconvert", "python3-jupyter-kernel-test"];

/** Makes it where it is not there and can be made; the tests that need it look for themselves. */
export async function ensureTrixie() {
  if (!existsSync(trixie)) {
    if (process.getuid() !== 0 || !findProgram("debootstrap")) {
      note("no Debian trixie for the tests in JupyterLab 4: making it needs root and debootstrap");
      return;
    }
    // Made under another name, so that what was interrupted is not taken for the whole.
    const unfinished = `${trixie}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    doing("Debian trixie with JupyterLab 4", "debootstrap, then apt-get; about 4 minutes");
    await runLogged("trixie-debootstrap", "debootstrap", ["--variant=minbase", "trixie", unfinished]);
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages], ["clean"]]) {
      await runLogged("trixie-packages", "chroot", [unfinished, "apt-get", ...args], environment);
    }
    renameSync(unfinished, trixie);
  }
  done("Debian trixie with JupyterLab 4", trixie);
}
