/** Helpers that tell of the process that runs, which means nothing where the kernel works for a packet, and which it refuses there. */
import { HELPER } from "../bpf/helper_functions.js";
import { KernelCannot } from "./kernel_cannot.js";

const OF_PROCESS: ReadonlySet<number> = new Set([
  HELPER.get_current_pid_tgid,
  HELPER.get_current_uid_gid,
  HELPER.get_current_comm,
  HELPER.get_stack,
  HELPER.task_pt_regs,
  HELPER.send_signal_thread,
]);

/** Throws KernelCannot for a helper of that kind. */
export function refuseProcess(helper: number): void {
  if (!OF_PROCESS.has(helper)) return;
  throw new KernelCannot(
    "a packet belongs to no process: pid(), tid(), uid(), execname() and stacks are not known where it is filtered",
    "tell packets apart by what $skb holds, or ask in a probe on the system call that sends or receives",
  );
}
