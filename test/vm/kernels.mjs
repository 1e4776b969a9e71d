/**
 * The kernels that users have, as Debian ships them: fetched by name from package lists of their own, so that neither
 * the lists nor the packages of the machine that runs the tests are touched.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, runLogged } from "../../scripts/setup/commands.mjs";
import { cache } from "../../scripts/setup/paths.mjs";
import { SetupError, doing } from "../../scripts/setup/terminal.mjs";

export const vmCache = join(cache, "vm");

/**
 * `isSupported`: all tests run there; where not, those that hold what Tapbook says about it. `generatedPrograms`: how many are
 * loaded at most; the newest kernel has the verifier of the machine around it, more or less.
 */
export const kernels = [
  { name: "5.10", suite: "bullseye", isSupported: false, generatedPrograms: 0 },
  { name: "6.1", suite: "bookworm", isSupported: true, generatedPrograms: Infinity },
  { name: "6.12", suite: "trixie", isSupported: true, generatedPrograms: Infinity },
  { name: "newest", suite: "trixie-backports", isSupported: true, generatedPrograms: 100 },
];

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** From 7.0 on Debian splits what was one package. */
const kernelPackage = /^linux-(?:image|binary|modules|base)-\d.*-amd64$/;

/** Where this machine gets Debian's packages from. */
function mirror() {
  const format = "$(REPO_URI) $(ORIGIN) $(LABEL)";
  const targets = answerOf("apt-get", ["indextargets", "--format", format, "Identifier: Packages"]) ?? "";
  const found = targets.split("\n").find((line) => line.endsWith(" Debian Debian"));
  if (!found)
    throw new SetupError("the kernels to test come from Debian's archive, and this system has it in no package list");
  return found.split(" ")[0];
}

/** Options that make apt work on its own lists in a folder, for one suite. */
function aptOptions(folder, suite) {
  for (const inner of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(folder, inner), { recursive: true });
  const sources = join(folder, "sources.list");
  writeFileSync(sources, `deb [arch=amd64 signed-by=${keyring}] ${mirror()} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "-",
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "Acquire::Languages": "none",
    // The sandbox's user may not be able to write here.
    "APT::Sandbox::User": "root",
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}

/** The packages that the suite's kernel package stands for. */
function packagesOf(options) {
  const found = new Set();
  const visit = (name) => {
    const answer = answerOf("apt-cache", [...options, "depends", "--important", name]) ?? "";
    for (const [, dependency] of answer.matchAll(/Depends: (\S+)/g)) {
      if (!kernelPackage.test(dependency) || found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  visit("linux-image-amd64");
  if (found.size === 0) throw new SetupError("the suite has no package linux-image-amd64");
  return [...found];
}

function unpacked(folder) {
  const modules = ["usr/lib/modules", "lib/modules"].map((path) => join(folder, path)).find((path) => existsSync(path));
  const release = modules && readdirSync(modules)[0];
  if (!release) throw new SetupError(`there is no kernel in ${folder}`);
  const images = [join(folder, "boot", `vmlinuz-${release}`), join(modules, release, "vmlinuz")];
  const image = images.find((path) => existsSync(path));
  if (!image) throw new SetupError(`there is no kernel image in ${folder}`);
  return { release, image, modules: join(modules, release) };
}

/** Fetches and unpacks a kernel unless it is there; `refresh` looks for the newest of its suite. */
export async function fetchKernel(kernel, { refresh = false } = {}) {
  const folder = join(vmCache, "kernels", kernel.name);
  if (refresh) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(folder)) {
    doing(`Linux ${kernel.name}`, `fetching it from Debian ${kernel.suite}`);
    const apt = join(vmCache, "apt", kernel.suite);
    const options = aptOptions(apt, kernel.suite);
    await runLogged(`vm-${kernel.name}`, "apt-get", [...options, "update"]);
    const downloads = `${folder}.packages`;
    const unfinished = `${folder}.unfinished`;
    for (const path of [downloads, unfinished]) {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { recursive: true });
    }
    const download = ["apt-get", ...options, "download", ...packagesOf(options)];
    await runLogged(`vm-${kernel.name}`, "env", ["-C", downloads, ...download]);
    for (const file of readdirSync(downloads)) {
      await runLogged(`vm-${kernel.name}`, "dpkg-deb", ["--extract", join(downloads, file), unfinished]);
    }
    rmSync(downloads, { recursive: true });
    renameSync(unfinished, folder);
  }
  return { ...kernel, ...unpacked(folder) };
}
