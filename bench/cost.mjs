/** What a probe adds to each system call of a tight loop. */
import { Bpftrace } from "./bpftrace.mjs";
import { MeasuredKernel } from "./kernel.mjs";
import { timeLoop } from "./load.mjs";
import { bpftrace, root, tapbook } from "./machine.mjs";
import { median, spread, table } from "./samples.mjs";

const CALLS = 2_000_000;
const GETPPID = ["syscalls", "getppid"];
const READ = ["read", "--size", "512"];
/** Our own measuring of a trace starts after 20 ms, lasts 200 ms and then rests for 5 s, milliseconds. */
const SETTLED = 400;

const CASES = [
  {
    name: "count by program",
    load: GETPPID,
    ours: "global a\nprobe syscall.getppid { a[execname()]++ }",
    theirs: "tracepoint:syscalls:sys_enter_getppid { @[comm]++; }",
  },
  {
    name: "count by program, bpftrace's count()",
    load: GETPPID,
    ours: null,
    theirs: "tracepoint:syscalls:sys_enter_getppid { @[comm] = count(); }",
  },
  {
    name: "histogram of read sizes",
    load: READ,
    ours: "global s\nprobe syscall.read.return { s <<< retval }\nprobe end { print(@hist_log(s)) }",
    theirs: "tracepoint:syscalls:sys_exit_read { @ = hist(args->ret); }",
  },
  {
    name: "latency of reads",
    load: READ,
    ours: `global t, s
probe syscall.read { t[tid()] = gettimeofday_ns() }
probe syscall.read.return { if (tid() in t) { s <<< gettimeofday_ns() - t[tid()]; delete t[tid()] } }
probe end { print(@hist_log(s)) }`,
    theirs: `tracepoint:syscalls:sys_enter_read { @t[tid] = nsecs; }
tracepoint:syscalls:sys_exit_read /@t[tid]/ { @s = hist(nsecs - @t[tid]); delete(@t[tid]); }`,
  },
  {
    name: "a call that nobody asked about",
    load: GETPPID,
    ours: "global n\nprobe syscall.lseek { n++ }",
    theirs: "tracepoint:syscalls:sys_enter_lseek { @++; }",
  },
];

async function whileOursRuns(kernel, script, measure) {
  let ready = () => undefined;
  const isReady = new Promise((resolve) => (ready = resolve));
  const cell = kernel.execute(`${script}\nprobe begin { println("ready") }`, () => ready());
  await Promise.race([isReady, cell]);
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  const result = await measure();
  await kernel.interrupt();
  await cell;
  return result;
}

async function whileTheirsRuns(script, measure) {
  const tracer = new Bpftrace(`BEGIN { printf("ready\\n"); } ${script}`);
  await tracer.printed("ready");
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  const result = await measure();
  await tracer.stop();
  return result;
}

async function measureCase({ load, ours, theirs }, kernel, native, runs) {
  const found = { base: [], ours: [], measured: [], theirs: [] };
  const loop = () => timeLoop(load, CALLS);
  const withStatistics = async () => {
    const link = native.enableStatistics();
    try {
      return await loop();
    } finally {
      link.close();
    }
  };
  for (let run = 0; run < runs; run++) {
    found.base.push(await loop());
    if (ours) {
      const [plain, measured] = await whileOursRuns(kernel, ours, async () => [await loop(), await withStatistics()]);
      found.ours.push(plain);
      found.measured.push(measured);
    }
    if (!bpftrace.missing) found.theirs.push(await whileTheirsRuns(theirs, loop));
  }
  return found;
}

export async function benchCost({ runs }) {
  const { loadNative } = await import(`${root}dist/kernel/tracing/native.js`);
  const native = loadNative();
  const { kernel } = await MeasuredKernel.start(tapbook.specification);
  const rows = [["", "without a probe", "Tapbook", "while it measures itself", "bpftrace"]];
  for (const one of CASES) {
    const { base, ours, measured, theirs } = await measureCase(one, kernel, native, runs);
    const added = (numbers) => spread(numbers.map((number) => number - median(base)));
    rows.push([one.name, spread(base), added(ours), added(measured), bpftrace.missing ?? added(theirs)]);
  }
  await kernel.shutdown();
  const scripts = CASES.flatMap(({ ours, theirs }) => [ours, theirs, ""]).filter((script) => script !== null);
  return `## Cost of a hit

Nanoseconds that are added to each system call of a tight loop (${CALLS.toLocaleString("en")} calls on one CPU), median (least–greatest) of ${runs} runs that take turns; the
first column is the call itself. Tapbook measures its own programs for 0.2 s in every 5.2 s, in which the kernel's run-time statistics add to each hit. Its one
program for all system calls looks at every call, so the last line is what calls pay that no probe names.

${table(rows)}

\`\`\`
${scripts.join("\n").trim()}
\`\`\``;
}
