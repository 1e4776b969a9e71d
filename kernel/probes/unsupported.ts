/** Points that SystemTap has and this version has not: what they are, and what tells the same or nearly so today. */
import { argumentVariables } from "./tracepoint_arguments.js";
import type { PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import { componentsText, refused } from "./points.js";

interface Missing {
  /** The components that such a point starts with. */
  readonly start: string;
  /** A plural that goes before "are not supported by this version". */
  readonly what: string;
  /** What to do instead, as a sentence. */
  readonly hint: string;
  /** By the component that follows: the point that is nearest to it. */
  readonly nearest?: Readonly<Record<string, string>>;
}

const SYSTEM_CALLS = "What programs ask of the kernel is in syscall.NAME, such as syscall.read or syscall.openat.";
const TRACEPOINTS = 'What the kernel reports of itself is in kernel.trace("…"); completion lists the names.';
const PROCESS_CODE =
  "What the program asks of the kernel is in syscall.NAME; choose it by `if (pid() == target())` or by execname().";

const trace = (name: string): string => `kernel.trace("${name}")`;

const MISSING: readonly Missing[] = [
  // The kernel's own.
  { start: "kernel.mark", what: "kernel markers", hint: TRACEPOINTS },

  // Code of programs.
  {
    start: "debuginfod",
    what: "programs that a server of debug information tells of",
    hint: 'A program that is on this machine is process("PATH").',
  },
  ...["java", "python2", "python3", "python", "perl", "ruby", "hotspot", "glib"].map((start) => ({
    start,
    what: `probes in ${start} programs`,
    hint: PROCESS_CODE,
  })),

  // SystemTap's own markers.
  ...["stap", "staprun", "stapio"].map((start) => ({
    start,
    what: "probes in SystemTap's own programs",
    hint: "begin and end are the moments of the session itself.",
  })),
  ...["nd1_syscall", "nd2_syscall"].map((start) => ({
    start,
    what: `points of ${start}`,
    hint: "syscall.NAME is the same probe.",
  })),

  // Aliases of SystemTap's library.
  library("vfs", SYSTEM_CALLS, {
    read: "syscall.read",
    write: "syscall.write",
    readv: "syscall.readv",
    writev: "syscall.writev",
    open: "syscall.openat",
    close: "syscall.close",
    mkdir: "syscall.mkdirat",
    rmdir: "syscall.rmdir",
    unlink: "syscall.unlinkat",
    rename: "syscall.renameat2",
    fsync: "syscall.fsync",
    add_to_page_cache: trace("mm_filemap_add_to_page_cache"),
    remove_from_page_cache: trace("mm_filemap_delete_from_page_cache"),
  }),
  library("scheduler", TRACEPOINTS, {
    ctxswitch: trace("sched_switch"),
    cpu_on: trace("sched_switch"),
    cpu_off: trace("sched_switch"),
    wakeup: trace("sched_wakeup"),
    wakeup_new: trace("sched_wakeup_new"),
    migrate: trace("sched_migrate_task"),
    kthread_stop: trace("sched_kthread_stop"),
    process_fork: trace("sched_process_fork"),
    process_exit: trace("sched_process_exit"),
    process_free: trace("sched_process_free"),
    process_wait: trace("sched_process_wait"),
    wait_task: trace("sched_wait_task"),
    signal_send: trace("signal_generate"),
    tick: "timer.profile",
  }),
  library("kprocess", TRACEPOINTS, {
    create: trace("sched_process_fork"),
    start: trace("sched_process_fork"),
    exec: "syscall.execve",
    exec_complete: "syscall.execve.return",
    exit: trace("sched_process_exit"),
    release: trace("sched_process_free"),
  }),
  library("signal", TRACEPOINTS, {
    send: trace("signal_generate"),
    send_sig_queue: trace("signal_generate"),
    handle: trace("signal_deliver"),
    syskill: "syscall.kill",
    systkill: "syscall.tkill",
    systgkill: "syscall.tgkill",
    procmask: "syscall.rt_sigprocmask",
    pending: "syscall.rt_sigpending",
    do_action: "syscall.rt_sigaction",
  }),
  library("ioblock", TRACEPOINTS, { request: trace("block_rq_issue"), end: trace("block_rq_complete") }),
  library("ioblock_trace", TRACEPOINTS, { request: trace("block_bio_queue"), end: trace("block_bio_complete") }),
  library("ioscheduler", TRACEPOINTS, {
    elv_next_request: trace("block_rq_issue"),
    elv_add_request: trace("block_rq_insert"),
    elv_completed_request: trace("block_rq_complete"),
  }),
  library("ioscheduler_trace", TRACEPOINTS, {
    elv_issue_request: trace("block_rq_issue"),
    elv_requeue_request: trace("block_rq_requeue"),
    elv_completed_request: trace("block_rq_complete"),
    plug: trace("block_plug"),
    unplug_io: trace("block_unplug"),
  }),
  library("netdev", TRACEPOINTS, {
    receive: trace("netif_receive_skb"),
    rx: trace("netif_rx"),
    transmit: trace("net_dev_queue"),
    hard_transmit: trace("net_dev_start_xmit"),
  }),
  library("socket", SYSTEM_CALLS, {
    create: "syscall.socket",
    send: trace("sock_send_length"),
    receive: trace("sock_recv_length"),
    sendmsg: trace("sock_send_length"),
    recvmsg: trace("sock_recv_length"),
  }),
  library(
    "tcp",
    `${trace("inet_sock_set_state")} and ${trace("tcp_probe")} follow connections; syscall.sendto and syscall.recvfrom what programs send.`,
  ),
  library("udp", `syscall.sendto, syscall.recvfrom and ${trace("net_dev_queue")} come near.`),
  ...["tcpmib", "ipmib", "linuxmib"].map((start) => library(start, TRACEPOINTS)),
  library("vm", TRACEPOINTS, {
    pagefault: trace("page_fault_user"),
    kmalloc: trace("kmalloc"),
    kfree: trace("kfree"),
    kmem_cache_alloc: trace("kmem_cache_alloc"),
    kmem_cache_free: trace("kmem_cache_free"),
    mmap: "syscall.mmap",
    munmap: "syscall.munmap",
    brk: "syscall.brk",
    oom_kill: trace("mark_victim"),
  }),
  library("irq_handler", TRACEPOINTS, { entry: trace("irq_handler_entry"), exit: trace("irq_handler_exit") }),
  library("softirq", TRACEPOINTS, { entry: trace("softirq_entry"), exit: trace("softirq_exit") }),
  library("workqueue", TRACEPOINTS, {
    insert: trace("workqueue_queue_work"),
    execute: trace("workqueue_execute_start"),
  }),
  ...["nfs", "nfsd", "sunrpc", "scsi"].map((start) => library(start, TRACEPOINTS)),
  library("tty", SYSTEM_CALLS),
  library("generic", SYSTEM_CALLS),
];

function library(start: string, hint: string, nearest: Readonly<Record<string, string>> = {}): Missing {
  return { start, what: `the ${start}.* points of SystemTap's library`, hint, nearest };
}

export const unsupported: ProbeFamily = {
  name: "not in this version",
  summary:
    "SystemTap has more: the aliases of its library " +
    '(`vfs.*`, `scheduler.*`, `tcp.*`, …). Each is refused with what comes nearest to it today, such as `kernel.trace("sched_switch")` for `scheduler.ctxswitch`.',
  forms: [],
  example: 'global switches\nprobe kernel.trace("sched_switch") { switches++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const names = pattern.components.map(({ name }) => name);
    const missing = MISSING.find(({ start }) => startsWith(names, start.split(".")));
    if (!missing) return null;
    return refused(
      `${componentsText(pattern)}: ${missing.what} are not supported by this version`,
      advice(missing, pattern, target),
    );
  },
};

function startsWith(names: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => names[index] === name);
}

function advice({ start, nearest, hint }: Missing, { components }: PointPattern, target: Target): string {
  const rest = components.slice(start.split(".").length).map(({ name }) => name);
  const point = nearest?.[rest[0] ?? ""];
  if (point === undefined) return hint;
  const tracepoint = /^kernel\.trace\("(?<name>\w+)"\)$/.exec(point)?.groups?.["name"];
  if (tracepoint === undefined) {
    const isReturn = rest.includes("return") && point.startsWith("syscall") && !point.endsWith(".return");
    return `Use ${point}${isReturn ? ".return" : ""} instead.`;
  }
  return target.hasTracepoint(tracepoint)
    ? `Use ${point} instead; its arguments are ${argumentNames(tracepoint, target)}.`
    : hint;
}

function argumentNames(tracepoint: string, target: Target): string {
  const named = argumentVariables(tracepoint, target).filter(({ name }) => !/^\$(\$|arg\d)/.test(name));
  return named.length === 0 ? "$arg1, $arg2, …" : named.map(({ name }) => name).join(", ");
}
