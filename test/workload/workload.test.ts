import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../native/build/Release/workload", import.meta.url));

interface Report {
  readonly pid: number;
  readonly comm: string;
  readonly calls: Record<string, number>;
  readonly errors: Record<string, Record<string, number>>;
}

function run(...words: readonly string[]): Report {
  return JSON.parse(execFileSync(program, [...words], { encoding: "utf8" })) as Report;
}

/** What the workload may do besides what it reports; the comment in workload.cpp says why. */
const besides = new Set(
  "readv writev prctl getpid brk mmap munmap mprotect madvise clone clone3 futex rseq set_robust_list rt_sigaction rt_sigprocmask exit exit_group".split(
    " ",
  ),
);

/** The workload's report, and what strace saw it do between its start line and its report. */
function traced(...words: readonly string[]): { report: Report; seen: Pick<Report, "calls" | "errors"> } {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-workload-"));
  try {
    const log = join(folder, "log");
    const output = execFileSync("strace", ["-f", "-o", log, program, ...words, "--wait"], {
      input: "\n",
      encoding: "utf8",
    });
    const [ready = "", json = ""] = output.split("\n");
    const report = JSON.parse(json) as Report;
    expect(ready).toBe(`ready ${report.pid}`);

    const lines = readFileSync(log, "utf8").split("\n");
    const start = lines.findIndex((line) => line.includes(`writev(1, [{iov_base="ready`));
    expect(start).toBeGreaterThan(0);
    const calls: Record<string, number> = {};
    const errors: Record<string, Record<string, number>> = {};
    for (const line of lines.slice(start)) {
      const [, name] = /^\d+ +(\w+)\(/.exec(line) ?? /^\d+ +<\.\.\. (\w+) resumed>/.exec(line) ?? [];
      if (name === undefined || besides.has(name)) continue;
      if (!line.endsWith("<unfinished ...>")) calls[name] = (calls[name] ?? 0) + 1;
      const error = /= -1 (E\w+)/.exec(line)?.[1];
      if (error === undefined) continue;
      const ofCall = (errors[name] ??= {});
      ofCall[error] = (ofCall[error] ?? 0) + 1;
    }
    return { report, seen: { calls, errors } };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kinds: readonly (readonly [string, Record<string, number>, Record<string, Record<string, number>>])[] = [
  ["syscalls getppid --count 25", { getppid: 25 }, {}],
  [
    "syscalls getppid gettimeofday read write lseek sched_yield --count 7",
    { getppid: 7, gettimeofday: 7, read: 7, write: 7, lseek: 7, sched_yield: 7 },
    {},
  ],
  ["syscalls openat close --count 9", { openat: 9, close: 18 }, { close: { EBADF: 9 } }],
  ["read --size 65536 --count 30", { read: 30 }, {}],
  ["sleep --milliseconds 1 --count 8", { clock_nanosleep: 8 }, {}],
  ["threads --threads 3 --count 20", { getppid: 60 }, {}],
  ["busy --seconds 0.05", {}, {}],
];

describe("strace sees between the start line and the report exactly what the report says", () => {
  test.each(kinds)("%s", (words, calls, errors) => {
    const { report, seen } = traced(...words.split(" "));
    expect({ calls: report.calls, errors: report.errors }).toEqual({ calls, errors });
    expect(seen).toEqual({ calls, errors });
  });

  test("stat, in each way that the machine has", () => {
    const { report, seen } = traced("stat", "--missing", "11", "--existing", "4", "--path", "/etc/passwd");
    const ways = process.arch === "arm64" ? ["newfstatat", "statx"] : ["newfstatat", "statx", "stat"];
    expect(report.calls).toEqual(Object.fromEntries(ways.map((way) => [way, 15])));
    expect(report.errors).toEqual(Object.fromEntries(ways.map((way) => [way, { ENOENT: 11 }])));
    expect(seen).toEqual({ calls: report.calls, errors: report.errors });
  });

  test("at a rate: its sleeps are reported too", () => {
    const { report, seen } = traced("syscalls", "getppid", "--count", "10", "--rate", "100");
    expect(report.calls["getppid"]).toBe(10);
    expect(seen).toEqual({ calls: report.calls, errors: report.errors });
  });
});

test("a rate takes its time", () => {
  const start = process.hrtime.bigint();
  run("syscalls", "getppid", "--count", "51", "--rate", "200");
  // The first is at once, 50 follow 5 ms apart.
  expect(Number(process.hrtime.bigint() - start) / 1e6).toBeGreaterThanOrEqual(250);
});

test("busy uses a processor for as long as asked", async () => {
  const start = process.hrtime.bigint();
  const child = spawn(program, ["busy", "--seconds", "0.4", "--hold"]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  // Fields 14 and 15, in hundredths of a second, counted behind the command name; others may want the processor too.
  const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${child.pid}/stat`, "utf8")) ?? [];
  child.stdin.end("\n");
  await new Promise((resolve) => child.once("close", resolve));
  expect(elapsed).toBeGreaterThanOrEqual(0.4);
  expect(Number(user) + Number(system)).toBeGreaterThanOrEqual(10);
});

test("the command name", () => {
  expect(run("busy", "--seconds", "0", "--name", 'odd "name" \\').comm).toBe('odd "name" \\');
});

test("--hold keeps the process until it gets a line", async () => {
  const child = spawn(program, ["syscalls", "getppid", "--hold"]);
  let ended = false;
  const end = new Promise((resolve) => child.once("close", resolve)).then(() => (ended = true));
  const report = JSON.parse(
    await new Promise<string>((resolve) => child.stdout.once("data", (data: Buffer) => resolve(data.toString()))),
  ) as Report;
  expect(readFileSync(`/proc/${report.pid}/comm`, "utf8")).toBe("workload\n");
  expect(ended).toBe(false);
  child.stdin.end("\n");
  await end;
  expect(child.exitCode).toBe(0);
});

test.each([
  [[]],
  [["dance"]],
  [["syscalls"]],
  [["syscalls", "fork"]],
  [["read", "--count"]],
  [["read", "--count", "many"]],
  [["read", "--depth", "3"]],
])("%j is refused with the usage", (words: readonly string[]) => {
  const { status, stderr, stdout } = spawnSync(program, words, { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^workload: .+\nusage: workload KIND/);
});
