/** Where and with what the numbers were taken. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release } from "node:os";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const workload = `${root}native/build/Release/workload`;
const python = "/usr/bin/python3";

/** The last processor: pinned there, a tight loop leaves the first one to whoever watches it. */
export const loadProcessor = cpus().length - 1;

function firstLine(program, args) {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .split("\n")[0]
      .trim();
  } catch {
    return null;
  }
}

const bpftraceVersion = firstLine("bpftrace", ["--version"]);
const ipykernelVersion = firstLine(python, ["-c", "import ipykernel; print(ipykernel.__version__)"]);

/** The peers, each with what its column says where it is missing. */
export const bpftrace = {
  version: bpftraceVersion?.replace("bpftrace ", "") ?? null,
  missing: bpftraceVersion === null ? "not installed: apt-get install bpftrace" : null,
};
export const ipykernel = {
  version: ipykernelVersion,
  missing: ipykernelVersion === null ? "not installed: apt-get install python3-ipykernel" : null,
  specification: { argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"] },
};
export const tapbook = {
  specification: { argv: [process.execPath, `${root}dist/kernel/main.js`, "{connection_file}"] },
};

/** Why there is nothing to measure; null where there is. */
export function notBuilt() {
  const files = [`${root}dist/kernel/main.js`, `${root}native/build/Release/tapbook.node`, workload];
  return files.every((file) => existsSync(file)) ? null : "not built: run `npm run build` first";
}

export function describeMachine() {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "Linux";
  return [
    `- machine: ${cpus()[0]?.model.trim()}, ${cpus().length} CPUs; load average ${loadavg()[0].toFixed(1)} at the start`,
    `- system: ${system}, kernel ${release()}`,
    `- Tapbook ${version}, Node ${process.version}, bpftrace ${bpftrace.version ?? "missing"}, ipykernel ${ipykernel.version ?? "missing"}`,
  ].join("\n");
}
