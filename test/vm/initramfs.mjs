/** The small system that a guest starts from: busybox, the modules for the shared folders, and `init.sh`. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../scripts/setup/commands.mjs";
import { SetupError } from "../../scripts/setup/terminal.mjs";
import { vmCache } from "./kernels.mjs";

const init = new URL("init.sh", import.meta.url);

/** Each before those that need it; what a kernel has built in, or has not yet, is not among its files. */
const modules =
  "virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci netfs fscache 9pnet 9pnet_virtio 9p overlay fuse".split(
    " ",
  );

function run(program, args, options) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { maxBuffer: 1 << 30, ...options });
  if (status !== 0) throw new SetupError(`${program} ${args.join(" ")}: ${error?.message ?? stderr}`);
  return stdout;
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

function uncompressed(path) {
  if (path.endsWith(".xz")) return run("xz", ["--decompress", "--stdout", path]);
  if (path.endsWith(".zst")) return run("zstd", ["--decompress", "--stdout", "--quiet", path]);
  return readFileSync(path);
}

/** Made once for a kernel, and anew when `init.sh` or this file has changed. */
export function initramfs({ name, release, modules: folder }) {
  const archive = join(vmCache, "initramfs", `${name}-${release}.cpio`);
  const changed = Math.max(...[init, new URL(import.meta.url)].map((file) => statSync(file).mtimeMs));
  if (existsSync(archive) && statSync(archive).mtimeMs > changed) return archive;
  const tree = `${archive}.tree`;
  rmSync(tree, { recursive: true, force: true });
  for (const path of ["bin", "dev", "proc", "sys", "modules", "upper", "host", "guest"])
    mkdirSync(join(tree, path), { recursive: true });
  copyFileSync(findProgram("busybox"), join(tree, "bin", "busybox"));
  copyFileSync(init, join(tree, "init"));
  chmodSync(join(tree, "init"), 0o755);
  const files = [...filesIn(folder)];
  const order = modules.filter((module) => {
    const file = files.find((path) => new RegExp(`/${module}\\.ko(\\.xz|\\.zst)?$`).test(path));
    if (file) writeFileSync(join(tree, "modules", `${module}.ko`), uncompressed(file));
    return file !== undefined;
  });
  writeFileSync(join(tree, "modules", "order"), `${order.join("\n")}\n`);
  const names = ["./init", ...[...filesIn(tree)].map((path) => `.${path.slice(tree.length)}`)];
  const folders = readdirSync(tree, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const list = [...folders.map((entry) => `./${entry.name}`), ...new Set(names)].join("\n");
  writeFileSync(
    archive,
    run("cpio", ["--create", "--format=newc", "--quiet", "--owner=0:0"], { cwd: tree, input: list }),
  );
  rmSync(tree, { recursive: true });
  return archive;
}
