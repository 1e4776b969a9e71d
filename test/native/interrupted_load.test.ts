/** Programs load while signals rain on the process: a profiler's, a timer's. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const addon = fileURLToPath(new URL("../../native/build/Release/tapbook.node", import.meta.url));

/** A thousand signals a second, while programs are loaded that the verifier needs tens of milliseconds for. */
const script = `
  const { Worker } = require("node:worker_threads");
  const native = require(${JSON.stringify(addon)});
  let signals = 0;
  process.on("SIGUSR2", () => signals++);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const rain = "const { workerData } = require('node:worker_threads');" +
    "while (Atomics.wait(workerData, 0, 0, 1) === 'timed-out') process.kill(process.pid, 'SIGUSR2');";
  const worker = new Worker(rain, { eval: true, workerData: stop });
  worker.once("online", async () => {
    while (signals === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const count = 300_000;
    const instructions = new Uint8Array(8 * count);
    for (let index = 0; index < count - 1; index++) instructions[8 * index] = 0xb7;
    instructions[8 * (count - 1)] = 0x95;
    const answers = [];
    for (let round = 0; round < 10; round++) {
      try {
        native.loadProgram({ name: "long", type: "raw_tracepoint", instructions, relocations: [] }).close();
        answers.push("loaded");
      } catch (error) {
        answers.push(error.message);
      }
    }
    // The process's own handlers still hear its signals.
    signals = 0;
    while (signals === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    Atomics.store(stop, 0, 1);
    Atomics.notify(stop, 0);
    await new Promise((resolve) => worker.once("exit", resolve));
    console.log(JSON.stringify(answers));
    process.exit();
  });
`;

test("every program is loaded", () => {
  const output = execFileSync(process.execPath, ["--eval", script], { encoding: "utf8", timeout: 100_000 });
  expect(JSON.parse(output)).toEqual(Array.from({ length: 10 }, () => "loaded"));
}, 120_000);
