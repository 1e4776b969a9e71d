/** The load that is traced: a loop of system calls, pinned to one processor. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { loadProcessor, workload } from "./machine.mjs";

export const loadName = "tapbench";

function start(words) {
  const args = ["-c", String(loadProcessor), workload, ...words, "--name", loadName];
  return spawn("taskset", args, { stdio: ["pipe", "pipe", "inherit"] });
}

/** Nanoseconds that a process has spent on a CPU: on a busy machine its waiting for one says nothing. */
const processorTime = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ", 1)[0]);

/** Nanoseconds of a CPU that each of `count` calls takes in a tight loop, from the word to start to the loop's report. */
export async function timeLoop(kind, count) {
  const child = start([...kind, "--count", String(count), "--wait", "--hold"]);
  await once(child.stdout, "data");
  const before = processorTime(child.pid);
  child.stdin.write("\n");
  await once(child.stdout, "data");
  const nanoseconds = processorTime(child.pid) - before;
  child.stdin.end("\n");
  await once(child, "close");
  return nanoseconds / count;
}

/** Calls at a steady rate until `stop`. */
export async function startSteadyLoad(kind, rate) {
  const child = start([...kind, "--rate", String(rate), "--count", "1000000000", "--wait"]);
  await once(child.stdout, "data");
  child.stdin.write("\n");
  return {
    async stop() {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    },
  };
}
