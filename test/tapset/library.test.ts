/** Functions that are written in the language, asked of the workload's own process, against what this process knows of its child. */
import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { workloadPath } from "../native/workload.js";
import { trace } from "../probes/traced_workload.js";

async function printedBy(
  statements: string,
  words = "syscalls getppid --count 1 --name worker",
): Promise<{ lines: string[]; pid: number }> {
  const { printed, failures, pid } = await trace(
    `probe syscall.getppid { if (pid() == target()) { ${statements} } }`,
    words,
  );
  expect(failures).toEqual([]);
  return { lines: printed.trimEnd().split("\n"), pid };
}

/** Fields of /proc/self/stat behind the name: the state is number 3. */
const ownStatus = readFileSync("/proc/self/stat", "latin1")
  .replace(/^.*\) /, "")
  .split(" ");
const own = (field: number): string => ownStatus[field - 3] ?? "";

test("a process among others: group, session, parent, container", async () => {
  const { lines, pid } = await printedBy(
    'printdln(" ", pgrp(), sid(), pexecname(), ns_pid(), ns_tid(), ns_ppid(), ns_pgrp(), ns_sid(), target_set_pid(pid()), target_set_pid(target()))',
  );
  const parent = readFileSync("/proc/self/comm", "latin1").trim();
  expect(lines).toEqual([`${own(5)} ${own(6)} ${parent} ${pid} ${pid} ${process.pid} ${own(5)} ${own(6)} 1 1`]);
});

test("tasks by their numbers, as /proc has them", async () => {
  const init = readFileSync("/proc/1/comm", "latin1").trim();
  const self = readFileSync("/proc/self/comm", "latin1").trim();
  const missing = Number(readFileSync("/proc/sys/kernel/pid_max", "latin1")) + 1;
  const { lines } = await printedBy(
    `println(pid2task(pid()) == task_current(), task_tid(pid2task(tid())) == tid(), pid2task(1)->tgid, pid2task(0), pid2task(-1), pid2task(${missing}), pid2task(1 << 40))
     println(pid2execname(1)); println(pid2execname(${process.pid})); println(pid2execname(pid())); println(pid2execname(${missing}), "|")`,
  );
  expect(lines).toEqual(["1110000", init, self, "worker", "|"]);
});

test("time on the CPU, of the current thread and of others", async () => {
  const { lines } = await printedBy(
    `printdln(" ", task_utime() == task_utime(tid()), task_stime() == task_stime(tid()), task_utime(-1), task_utime(${process.pid}) + task_stime(${process.pid}))`,
  );
  const [current, kernel, none, sampled] = (lines[0] ?? "").split(" ");
  expect([current, kernel, none]).toEqual(["1", "1", "0"]);
  // The scheduler measures what the clock tick samples.
  const [measured] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ");
  expect(Number(sampled) / Number(measured)).toBeGreaterThan(0.5);
  expect(Number(sampled) / Number(measured)).toBeLessThan(1.5);
});

test("addresses of both families", async () => {
  // Sixteen bytes of the kernel's memory that are known: the thread's name.
  const { lines } = await printedBy(
    `println(format_ipaddr(0x0100007f, 2), " ", format_ipaddr(&task_current()->comm, 10), " ", format_ipaddr(1, 1), "|")`,
  );
  expect(lines).toEqual(["127.0.0.1 776f:726b:6572:0000:0000:0000:0000:0000 |"]);
});

test("of another process nobody says whether it descends from the target", async () => {
  const { failures } = await trace(
    "probe syscall.getppid { if (pid() == target()) println(target_set_pid(1)) }",
    "syscalls getppid --count 1",
  );
  expect(failures).toEqual(["target_set_pid() knows the family of the current process only, which 1 is not"]);
});

test("what the scheduler and the limits say", async () => {
  const { lines } = await printedBy(
    't = task_current(); printdln(" ", task_state(t), task_cpu(t) == cpu(), task_nice(t), task_max_file_handles(t), task_open_file_handles(t))',
  );
  const files = execFileSync("sh", ["-c", "ulimit -n"]).toString().trim();
  // What any child has, /dev/zero and /dev/null.
  const open = execFileSync("sh", ["-c", "ls /proc/$$/fd"]).toString().trim().split("\n").length + 2;
  expect(lines).toEqual([`0 1 ${own(19)} ${files} ${open}`]);
});

test("ancestors, and when they began", async () => {
  const { lines, pid } = await printedBy(
    `t = task_current(); println(pstrace(t)); println(task_ancestry(t, 0)); println(task_ancestry(t, 1))
     printdln(" ", task_start_time(tid()) / 10000000, task_start_time(${process.pid}) / 10000000, task_start_time(-1), HZ())
     println(task_rlimit(t, rlimit_from_str("RLIMIT_NOFILE")) == task_rlimit_nofile(t), task_rlimit(t, rlimit_from_str("RLIMIT_STACK")), " ", task_rlimit(t, 99))
     println(task_time_string() == task_time_string_tid(tid())); println(task_time_string_tid(${process.pid}))
     println(inode_path(@cast(t, "task_struct")->mm->exe_file->f_inode) == "/" . reverse_path_walk(@cast(t, "task_struct")->mm->exe_file->f_path->dentry))`,
  );
  const ancestors = [{ pid, name: "worker" }];
  for (let parent = process.pid; parent > 0;) {
    const [, name = "", rest = ""] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${parent}/stat`, "latin1")) ?? [];
    ancestors.push({ pid: parent, name });
    parent = Number(rest.split(" ")[1]);
  }
  const started = Number(own(22));
  // Ticks of 10 ms since the start (proc_pid_stat(5), USER_HZ).
  const [child = 0, self, none, hertz = 0] = (lines[3] ?? "").split(" ").map(Number);
  expect(lines[0]).toBe(
    ancestors
      .filter((ancestor) => ancestor.pid > 1)
      .map(({ name, pid: number }) => `${name}(${number})`)
      .join(" "),
  );
  expect(lines[1]).toBe(
    ancestors
      .map(({ name }) => name)
      .toReversed()
      .join("=>"),
  );
  expect(lines[2]?.replaceAll(/\(\d+\.\d{3}s\)/g, "")).toBe(lines[1]);
  expect([self, none]).toEqual([started, 0]);
  expect(child).toBeGreaterThan(started);
  // A kernel tells its user space nothing of it but by its configuration; these are what kernel/Kconfig.hz has.
  expect([100, 250, 300, 1000]).toContain(hertz);
  const stack = execFileSync("sh", ["-c", "ulimit -s"]).toString().trim();
  expect(lines[4]).toBe(`1${stack === "unlimited" ? -1 : Number(stack) * 1024} -1`);
  expect(lines[5]).toBe("1");
  const [, ...spent] = (/^usr: (\d+)m(.*)s, sys: (\d+)m(.*)s$/.exec(lines[6] ?? "") ?? []).map(Number);
  const [userMinutes = 0, userSeconds = 0, systemMinutes = 0, systemSeconds = 0] = spent;
  const seconds = 60 * (userMinutes + systemMinutes) + userSeconds + systemSeconds;
  const [ran = 0] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ").map(Number);
  expect(seconds / (ran / 1e9)).toBeGreaterThan(0.5);
  expect(seconds / (ran / 1e9)).toBeLessThan(1.5);
  expect(lines[7]).toBe("1");
});

test("the command line and the environment", async () => {
  const { lines } = await printedBy(
    `println(cmdline_str()); println(cmdline_arg(1), "|", cmdline_arg(0), "|", cmdline_arg(99))
     println(cmdline_args(1, 3, ",")); println(env_var("PATH"), "|", env_var("PAT"))`,
  );
  const path = execFileSync("sh", ["-c", "printenv PATH"]).toString().trim();
  expect(lines).toEqual([
    `${workloadPath} syscalls getppid --count 1 --name worker --wait`,
    `syscalls|${workloadPath}|`,
    "syscalls,getppid,--count",
    `${path}|`,
  ]);
});

test("numbers of descriptors and of containers, and what a point is", async () => {
  const { lines, pid } = await printedBy(
    `t = task_current(); printdln(" ", task_ns_pid(t), task_ns_tid(t), cpuid() == cpu(), is_return(), stack_size() % mem_page_size())
     for (number = -1; number < 3; number++) printf("%d ", task_fd_lookup(t, number) != 0)
     println(task_fd_lookup(t, 1 << 40), real_mount(@cast(t, "task_struct")->fs->root->mnt) == @cast(t, "task_struct")->fs->root->mnt - &@cast(0, "mount")->mnt)`,
  );
  expect(lines[0]).toBe(`${pid} ${pid} 1 0 0`);
  // Standard input, output and error, which are pipes to this process.
  expect(lines[1]).toBe("0 1 1 1 01");
  const { printed } = await trace(
    "probe syscall.getppid.return { if (pid() == target()) println(is_return()) }",
    "syscalls getppid --count 1",
  );
  expect(printed).toBe("1\n");
});

test("files by their names", async () => {
  const { lines } = await printedBy(
    `t = task_current(); exe = task_exe_file(t); path = &@cast(exe, "file")->f_path
     println(fullpath_struct_file(t, exe)); println(fullpath_struct_file(t, current_exe_file()))
     println(d_path(path)); println(fullpath_struct_path(path)); println(d_name(@cast(path, "path")->dentry))
     println(task_dentry_path(t, @cast(path, "path")->dentry, @cast(path, "path")->mnt))
     println(d_path(task_cwd_path(t)))
     println(reverse_path_walk(@cast(path, "path")->dentry))`,
  );
  // Names start at the root of the namespace; the tests' root lies below it in a virtual machine (test/vm/init.sh).
  const above = lines[0]?.startsWith("/guest/") ? "/guest" : "";
  const file = above + realpathSync(workloadPath);
  expect(lines.slice(0, 7)).toEqual([file, file, file, file, basename(file), file, above + realpathSync(".")]);
  // Without what lies above the file system's own root.
  expect(file.endsWith(lines[7] ?? "?")).toBe(true);
  expect(lines[7]).not.toMatch(/^\//);
});

test("memory of the process", async () => {
  const { lines } = await printedBy(
    `printdln(" ", proc_mem_size(), proc_mem_rss(), proc_mem_shr(), proc_mem_txt(), proc_mem_data())
     printdln(" ", proc_mem_size_pid(pid()), proc_mem_rss_pid(pid()), proc_mem_shr_pid(pid()), proc_mem_txt_pid(pid()), proc_mem_data_pid(pid()))
     println(proc_mem_string()); println(proc_mem_string_pid(pid()) == proc_mem_string()); println(proc_mem_rss_pid(-1) + proc_mem_size_pid(2))`,
  );
  const [size = 0, rss = 0, shared = 0, code = 0, data = 0] = (lines[0] ?? "").split(" ").map(Number);
  const [, bytes = "0"] =
    /LOAD +0x\w+ 0x\w+ 0x\w+ (0x\w+) 0x\w+ R E/.exec(execFileSync("readelf", ["-lW", workloadPath]).toString()) ?? [];
  expect(lines[1]).toBe(lines[0]);
  expect(lines[2]).toMatch(
    /^size: +\d+(\.\d)?[KMG], rss: +\d+(\.\d)?[KMG], shr: +\d+(\.\d)?[KMG], txt: +\d+(\.\d)?K, data: +\d+(\.\d)?[KM]$/,
  );
  // No process has the first number; the second is a thread of the kernel where this is no container.
  expect(lines.slice(3)).toEqual(["1", "0"]);
  expect(code).toBe(Math.ceil(Number(bytes) / 4096));
  expect(size).toBeGreaterThan(rss);
  expect(rss).toBeGreaterThan(shared);
  expect(shared).toBeGreaterThan(0);
  expect(data).toBeGreaterThan(0);
  expect(data).toBeLessThan(size);
});

test("a queue: five sleeps, one after the other", async () => {
  const { printed } = await trace(
    `probe begin { qsq_start("sleeps") }
     probe syscall.clock_nanosleep { if (pid() == target()) { qs_wait("sleeps"); qs_run("sleeps") } }
     probe syscall.clock_nanosleep.return { if (pid() == target()) qs_done("sleeps") }
     probe end {
       printdln(" ", qsq_service_time("sleeps", 1), qsq_wait_time("sleeps", 1), qsq_utilization("sleeps", 1000),
         qsq_wait_queue_length("sleeps", 1000), qsq_blocked("sleeps", 1000), qsq_throughput("sleeps", 1000))
       qsq_print("sleeps")
     }`,
    "sleep --count 5 --milliseconds 20",
  );
  const [figures = "", line = ""] = printed.split("\n");
  const [service = 0, wait = 0, utilization = 0, length = 0, blocked = 0, throughput = 0] = figures
    .split(" ")
    .map(Number);
  // Nobody waits longer than the machine takes to run two statements.
  expect(service).toBeGreaterThanOrEqual(20_000);
  expect(service).toBeLessThan(100_000);
  expect(wait).toBeGreaterThanOrEqual(service);
  expect(wait - service).toBeLessThan(service);
  expect(utilization).toBeLessThanOrEqual(1000);
  expect(Math.abs(length - utilization)).toBeLessThan(200);
  expect(blocked).toBeLessThan(500);
  expect(line).toMatch(
    /^sleeps: \d+\.\d{3}\/s, length [01]\.\d{3}, \d+ us to go through, \d+ us of service, \d+\.\d\d% blocked, \d+\.\d\d% used$/,
  );
  // Little's law: those who are served, by how long each of them is.
  expect((throughput * service) / 1e6 / utilization).toBeCloseTo(1, 0);
});

test.each([
  ["ip_ntop(0x0100007f)", "127.0.0.1"],
  ["ip_ntop(0xfffea8c0)", "192.168.254.255"],
])("%s is %s in a probe and outside", async (call, expected) => {
  const { printed } = await trace(
    `probe syscall.getppid { if (pid() == target()) println(${call}) } probe end { println(${call}) }`,
    "syscalls getppid --count 1",
  );
  expect(printed).toBe(`${expected}\n${expected}\n`);
});
