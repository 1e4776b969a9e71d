/**
 * What a machine needs from its distribution to build the native engine: looked for by what it is (a program, a
 * header), so that it does not matter how it came there, and named as each distribution names it.
 */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { answerOf, findProgram, runLogged } from "./commands.mjs";
import { SetupError, doing, done } from "./terminal.mjs";

/** The package managers in the order in which they are looked for. */
const managers = [
  { name: "apt", program: "apt-get", refresh: ["update"], install: ["install", "-y", "--no-install-recommends"] },
  { name: "dnf", program: "dnf", install: ["install", "-y"] },
  { name: "pacman", program: "pacman", install: ["-S", "--needed", "--noconfirm"] },
  { name: "zypper", program: "zypper", install: ["--non-interactive", "install"] },
  { name: "apk", program: "apk", install: ["add"] },
];

const compiler = () => process.env.CXX ?? "g++";
const header = (name) => ["/usr/include", "/usr/local/include"].some((folder) => existsSync(join(folder, name)));
/** A static library that the linker would find: the compiler knows where it looks, and gives the bare name where it is not. */
const staticLibrary = (name) => isAbsolute(answerOf(compiler(), [`-print-file-name=${name}`]) ?? "");

/** Each need: how to see that it is met, and the packages that meet it. */
const buildNeeds = [
  {
    what: "a C++ compiler",
    met: () => findProgram(compiler()) !== null,
    packages: { apt: ["g++"], dnf: ["gcc-c++"], pacman: ["gcc"], zypper: ["gcc-c++"], apk: ["g++"] },
  },
  {
    what: "make",
    met: () => findProgram("make") !== null,
    packages: { apt: ["make"], dnf: ["make"], pacman: ["make"], zypper: ["make"], apk: ["make"] },
  },
  {
    what: "Python 3 (node-gyp runs on it)",
    met: () => findProgram("python3") !== null,
    packages: { apt: ["python3"], dnf: ["python3"], pacman: ["python"], zypper: ["python3"], apk: ["python3"] },
  },
  {
    what: "libbpf with its static library",
    met: () => header("bpf/bpf.h") && staticLibrary("libbpf.a"),
    packages: {
      apt: ["libbpf-dev"],
      dnf: ["libbpf-devel", "libbpf-static"],
      pacman: ["libbpf"],
      zypper: ["libbpf-devel", "libbpf-devel-static"],
      apk: ["libbpf-dev", "linux-headers"],
    },
  },
  {
    // Only how to call it: the library itself is loaded on the machine that runs, where it is there.
    what: "elfutils' headers (libdw)",
    met: () => header("elfutils/libdw.h"),
    packages: {
      apt: ["libdw-dev"],
      dnf: ["elfutils-devel"],
      pacman: ["libelf"],
      zypper: ["libdw-devel"],
      apk: ["elfutils-dev"],
    },
  },
  {
    what: "zlib with its static library",
    met: () => header("zlib.h") && staticLibrary("libz.a"),
    packages: {
      apt: ["zlib1g-dev"],
      dnf: ["zlib-devel", "zlib-static"],
      pacman: ["zlib"],
      zypper: ["zlib-devel", "zlib-devel-static"],
      apk: ["zlib-dev", "zlib-static"],
    },
  },
];

/** Programs that only the tests need, by their Debian packages; other distributions name the same things alike. */
export const testPackages = [
  "jupyter-server",
  "jupyter-nbconvert",
  "python3-jupyter-kernel-test",
  "jupyter-console",
  "bpftool",
  "strace",
  "systemtap-sdt-dev",
];
export const labPackages = ["chromium", "debootstrap"];

/** The command a person would type, and the same as lists for us to run. */
function installation(packages) {
  const manager = managers.find(({ program }) => findProgram(program) !== null);
  if (!manager) return null;
  const commands = [...(manager.refresh ? [manager.refresh] : []), [...manager.install, ...packages]];
  const typed = commands.map((args) => `sudo ${manager.program} ${args.join(" ")}`).join(" && ");
  return { manager, commands, typed };
}

function managerName() {
  return managers.find(({ program }) => findProgram(program) !== null)?.name ?? null;
}

async function install(packages, why) {
  const plan = installation(packages);
  if (!plan) {
    throw new SetupError(
      `missing: ${why}. This system has none of ${managers.map(({ program }) => program).join(", ")}; install it, then run this again.`,
    );
  }
  if (process.getuid() !== 0) {
    throw new SetupError(`missing: ${why}. Install it, then run this again:\n\n    ${plan.typed}\n`);
  }
  doing("system packages", `missing: ${why}; installing ${packages.join(" ")} with ${plan.manager.program}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of plan.commands) await runLogged("system-packages", plan.manager.program, args, environment);
}

/** Sees to it that the native engine can be built; installs what is missing when allowed, else says the command. */
export async function ensureBuildPackages() {
  const missing = buildNeeds.filter((need) => !need.met());
  const manager = managerName();
  if (missing.length > 0) {
    const packages = missing.flatMap((need) => (manager ? need.packages[manager] : []));
    await install(packages, missing.map((need) => need.what).join(", "));
    const still = missing.filter((need) => !need.met());
    if (still.length > 0)
      throw new SetupError(`still missing after the installation: ${still.map((need) => need.what).join(", ")}`);
  }
  done("system packages", "compiler, make, Python, libbpf, libdw, zlib");
}

/** Sees to it that Debian packages which the tests use are there. Where that cannot be, the tests say so themselves. */
export async function ensureDebianPackages(names) {
  if (managerName() !== "apt") return;
  const missing = names.filter(
    (name) => answerOf("dpkg-query", ["-W", "-f", "${db:Status-Status}", name]) !== "installed",
  );
  if (missing.length > 0) await install(missing, missing.join(", "));
  done("packages for the tests", names.join(" "));
}
