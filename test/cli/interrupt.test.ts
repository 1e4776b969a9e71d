import { spawn } from "node:child_process";
import { entry, start, workload } from "./tapbook.js";

const counting =
  'global n probe begin { println("ready") } probe syscall.getppid { n++ } probe end { println("end ", n > 0) }';

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "the first %s runs end probes, and the status is 0",
  async (signal) => {
    const running = start(["run", "-e", counting]);
    await running.hasPrinted("ready\n");
    const load = spawn(workload, ["syscalls", "getppid", "--count", "10"]);
    await new Promise((resolve) => load.on("close", resolve));
    running.child.kill(signal);
    const { status, stdout, stderr } = await running.finished;
    expect({ status, stderr, text: stdout.toString() }).toEqual({ status: 0, stderr: "", text: "ready\nend 1\n" });
  },
);

test("a second one ends at once with status 1, though a command of system() still runs", async () => {
  const script =
    'probe begin { println("ready") } probe timer.s(60) {} probe end { println("ending") system("sleep 30") }';
  const running = start(["run", "-e", script]);
  await running.hasPrinted("ready\n");
  running.child.kill("SIGINT");
  await running.hasPrinted("ending\n");
  const begin = Date.now();
  running.child.kill("SIGINT");
  // Its sleep holds the pipe: the end of the process counts, not the end of its output.
  const status = await new Promise((resolve) => running.child.on("exit", resolve));
  expect(status).toBe(1);
  expect(Date.now() - begin).toBeLessThan(5000);
  running.child.stdout?.destroy();
  running.child.stderr?.destroy();
});

test("interrupting ends the command of -c without a complaint", async () => {
  const running = start([
    "run",
    "-e",
    'probe begin { println("ready") } probe end { println("end") }',
    "-c",
    "exec sleep 30",
  ]);
  await running.hasPrinted("ready\n");
  running.child.kill("SIGINT");
  const { status, stdout, stderr } = await running.finished;
  expect({ status, stderr, text: stdout.toString() }).toEqual({ status: 0, stderr: "", text: "ready\nend\n" });
});

test("the built file can be executed by its name", async () => {
  const { readFileSync } = await import("node:fs");
  expect(readFileSync(entry, "utf8").split("\n", 1)).toEqual(["#!/usr/bin/env node"]);
});
