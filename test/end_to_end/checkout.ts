/** What the tests with real clients need of this checkout and of the machine, and what to say where it is missing. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { installKernelspec } from "../../scripts/setup/kernelspec.mjs";
import { missingCapabilities } from "../../scripts/setup/privilege.mjs";

export const project = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
export const workload = join(project, "native", "build", "Release", "workload");

/** Debian's own Python: another one that comes first on the search path has none of Debian's packages. */
export const python = "/usr/bin/python3";

/** Why our kernel cannot run and trace here; null where it can. */
export function kernelIsMissing(): string | null {
  if (!existsSync(join(project, "dist", "kernel", "main.js"))) return "the kernel is not built (npm run build)";
  if (!existsSync(workload)) return "the native engine is not built (npm run build)";
  const missing = missingCapabilities();
  return missing.length > 0 ? `no right to trace: ${missing.join(", ")} missing` : null;
}

/** Why a Python module is not to be had; null where it is. */
export function pythonModuleIsMissing(name: string, debianPackage: string): string | null {
  const found = existsSync(python) && spawnSync(python, ["-c", `import ${name}`]).status === 0;
  return found ? null : `no Python module ${name} (Debian package ${debianPackage})`;
}

/** As `describe`; where something is missing its tests are skipped, with the reason in their names. */
export function describeUnless(missing: string | null, title: string, body: () => void): void {
  if (missing === null) describe(title, body);
  else describe.skip(`${title} (${missing})`, body);
}

/** A Jupyter data folder of a test's own that holds our kernelspec and nothing else. */
export class DataFolder {
  readonly path = mkdtempSync(join(tmpdir(), "tapbook-data-"));
  /** For clients: they find our kernel here and nothing of this user's. */
  readonly environment: NodeJS.ProcessEnv;

  constructor() {
    installKernelspec({ ...process.env, JUPYTER_DATA_DIR: this.path });
    this.environment = {
      ...process.env,
      JUPYTER_PATH: this.path,
      JUPYTER_DATA_DIR: join(this.path, "user"),
      JUPYTER_CONFIG_DIR: join(this.path, "configuration"),
      JUPYTER_RUNTIME_DIR: join(this.path, "runtime"),
      JUPYTER_PLATFORM_DIRS: "1",
      XDG_STATE_HOME: join(this.path, "state"),
      IPYTHONDIR: join(this.path, "ipython"),
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
