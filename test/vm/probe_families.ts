/** A script for each family of probe points, with what it must print when it runs against a workload of which all is known. */

import { readFile, writeFile } from "node:fs/promises";
import type { Trace } from "../../kernel/tracing/trace.js";
import type { Also } from "../probes/traced_workload.js";
import { workloadPath } from "../native/workload.js";

export interface FamilyTrial {
  /** As the reference writes it. */
  readonly form: string;
  readonly script: string;
  /** The workload's words. */
  readonly workload: string;
  readonly printed: string | RegExp;
  /** What makes events of another kind, beside the workload. */
  readonly also?: Also;
}

const MINE = "pid() == target()";
const GETPPID = "syscalls getppid --count 25";
const OPENAT = "syscalls openat --count 25";
const READ = "read --count 25 --size 300";

/** Counts in the script's file from nothing to 25. */
async function addInFile({ filePaths: [file = ""] }: Pick<Trace, "filePaths">): Promise<void> {
  for (let count = 0; count < 25; count++) await writeFile(file, String(Number(await readFile(file, "latin1")) + 1));
}

/** Counts the process's own hits of a point. */
function count(point: string): string {
  return `global n probe ${point} { if (${MINE}) n++ } probe end { println(n) }`;
}

function family(form: string, point: string, workload: string, printed: FamilyTrial["printed"] = "25\n"): FamilyTrial {
  return { form, script: count(point), workload, printed };
}

const isX86 = process.arch === "x64";
const getppid = isX86 ? "__x64_sys_getppid" : "__arm64_sys_getppid";

/**
 * `module` is one that serves files here, with its function that tells of a file; `shared` a file to which the module 9pnet goes each
 * time. Null where there is none.
 */
export function probeFamilies(
  module: { readonly name: string; readonly getattr: string; readonly calls: string } | null,
  shared: string | null,
  sendPackets: () => Promise<void>,
): readonly FamilyTrial[] {
  const some = /^[1-9]\d*\n$/;
  return [
    {
      form: "begin, end, init",
      script: "global n probe begin, init { n++ } probe end { println(n) }",
      workload: GETPPID,
      printed: "2\n",
    },
    { form: "never", script: "probe never { println(1) } probe end { println(2) }", workload: GETPPID, printed: "2\n" },
    {
      form: "error",
      script: 'probe begin { error("x") } probe error { println("error") }',
      workload: GETPPID,
      printed: "error\n",
    },
    ...["timer.s(1)", "timer.ms(5)", "timer.us(5000)", "timer.ns(5000000)", "timer.hz(100)", "timer.jiffies(2)"].map(
      (point): FamilyTrial => ({
        form: point.replace(/\(.*/, "(N)"),
        script: `global n probe ${point} { n++ } probe end { println(n > 0) }`,
        workload: "sleep --count 12 --milliseconds 100",
        printed: "1\n",
      }),
    ),
    family("timer.profile", "timer.profile", "busy --seconds 1", some),
    family("timer.profile.freq(N)", "timer.profile.freq(199)", "busy --seconds 1", some),
    family("perf.type(N).config(N)", "perf.type(1).config(0)", "busy --seconds 1", some),
    family("perf.sw.NAME.sample(N)", "perf.sw.context_switches.sample(1)", "sleep --count 25 --milliseconds 2", some),
    family("perf.sw.NAME.hz(N)", "perf.sw.cpu_clock.hz(99)", "busy --seconds 1", some),
    family("perf.….process", "perf.sw.cpu_clock.hz(99).process", "busy --seconds 1", some),
    family('perf.….process("PATH")', `perf.sw.page_faults.sample(1).process("${workloadPath}")`, GETPPID, some),
    {
      form: 'perf.….counter("NAME")',
      script: `global n probe perf.sw.context_switches.counter("c") {}
        probe kernel.trace("sched_switch") { if (tid() == target() && @perf("c") > 0) n++ } probe end { println(n) }`,
      workload: "sleep --count 25 --milliseconds 2",
      printed: some,
    },
    {
      form: 'perf.….process.counter("NAME")',
      script: `global last, ones probe perf.sw.context_switches.process.counter("c") {}
        probe kernel.trace("sched_switch") {
          // Of a thread that ends, the counter is gone before the thread.
          if (tid() == target()) try { if (@perf("c") == last + 1) ones++; last = @perf("c") } catch {}
        }
        probe end { println(ones >= 24) }`,
      workload: "sleep --count 25 --milliseconds 2",
      printed: "1\n",
    },
    family("perf.hw.NAME", "perf.hw.cpu_cycles", "busy --seconds 1", some),
    family("perf.hw_cache.CACHE.OPERATION.RESULT", "perf.hw_cache.l1d.read.miss", "busy --seconds 1", some),
    {
      form: 'procfs("NAME").read, .write',
      script: `global n probe procfs("n").read { $value = sprintf("%d", n) } probe procfs("n").write { n = strtol($value, 10) }
        probe end { println(n) }`,
      workload: GETPPID,
      printed: "25\n",
      also: addInFile,
    },
    ...["char", "line"].map((unit): FamilyTrial => ({
      form: `input.${unit}`,
      script: `global n probe input.${unit} { if (${unit} == "x") n++ } probe end { println(n) }`,
      workload: GETPPID,
      printed: "25\n",
      also: async (trace) => trace.type("x\n".repeat(25)),
    })),
    family("syscall.NAME", "syscall.getppid", GETPPID),
    family("syscall.NAME.return", "syscall.getppid.return", GETPPID),
    family("nd_syscall.NAME", "nd_syscall.getppid", GETPPID),
    family("syscall_any", "syscall_any", GETPPID, some),
    family('kernel.trace("NAME")', 'kernel.trace("sched_process_exit")', GETPPID, "1\n"),
    family('kernel.tracepoint("NAME")', 'kernel.tracepoint("sched_process_exit")', GETPPID, "1\n"),
    family('kernel.function("NAME")', `kernel.function("${getppid}")`, GETPPID),
    family('kernel.function("NAME").return', `kernel.function("${getppid}").return`, GETPPID),
    family(
      'kernel.function("NAME").return.maxactive(N)',
      `kernel.function("${getppid}").return.maxactive(30)`,
      GETPPID,
    ),
    {
      form: 'kernel.function("NAME"), not of a system call',
      script: `global n probe kernel.function("vfs_read") { if (${MINE} && $count == 300) n++ } probe end { println(n) }`,
      workload: READ,
      printed: "25\n",
    },
    {
      form: '@entry(…) in kernel.function("NAME").return',
      script: `global n probe kernel.function("vfs_read").return { if (${MINE} && @entry($count) == 300 && $return == 300) n++ } probe end { println(n) }`,
      workload: READ,
      printed: "25\n",
    },
    {
      form: 'kernel.function("PATTERN"), up to 40 functions',
      script: `global n probe kernel.function("vfs_r*") { if (${MINE} && ppfunc() == "vfs_read") n++ } probe end { println(n > 24) }`,
      workload: READ,
      printed: "1\n",
    },
    {
      form: 'kernel.function("PATTERN"), more than 40 functions',
      script: `global n probe kernel.function("vfs_*") { if (${MINE} && ppfunc() == "vfs_read") n++ } probe end { println(n > 24) }`,
      workload: READ,
      printed: "1\n",
    },
    family('kprobe.function("NAME")', `kprobe.function("${getppid}")`, GETPPID),
    family('kernel.statement("NAME+OFFSET")', `kernel.statement("${getppid}+0")`, GETPPID),
    ...(module
      ? [
          family(
            'module("NAME").function("NAME")',
            `module("${module.name}").function("${module.getattr}")`,
            "stat --missing 0 --existing 25 --path /etc/passwd",
            module.calls,
          ),
        ]
      : []),
    ...(shared === null
      ? []
      : [
          family(
            'module("NAME").tracepoint("NAME")',
            'module("9pnet").tracepoint("9p_client_req")',
            `stat --missing 0 --existing 25 --path ${shared}`,
            some,
          ),
        ]),
    family('kernel.function("NAME").inline', 'kernel.function("vfs_read").inline', READ),
    family('kernel.statement("NAME@FILE:LINE")', 'kernel.statement("vfs_read@fs/read_write.c:450")', READ),
    {
      form: 'kernel.data("SYMBOL").write',
      script: 'global n probe kernel.data("jiffies").write { n++ } probe end { println(n) }',
      workload: "busy --seconds 1",
      printed: some,
    },
    family('kernel.lsm("NAME")', 'kernel.lsm("file_open")', OPENAT),
    family("lsm.NAME", "lsm.file_open", OPENAT),
    {
      form: 'netfilter.hook("NAME").pf("NAME")',
      script:
        'global n probe netfilter.hook("NF_INET_LOCAL_IN").pf("NFPROTO_IPV4") { if ($in != 0) n++ } probe end { println(n) }',
      workload: GETPPID,
      printed: "25\n",
      also: sendPackets,
    },
  ];
}
