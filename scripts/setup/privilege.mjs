/** Whether this process may trace, and what to tell its user when not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf } from "./commands.mjs";
import { kernelNode } from "./kernelspec.mjs";
import { cache } from "./paths.mjs";

/** Bits in /proc/self/status, from linux/capability.h. */
const bits = { CAP_SYS_ADMIN: 21n, CAP_PERFMON: 38n, CAP_BPF: 39n };

/** The /proc status of the program that will run the kernel: its file may carry capabilities that we have not. */
function kernelStatus() {
  const node = kernelNode();
  const answer =
    node === process.execPath
      ? null
      : answerOf(node, ["-p", 'require("node:fs").readFileSync("/proc/self/status", "utf8")']);
  return answer ?? readFileSync("/proc/self/status", "utf8");
}

/** The names of those needed capabilities that the kernel process would not have. */
export function missingCapabilities(status = kernelStatus()) {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  const has = (name) => ((effective >> bits[name]) & 1n) === 1n;
  // CAP_SYS_ADMIN includes the other two, which were split off from it in Linux 5.8.
  return has("CAP_SYS_ADMIN") ? [] : ["CAP_BPF", "CAP_PERFMON"].filter((name) => !has(name));
}

/** A user namespace of its own (a rootless container) gives capabilities that the kernel does not accept for BPF. */
export function isInUserNamespace(map = readFileSync("/proc/self/uid_map", "utf8")) {
  return !/^\s*0\s+0\s+4294967295\s*$/.test(map);
}

/** What is missing and how to grant it, as lines; null where tracing is allowed. */
export function privilegeAdvice(missing = missingCapabilities(), inUserNamespace = isInUserNamespace()) {
  if (inUserNamespace) {
    return "This process runs in a user namespace (a rootless container), where the kernel refuses eBPF whatever the capabilities. Run it on the host, or in a container started by root with --cap-add BPF --cap-add PERFMON.";
  }
  if (missing.length === 0) return null;
  const node = join(cache, "node-that-may-trace");
  return [
    `Tracing needs the capabilities CAP_BPF and CAP_PERFMON (or CAP_SYS_ADMIN); this process lacks ${missing.join(" and ")}.`,
    "Everything else is set up. Give them to a Node of Tapbook's own, which only your group may run, and start again:",
    "",
    `    sudo install -m 0750 -o root -g "$(id -gn)" "${process.execPath}" "${node}"`,
    `    sudo setcap cap_bpf,cap_perfmon=ep "${node}"`,
    "    npm start",
    "",
    "or run everything as root: sudo npm start",
    "In a container: start it with --cap-add BPF --cap-add PERFMON.",
  ].join("\n");
}
