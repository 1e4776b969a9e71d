import { spawn } from "node:child_process";
import { copyFileSync, chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goneFromKernel, type KernelIds, stillInKernel } from "./bpftool.js";

const addon = fileURLToPath(new URL("../../native/build/Release/tapbook.node", import.meta.url));

/** JavaScript that opens one of each and leaves their ids in `ids`; the program does nothing. */
const openEverything = `
  const native = require(${JSON.stringify(addon)});
  const instructions = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
  const map = native.createMap({ name: "left", type: "hash", keySize: 4, valueSize: 8, maxEntries: 1 });
  const ring = native.createMap({ name: "left", type: "ringbuf", keySize: 0, valueSize: 0, maxEntries: 65536 });
  const program = native.loadProgram({ name: "left", type: "raw_tracepoint", instructions, relocations: [] });
  program.attach({ mechanism: "raw_tracepoint", tracepoint: "sched_process_hang" });
  native.openRingBuffer(ring, () => {});
  native.enableStatistics();
  const ids = { programs: [program.id], maps: [map.id, ring.id], handles: native.openHandles() };
`;

interface Child {
  /** The lines of standard output. */
  readonly lines: string[];
  readonly stderr: () => string;
  readonly nextLine: () => Promise<string>;
  /** Sends a line to its standard input. */
  readonly say: () => void;
  readonly ended: Promise<number | null>;
}

function runNode(script: string, options: { uid?: number; gid?: number; cwd?: string } = {}): Child {
  const child = spawn(process.execPath, ["--eval", script], options);
  const lines: string[] = [];
  let stderr = "";
  let rest = "";
  const waiting: ((line: string) => void)[] = [];
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  child.stdout.on("data", (data: Buffer) => {
    const parts = (rest + data.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      const receiver = waiting.shift();
      if (receiver === undefined) lines.push(line);
      else receiver(line);
    }
  });
  return {
    lines,
    stderr: () => stderr,
    nextLine: () =>
      new Promise((resolve) => {
        const line = lines.shift();
        if (line === undefined) waiting.push(resolve);
        else resolve(line);
      }),
    say: () => void child.stdin.write("\n"),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}

const noneLeft = { programs: [], maps: [] };
const waitForLine = `process.stdin.once("data", finish);`;

describe("nothing outlives its environment", () => {
  const endings: readonly (readonly [string, string, number])[] = [
    ["process.exit", "process.exit(3)", 3],
    ["the end of the program, which an open ring buffer does not hold up", "process.stdin.destroy()", 0],
    ["an uncaught exception", `throw new Error("on purpose")`, 1],
  ];
  test.each(endings)("%s", async (_, ending, status) => {
    const child = runNode(
      `${openEverything} console.log(JSON.stringify(ids)); function finish() { ${ending} } ${waitForLine}`,
    );
    const ids = JSON.parse(await child.nextLine()) as KernelIds & { handles: number };
    expect(ids.handles).toBe(6);
    expect(stillInKernel(ids)).toEqual({ programs: ids.programs, maps: ids.maps });
    child.say();
    expect(await child.ended).toBe(status);
    expect(await goneFromKernel(ids)).toEqual(noneLeft);
  });

  test.each(["end of its program", "terminate"])("a worker: %s", async (ending) => {
    const script = `
      const { Worker } = require("node:worker_threads");
      const body = ${JSON.stringify(`${openEverything} const { parentPort } = require("node:worker_threads");
        parentPort.once("message", () => parentPort.close()); parentPort.postMessage(ids);`)};
      const worker = new Worker(body, { eval: true });
      worker.once("message", (ids) => console.log(JSON.stringify(ids)));
      worker.once("exit", () => {
        console.log("the worker has ended");
        process.stdin.once("data", () => process.stdin.destroy());
      });
      process.stdin.once("data", () => ${ending === "terminate" ? "worker.terminate()" : "worker.postMessage(0)"});
    `;
    const child = runNode(script);
    const ids = JSON.parse(await child.nextLine()) as KernelIds;
    expect(stillInKernel(ids)).toEqual({ programs: ids.programs, maps: ids.maps });
    child.say();
    expect(await child.nextLine()).toBe("the worker has ended");
    // The process still runs.
    expect(await goneFromKernel(ids)).toEqual(noneLeft);
    child.say();
    expect(await child.ended).toBe(0);
  });
});

test.each([
  ["attaching", "process.exit", "process.exit(3)", 3],
  ["attaching", "a worker that is terminated", "worker.terminate().then(() => process.exit(4))", 4],
  ["closing", "process.exit", "process.exit(5)", 5],
  ["closing", "a worker that is terminated", "worker.terminate().then(() => process.exit(6))", 6],
])("many links, ended while %s: %s", async (work, _, ending, status) => {
  const body = `
    const { isMainThread, parentPort } = require("node:worker_threads");
    const native = require(${JSON.stringify(addon)});
    const instructions = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
    const program = native.loadProgram({ name: "left", type: "tracepoint", instructions, relocations: [] });
    const places = native.tracepointGroups().filter(({ group }) => group === "syscalls");
    const attachments = (count) =>
      places.slice(0, count).map((place) => ({ program, options: { mechanism: "tracepoint", ...place } }));
    const told = () => (isMainThread ? tell(program.id) : parentPort.postMessage(program.id));
    if (${JSON.stringify(work)} === "attaching") native.attachMany(attachments(60), told);
    else native.attachMany(attachments(10)).done.then((links) => native.closeMany(links, told));
  `;
  const inWorker = ending.startsWith("worker");
  const child = runNode(`
    let said = false;
    const tell = (id) => {
      if (!said) console.log(id);
      said = true;
    };
    const finish = () => { ${ending} };
    process.stdin.once("data", finish);
    ${
      inWorker
        ? `const worker = new (require("node:worker_threads").Worker)(${JSON.stringify(body)}, { eval: true });
           worker.on("message", tell);`
        : body
    }
  `);
  const ids = { programs: [Number(await child.nextLine())], maps: [] };
  child.say();
  expect(await child.ended).toBe(status);
  expect(await goneFromKernel(ids)).toEqual(noneLeft);
});

/** JavaScript that defines `ring`, and `send(count)` to write records to it. */
const openSender = `
  const native = require(${JSON.stringify(addon)});
  const ring = native.createMap({ name: "ring", type: "ringbuf", keySize: 0, valueSize: 0, maxEntries: 65536 });
  // ringbuf_output(ring, stack, 8, 0)
  const code = "18110000000000000000000000000000" + "bfa2000000000000" + "07020000f8ffffff" + "7a0af8ff07000000" +
    "b703000008000000" + "b704000000000000" + "8500000082000000" + "b700000000000000" + "9500000000000000";
  const instructions = Uint8Array.from(Buffer.from(code, "hex"));
  const relocations = [{ instruction: 0, map: ring, kind: "map" }];
  const program = native.loadProgram({ name: "send", type: "socket_filter", instructions, relocations });
  const send = (repeat) => program.testRun({ data: new Uint8Array(64), repeat });
`;

test("a callback that throws is reported as a warning, and gets later batches all the same", async () => {
  const child = runNode(`
    ${openSender}
    let batches = 0;
    const timer = setTimeout(() => {}, 10_000);
    native.openRingBuffer(ring, () => {
      if (++batches < 3) {
        setTimeout(send, 1, 1);
        throw new Error("broken " + batches);
      }
      console.log("three batches, " + native.openHandles() + " handles");
      clearTimeout(timer);
    });
    send(1);
  `);
  expect(await child.nextLine()).toBe("three batches, 3 handles");
  expect(await child.ended).toBe(0);
  expect(child.stderr()).toContain('Warning: the callback of ring buffer "ring" failed: Error: broken 1');
  expect(child.stderr()).toContain("broken 2");
});

test("workers that are terminated in the middle of everything take nothing down with them", async () => {
  const body = `${openSender}
    native.openRingBuffer(ring, (batch) => {
      if (batch.length % 3 === 0) throw new Error("broken");
    });
    require("node:worker_threads").parentPort.postMessage([program.id, ring.id]);
    const again = () => { send(200); setImmediate(again); };
    again();`;
  const child = runNode(`
    const { Worker } = require("node:worker_threads");
    process.on("warning", () => {});
    (async () => {
      const ids = { programs: [], maps: [] };
      for (let round = 0; round < 30; round++) {
        const worker = new Worker(${JSON.stringify(body)}, { eval: true, stderr: true });
        const [program, map] = await new Promise((resolve) => worker.once("message", resolve));
        ids.programs.push(program);
        ids.maps.push(map);
        await new Promise((resolve) => setTimeout(resolve, round));
        await worker.terminate();
      }
      console.log(JSON.stringify(ids));
      process.stdin.once("data", () => process.stdin.destroy());
    })();
  `);
  const ids = JSON.parse(await child.nextLine()) as KernelIds;
  expect(ids.programs).toHaveLength(30);
  expect(await goneFromKernel(ids)).toEqual(noneLeft);
  child.say();
  expect(await child.ended).toBe(0);
  expect(child.stderr()).toBe("");
});

test("without privilege the addon loads, and what needs privilege says EPERM", async () => {
  // The checkout may lie where nobody else can read.
  const folder = mkdtempSync(join(tmpdir(), "tapbook-unprivileged-"));
  try {
    const copy = join(folder, "tapbook.node");
    copyFileSync(addon, copy);
    chmodSync(copy, 0o755);
    chmodSync(folder, 0o755);
    const nobody = 65534;
    const child = runNode(
      `
      const native = require(${JSON.stringify(copy)});
      const instructions = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
      const attempts = [
        () => native.createMap({ name: "mine", type: "hash", keySize: 4, valueSize: 8, maxEntries: 1 }),
        () => native.loadProgram({ name: "mine", type: "raw_tracepoint", instructions, relocations: [] }),
        () => native.enableStatistics(),
      ];
      for (const attempt of attempts) {
        try {
          attempt();
          console.log("allowed");
        } catch (error) {
          console.log([error.name, error.code, error.message].join(" | "));
        }
      }
      console.log(JSON.stringify(native.capabilities()) + native.openHandles());
      `,
      { uid: nobody, gid: nobody, cwd: folder },
    );
    expect(await child.ended).toBe(0);
    expect(child.lines).toEqual([
      'EngineError | EPERM | cannot create map "mine": EPERM (Operation not permitted)',
      'EngineError | EPERM | cannot load program "mine": EPERM (Operation not permitted)',
      "EngineError | EPERM | cannot enable run-time statistics: EPERM (Operation not permitted)",
      "[]0",
    ]);
    expect(child.stderr()).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
