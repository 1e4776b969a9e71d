/** A guest: one kernel under QEMU, one command in it, and the folder that both sides write to. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf } from "../../scripts/setup/commands.mjs";
import { note } from "../../scripts/setup/terminal.mjs";
import { initramfs } from "./initramfs.mjs";
import { vmCache } from "./kernels.mjs";

/** What guests need on the machine around them. */
export const guestPackages = ["qemu-system-x86", "busybox-static", "cpio"];

const qemu = "qemu-system-x86_64";
const boots = 3;
/** Ten times what it takes of a processor; of the clock a busy machine may need far more. */
const bootProcessorSeconds = 120;
const bootSeconds = 900;

function qemuVersion() {
  return Number(/version (\d+)/.exec(answerOf(qemu, ["--version"]) ?? "")?.[1] ?? 0);
}

/** Whether a release is older than major.minor. */
function isOlder(release, major, minor) {
  const [ownMajor, ownMinor] = release.split(".").map((part) => Number.parseInt(part, 10));
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

/**
 * Emulated, never accelerated: the result must not depend on what the machine around it can virtualise. QEMU 7 gets
 * cmpxchg16b wrong, and kernels that use it crash now and then while booting; from 6.18 on BPF cannot allocate without it.
 */
function qemuArguments({ image, release }, archive, share) {
  const isOldQemu = qemuVersion() < 8;
  const processor = isOldQemu && isOlder(release, 6, 18) ? "max,-la57,-erms,-cx16" : "max,-la57,-erms";
  const kernelLine = `console=ttyS0 loglevel=3 panic=-1 mitigations=off nokaslr audit=0 apparmor=0 TAPBOOK_SHARE=${share}`;
  return Object.entries({
    accel: `tcg,thread=${isOldQemu ? "single" : "multi"},tb-size=512`,
    cpu: processor,
    smp: "2",
    m: "2048",
    display: "none",
    kernel: image,
    initrd: archive,
    append: kernelLine,
    serial: `file:${join(share, "console")}`,
  })
    .flatMap(([option, value]) => [`-${option}`, value])
    .concat("-nodefaults", "-no-user-config", "-no-reboot")
    .concat("-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap")
    .concat("-virtfs", `local,path=${share},mount_tag=share,security_model=none,multidevs=remap`);
}

/** Seconds of processor time that a process has taken, all its threads together: fields 14 and 15 of its stat, in hundredths. */
function processorSeconds(pid) {
  const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(textOf(`/proc/${pid}/stat`)) ?? [0, 0, 0];
  return (Number(user) + Number(system)) / 100;
}

/** `hasBooted` tells whether the guest has come so far as to run the command. */
function boot(args, { seconds, whileRunning, hasBooted }) {
  return new Promise((resolve, reject) => {
    // What else this machine does goes first.
    const child = spawn("nice", ["-n", "10", qemu, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    const stop = () => child.kill("SIGKILL");
    const start = performance.now();
    const polling = setInterval(() => {
      whileRunning();
      const waited = (performance.now() - start) / 1000;
      const isLate = processorSeconds(child.pid) > bootProcessorSeconds || waited > bootSeconds;
      if (isLate && !hasBooted()) stop();
    }, 500);
    const limit = setTimeout(stop, seconds * 1000);
    process.once("exit", stop);
    child.on("error", reject);
    child.on("close", () => {
      clearInterval(polling);
      clearTimeout(limit);
      process.off("exit", stop);
      whileRunning();
      resolve();
    });
  });
}

const textOf = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

/**
 * Runs a shell command in a guest. `whileRunning` is called twice a second and once at the end, to look into the share.
 * @returns {Promise<{ended: boolean, status: number, output: string, console: string}>}
 */
export async function runInGuest(kernel, { command, seconds, share, whileRunning }) {
  const archive = (mkdirSync(join(vmCache, "initramfs"), { recursive: true }), initramfs(kernel));
  for (let attempt = 1; ; attempt++) {
    rmSync(share, { recursive: true, force: true });
    mkdirSync(share, { recursive: true });
    writeFileSync(join(share, "command.sh"), `${command}\n`);
    const state = () => textOf(join(share, "state")).trim();
    const hasBooted = () => state() !== "";
    // The guest mounts it by this name, and what a link leads to lies elsewhere there.
    await boot(qemuArguments(kernel, archive, realpathSync(share)), { seconds, whileRunning, hasBooted });
    const [word, status] = state().split(" ");
    if (!hasBooted()) {
      note(`Linux ${kernel.release} did not boot (attempt ${attempt} of ${boots})`);
      if (attempt < boots) continue;
    }
    const [output, console] = [textOf(join(share, "output")), textOf(join(share, "console"))];
    return { ended: word === "ended", status: Number(status ?? 1), output, console };
  }
}
