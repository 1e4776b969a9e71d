import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ByteOutput } from "../../kernel/cli/byte_output.js";
import { entry, withFolder, workload } from "./tapbook.js";

interface ShellOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bash, in which `tapbook` and `$workload` mean what is tested; the only way to real pipes between processes. */
function bash(script: string): Promise<ShellOutcome> {
  const prelude = 'set -o pipefail; tapbook() { "$NODE" "$ENTRY" "$@"; };';
  const child = spawn("/bin/bash", ["-c", prelude + script], {
    env: { ...process.env, NODE: process.execPath, ENTRY: entry, workload },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
}

const LINES = 300_000;
const numbered = `probe begin { for (i = 0; i < ${LINES}; i++) println("line ", i) exit() }`;

function digestOfLines(): string {
  const hash = createHash("md5");
  for (let index = 0; index < LINES; index++) hash.update(`line ${index}\n`);
  return hash.digest("hex");
}

test("a reader that sleeps first gets every byte in order", async () => {
  const { status, stdout, stderr } = await bash(`tapbook run -e '${numbered}' | { sleep 1; md5sum; }`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.split(" ", 1)).toEqual([digestOfLines()]);
});

test("so it does when the lines come from the kernel, faster than the reader takes them", async () => {
  const script = "probe syscall.getppid { if (pid() == target()) println(n++) } global n";
  const reader =
    "{ while IFS= read -r line; do [[ $line == ${count:=0} ]] && ((++count)); ((count % 1000)) || sleep 0.02; done; echo $count; }";
  const { status, stdout, stderr } = await bash(
    `tapbook run -e '${script}' -c "$workload syscalls getppid --count 20000 > /dev/null" | ${reader}`,
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "20000\n", stderr: "" });
});

test("a reader that has seen enough ends the run quietly, whether lines or time would have gone on", async () => {
  for (const script of [numbered, "probe timer.ms(1) { println(1) }"]) {
    const { status, stderr } = await bash(`tapbook run -e '${script}' | head -n 1 > /dev/null`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
});

test("text, warnings and commands keep their order where all go to one pipe", async () => {
  const script =
    'probe begin { println("one") warn("two") println("three") system("echo four") exit() } probe end { println("end") }';
  const { stdout } = await bash(`tapbook run -e '${script}' 2>&1 | cat`);
  expect(stdout).toMatch(/^one\nWARNING: two\nthree\n/);
  expect(stdout.trimEnd().split("\n").slice(3).toSorted()).toEqual(["end", "four"]);
});

test("the pipe stays one that blocks for whoever shares it", async () => {
  // A program that does not expect EAGAIN fails on a pipe that was made non-blocking under its hands.
  const { status, stderr } = await bash(
    "{ tapbook run -e 'probe begin { println(1) exit() }'; seq 200000; } | { sleep 0.5; wc -l; }",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("a full device is told", async () => {
  const { status, stderr } = await bash("tapbook run -e 'probe begin { println(1) exit() }' > /dev/full");
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "tapbook: the output cannot be written: no space is left on the device\n",
  });
});

test("what waits in memory has a limit, at which the writer waits for the reader", async () => {
  await withFolder(async (folder) => {
    const [pipe, copy] = [join(folder, "pipe"), join(folder, "copy")];
    execFileSync("mkfifo", [pipe]);
    // Open for both, so that opening needs no reader yet.
    const descriptor = openSync(pipe, "r+");
    const reader = spawn("/bin/sh", ["-c", 'sleep 0.5; head -c 1000000 "$0" > "$1"', pipe, copy]);
    const begin = Date.now();
    const output = ByteOutput.open(descriptor, { onBroken: () => undefined, limit: 200_000 });
    const text = "0123456789".repeat(50_000);
    output.write(text);
    expect(Date.now() - begin).toBeGreaterThan(300);
    output.write(text);
    await output.drained();
    await new Promise((resolve) => reader.on("close", resolve));
    output.close();
    closeSync(descriptor);
    expect(readFileSync(copy, "latin1") === text + text).toBe(true);
  });
});

/** At a terminal of its own; lines end as terminals end them. `script` runs $SHELL, and only bash hands functions on. */
async function atTerminal(command: string): Promise<string> {
  const { stdout } = await bash(`export -f tapbook; SHELL=/bin/bash script -qec '${command}' /dev/null`);
  return stdout.replaceAll("\r\n", "\n");
}

test("at a terminal a traced run ends with its fidelity line, one without probes does not", async () => {
  const traced = await atTerminal('tapbook run -e "probe syscall.read { exit() } probe begin { println(1) }"');
  expect(traced).toMatch(/^1\nevents \d+ · lost 0 · map-full 0 · missed 0 · errors 0 · .*s\n$/);
  expect(await atTerminal('tapbook run -e "probe begin { println(1) }"')).toBe("1\n");
});
