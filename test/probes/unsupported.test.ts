/** One point at least of every family in SystemTap's manual that this version has not. */
import { loadNative } from "../../kernel/tracing/native.js";
import { describeTarget } from "../../kernel/tracing/machine/machine.js";
import { refusalOf, resolve } from "./pattern.js";
import { target } from "./target.js";

const POINTS = [
  'java("x").class("y").method("z")',
  'python3.module("x").function("y")',
  'debuginfod.process("x")',
  "nd1_syscall.read",
  ...["read", "read.return", "write", "readv", "writev", "open", "add_to_page_cache", "*"].map((name) => `vfs.${name}`),
  ...["cpu_on", "cpu_off", "ctxswitch", "wakeup", "wakeup_new", "migrate", "process_fork", "process_exit", "tick"].map(
    (name) => `scheduler.${name}`,
  ),
  ...["process_wait", "process_free", "wait_task", "signal_send", "balance", "kthread_stop"].map(
    (name) => `scheduler.${name}`,
  ),
  ...["create", "start", "exec", "exec_complete", "exit", "release"].map((name) => `kprocess.${name}`),
  ...["send", "handle", "pending", "check_ignored", "procmask", "syskill"].map((name) => `signal.${name}`),
  ...["request", "end"].flatMap((name) => [`ioblock.${name}`, `ioblock_trace.${name}`]),
  ...["elv_add_request", "elv_completed_request", "elv_next_request"].map((name) => `ioscheduler.${name}`),
  ...["elv_issue_request", "elv_requeue_request", "plug", "unplug_io"].map((name) => `ioscheduler_trace.${name}`),
  ...["receive", "rx", "transmit", "hard_transmit", "open", "change_mtu"].map((name) => `netdev.${name}`),
  ...["send", "receive", "sendmsg", "recvmsg", "create", "close"].map((name) => `socket.${name}`),
  ...["sendmsg", "recvmsg", "disconnect"].flatMap((name) => [`tcp.${name}`, `udp.${name}`]),
  "tcpmib.InSegs",
  "ipmib.InReceives",
  "linuxmib.DelayedACKs",
  ...["pagefault", "kmalloc", "kfree", "kmem_cache_alloc", "mmap", "munmap", "brk", "oom_kill"].map(
    (name) => `vm.${name}`,
  ),
  "irq_handler.entry",
  "irq_handler.exit",
  "softirq.entry",
  "softirq.exit",
  "workqueue.insert",
  "workqueue.execute",
  "nfs.fop.open",
  "nfsd.dispatch",
  "sunrpc.clnt.call_sync",
  "scsi.ioentry",
  "tty.open",
  "generic.fop.llseek",
  "stap.pass0",
];

/** Points that a hint names in full. */
const NAMED = /kernel\.\w+\("\w+"\)|timer\.profile(?:\.freq\.hz\(99\))?|syscall(?:_any|\.[a-z_0-9]+(?:\.return)?)/g;

const machine = describeTarget(loadNative())(0);

test.each(POINTS)("%s is refused with what to do instead, which is there", (point) => {
  const { message, hint = "" } = refusalOf(point, machine);
  expect(message).toContain("not supported by this version");
  expect(hint).toMatch(/\.$/);
  const named = hint.matchAll(NAMED);
  for (const [instead] of named)
    expect([instead, resolve(instead, machine)]).toMatchObject([instead, { kind: "resolved" }]);
});

// What SystemTap's own library puts the aliases on, or on this kernel would.
test.each([
  ["vfs.read", "syscall.read"],
  ["vfs.write.return", "syscall.write.return"],
  ["scheduler.ctxswitch", 'kernel.trace("sched_switch")'],
  ["scheduler.wakeup_new", 'kernel.trace("sched_wakeup_new")'],
  ["kprocess.exit", 'kernel.trace("sched_process_exit")'],
  ["kprocess.exec_complete", "syscall.execve.return"],
  ["signal.send", 'kernel.trace("signal_generate")'],
  ["ioblock_trace.request", 'kernel.trace("block_bio_queue")'],
  ["irq_handler.entry", 'kernel.trace("irq_handler_entry")'],
])("%s leads to %s", (point, nearest) => expect(refusalOf(point, machine).hint).toContain(`Use ${nearest} instead`));

test("a tracepoint that the kernel has not is not advised", () => {
  const bare = target({ hasTracepoint: () => false });
  expect(refusalOf("scheduler.ctxswitch", bare).hint).not.toContain("sched_switch");
});
