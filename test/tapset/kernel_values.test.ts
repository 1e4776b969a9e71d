/** What the kernel's structures hold, against /proc and against the kernel's own enumerations. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { trace } from "../probes/traced_workload.js";

const pageSize = execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }).trim();

test("signals that are held back, names of files, and counts", async () => {
  const { printed, failures } = await trace(
    `probe syscall.getppid {
      if (pid() != target()) next
      task = task_current()
      for (number = 1; number <= 64; number++) if (is_sig_blocked(task, number)) printf("%d ", number)
      println(is_sig_blocked(task, 0) + is_sig_blocked(task, 65))
      println(inode_name(@cast(task, "task_struct")->mm->exe_file->f_inode))
      println(probing_32bit_app(), " ", atomic_read(&@cast(task, "task_struct")->mm->mm_users) >= 1)
      n = atomic_long_read(&@cast(task, "task_struct")->mm->pgtables_bytes)
      println(n > 0 && n % mem_page_size() == 0, mem_page_size())
    }`,
    "syscalls getppid --count 1",
  );
  expect(failures).toEqual([]);
  // A program begins with what its parent holds back, and this one changes nothing of it.
  const blocked = BigInt(`0x${/^SigBlk:\s*(\w+)$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]}`);
  const held = Array.from({ length: 64 }, (_, index) => index + 1).filter(
    (number) => (blocked >> BigInt(number - 1)) & 1n,
  );
  expect(printed).toBe(`${held.map((number) => `${number} `).join("")}0\nworkload\n0 1\n1${pageSize}\n`);
});

test("states of TCP have the names that the kernel has for their numbers", async () => {
  const names = [
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
  ];
  const numbers = names.map((name) => `tcp_sockstate_str(@enum("TCP_${name}"))`).join(', " ", ');
  const script = `println(${numbers}, " ", tcp_sockstate_str(0), bio_rw_str(0), bio_rw_str(1), vm_fault_contains(6, 4), vm_fault_contains(2, 4), vm_fault_contains(0, 0))`;
  const { printed } = await trace(
    `probe begin { ${script} } probe syscall.getppid { if (pid() == target()) ${script} }`,
    "syscalls getppid --count 1",
  );
  const line = `${names.map((name) => `TCP_${name}`).join(" ")} UNKNOWNRW101\n`;
  expect(printed).toBe(line + line);
});

test("what the kernel keeps in variables is told as /proc has it, or why it is not", async () => {
  const averages = (): string => readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
  const before = averages();
  const { printed, failures } = await trace(
    `probe syscall.getppid {
      if (pid() != target()) next
      try { println(sprint_loadavg()) } catch (reason) { println(reason) }
      try { println(get_loadavg_index(0), ".", get_loadavg_index(2)) } catch (reason) { println(reason) }
      try { println(get_loadavg_index(3)) } catch (reason) { println(reason) }
      try { println(addr_to_node(task_current()), addr_to_node(&@cast(0, "task_struct")->comm)) } catch (reason) { println(reason) }
      try { addr_from_rqst(task_current()); addr_from_rqst_str(task_current()) } catch (reason) { println(reason) }
    }`,
    "syscalls getppid --count 1",
  );
  const after = averages();
  expect(failures).toEqual([]);
  const [all, some, none, nodes] = printed.split("\n");
  expect(none).toBe("there are averages 0, 1 and 2, not 3");
  // The list of symbols holds variables, or it does not.
  if (/^[\da-f]+ [bBdD] avenrun$/m.test(readFileSync("/proc/kallsyms", "latin1"))) {
    expect([before, after]).toContain(all);
    const [first = "", , last = ""] = (all ?? "").split(" ");
    expect(some).toBe(`${Math.trunc(Number(first))}.${Math.trunc(Number(last))}`);
    expect(nodes).toBe(process.arch === "x64" ? "0-1" : expect.stringContaining("CONFIG_KALLSYMS_ALL"));
  } else expect([all, some, nodes]).toEqual(Array(3).fill(expect.stringContaining("CONFIG_KALLSYMS_ALL")));
});
