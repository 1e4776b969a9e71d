/**
 * From the wish to trace to the first event that was traced. While a load makes system calls at a steady rate, the probe
 * prints the time at which it first ran; from it goes the time at which the cell was sent, or bpftrace started.
 */
import { Bpftrace } from "./bpftrace.mjs";
import { MeasuredKernel } from "./kernel.mjs";
import { loadName, startSteadyLoad } from "./load.mjs";
import { bpftrace, tapbook } from "./machine.mjs";
import { spread, table } from "./samples.mjs";

const RATE = 10_000;
const WARM_UP_CELLS = 2;

/** Nanoseconds since 1970, finer than Date. */
const now = () => (performance.timeOrigin + performance.now()) * 1e6;

const OURS = `probe syscall.getppid { if (execname() == "${loadName}") { printf("%d\\n", gettimeofday_ns()); exit() } }`;
// Its clock starts at boot, as Node's does on a machine that never slept.
const THEIRS = `tracepoint:syscalls:sys_enter_getppid /comm == "${loadName}"/ { printf("%lld\\n", nsecs); exit(); }`;

/** Runs the cell once; milliseconds to its first event, and to its end. */
async function trace(kernel) {
  let text = "";
  const sent = now();
  const { milliseconds } = await kernel.execute(OURS, (part) => (text += part));
  return { active: (Number(text.split("\n", 1)[0]) - sent) / 1e6, done: milliseconds };
}

async function measureOurs(runs) {
  const { kernel } = await MeasuredKernel.start(tapbook.specification);
  const found = [];
  for (let run = -WARM_UP_CELLS; run < runs; run++) {
    const one = await trace(kernel);
    if (run >= 0) found.push(one);
  }
  await kernel.shutdown();
  return { active: found.map(({ active }) => active), done: found.map(({ done }) => done) };
}

/** The first cell of a fresh kernel, sent so many milliseconds after its first answer. */
async function measureFirst(runs, pause) {
  const found = [];
  for (let run = 0; run < runs; run++) {
    const { kernel } = await MeasuredKernel.start(tapbook.specification);
    await new Promise((resolve) => setTimeout(resolve, pause));
    found.push((await trace(kernel)).active);
    await kernel.shutdown();
  }
  return found;
}

async function measureTheirs(runs) {
  const [active, done] = [[], []];
  for (let run = -1; run < runs; run++) {
    const began = process.hrtime.bigint();
    const tracer = new Bpftrace(THEIRS);
    await tracer.finished();
    const ended = process.hrtime.bigint();
    const at = /^\d+$/m.exec(tracer.stdout)?.[0];
    if (at === undefined) throw new Error(`bpftrace saw no event: ${tracer.stderr}`);
    if (run < 0) continue;
    active.push(Number(BigInt(at) - began) / 1e6);
    done.push(Number(ended - began) / 1e6);
  }
  return { active, done };
}

export async function benchActive({ runs }) {
  const load = await startSteadyLoad(["syscalls", "getppid"], RATE);
  try {
    const ours = await measureOurs(runs);
    const kernels = Math.min(runs, 5);
    const [atOnce, afterASecond] = [await measureFirst(kernels, 0), await measureFirst(kernels, 1000)];
    const theirs = bpftrace.missing ? null : await measureTheirs(runs);
    const show = (numbers) => (numbers ? spread(numbers) : bpftrace.missing);
    return `## From the wish to the first event

Milliseconds, median (least–greatest) of ${runs}. The probe prints the time at which it first ran, under a load of ${RATE.toLocaleString("en")} calls a second (so up to
${(1000 / RATE).toFixed(1)} ms are the load's); the time at which \`execute_request\` was sent, or bpftrace spawned, is taken off. Attaching the first probe to all
system calls takes this kernel 12 to 16 ms by itself. Done: until the reply and \`idle\`, or until bpftrace has exited.

${table([
  ["", "Tapbook", "bpftrace", "aim"],
  ["first event, kernel warm", spread(ours.active), show(theirs?.active), "60"],
  ["… in the first cell, a second after the kernel's start", spread(afterASecond), "", ""],
  ["… in the first cell, at once after the kernel's first answer", spread(atOnce), "", ""],
  ["done", spread(ours.done), show(theirs?.done), ""],
])}

\`\`\`
${OURS}
${THEIRS}
\`\`\``;
  } finally {
    await load.stop();
  }
}
