/** Lines that a probe prints, and what becomes of them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Bpftrace } from "./bpftrace.mjs";
import { loadName, timeLoop } from "./load.mjs";
import { bpftrace, root } from "./machine.mjs";
import { spread, table } from "./samples.mjs";

/** Calls in one go: what buffers can hold, and far more. */
const BURSTS = [100_000, 1_000_000];
const OURS = `probe begin { println("ready") }
probe syscall.getppid { if (execname() == "${loadName}") printf("%d %s\\n", pid(), execname()) }`;
const THEIRS = `BEGIN { printf("ready\\n"); }
tracepoint:syscalls:sys_enter_getppid /comm == "${loadName}"/ { printf("%d %s\\n", pid, comm); }`;

const linesOf = (text) => text.split("\n").filter((line) => line.endsWith(loadName)).length;
const settled = () => new Promise((resolve) => setTimeout(resolve, 300));

/** The command line's `run`, which writes as bpftrace does: to a pipe, everything. */
async function measureOurs(calls) {
  const child = spawn(process.execPath, [`${root}dist/kernel/cli/main.js`, "run", "-e", OURS], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const ended = closed.then(() => Promise.reject(new Error(`tapbook run ended: ${stderr}`)));
  ended.catch(() => undefined);
  while (!stdout.includes("ready\n")) await Promise.race([once(child.stdout, "data"), ended]);
  await settled();
  const began = performance.now();
  const perCall = await timeLoop(["syscalls", "getppid"], calls);
  child.kill("SIGINT");
  await closed;
  const lost = Number(/There were (\d+) transport failures/.exec(stderr)?.[1] ?? 0);
  return { perCall, lines: linesOf(stdout), lost, milliseconds: performance.now() - began };
}

async function measureTheirs(calls, pages) {
  const tracer = new Bpftrace(THEIRS, pages === undefined ? {} : { BPFTRACE_PERF_RB_PAGES: String(pages) });
  await tracer.printed("ready");
  await settled();
  const began = performance.now();
  const perCall = await timeLoop(["syscalls", "getppid"], calls);
  await tracer.stop();
  const lost = [...`${tracer.stdout}${tracer.stderr}`.matchAll(/Lost (\d+) events/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  return { perCall, lines: linesOf(tracer.stdout), lost, milliseconds: performance.now() - began };
}

/** Bytes that an event takes in the ring buffer, seen where they come out of it. */
async function bytesPerEvent() {
  const [{ Notebook }, { catalogue }, { loadNative }] = await Promise.all(
    ["session/notebook.js", "session/catalogue.js", "tracing/native.js"].map(
      (path) => import(`${root}dist/kernel/${path}`),
    ),
  );
  const engine = loadNative();
  let bytes = 0;
  const openRingBuffer = (map, onBatch) =>
    engine.openRingBuffer(map, (batch) => ((bytes += batch.length), onBatch(batch)));
  const notebook = new Notebook({ native: { ...engine, openRingBuffer }, catalogue });
  const nowhere = () => undefined;
  const output = { stream: nowhere, display: nowhere, update: nowhere, result: nowhere, clear: nowhere };
  const request = { code: OURS, executionCount: 1, silent: false, storeHistory: false, userExpressions: {} };
  const cell = notebook.execute(request, output);
  await settled();
  await timeLoop(["syscalls", "getppid"], 1000);
  notebook.interrupt();
  await cell;
  await notebook.shutdown();
  return bytes / 1000;
}

export async function benchEvents({ runs }) {
  const rows = [
    ["", "lines printed", "lost, as the tool says", "ms until all was written", "ns for each call of the load"],
  ];
  const add = async (name, measure) => {
    const found = [];
    for (let run = 0; run < runs; run++) found.push(await measure());
    const show = (key, digits) =>
      spread(
        found.map((one) => one[key]),
        digits,
      );
    rows.push([name, show("lines", 0), show("lost", 0), show("milliseconds", 0), show("perCall", 0)]);
  };
  for (const calls of BURSTS) {
    const burst = calls.toLocaleString("en");
    await add(`${burst} calls: Tapbook (\`tapbook run\`)`, () => measureOurs(calls));
    if (bpftrace.missing) rows.push([`${burst} calls: bpftrace`, bpftrace.missing, "", "", ""]);
    else {
      await add(`${burst} calls: bpftrace`, () => measureTheirs(calls));
      await add(`${burst} calls: bpftrace, 4,096 pages a CPU`, () => measureTheirs(calls, 4096));
    }
  }
  return `## Lines that a probe prints

A tight loop makes so many calls, each printed; median (least–greatest) of ${runs} runs, output to a pipe. An event of this script takes ${await bytesPerEvent()} bytes of
Tapbook's ring buffer, its header included.

${table(rows)}

\`\`\`
${OURS}
${THEIRS}
\`\`\``;
}
