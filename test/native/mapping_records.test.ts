/** The kernel's records of mappings, against `/proc/PID/maps` of a process that stands still. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadNative } from "../../kernel/tracing/native.js";
import { MappingHistory } from "../../kernel/tracing/user_symbols/mapping_history.js";
import { parseMappings } from "../../kernel/tracing/user_symbols/mappings.js";
import { workloadPath } from "./workload.js";

const native = loadNative();

function line(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve) => child.stdout.once("data", (data: Buffer) => resolve(data.toString())));
}

/** The code of files that a process has mapped, as it lists them itself. */
function listed(pid: number) {
  return parseMappings(readFileSync(`/proc/${pid}/maps`, "utf8")).filter(
    ({ executable, inode }) => executable && inode !== 0n,
  );
}

async function recordedAndListed(command: string) {
  const child = spawn("/bin/sh", ["-c", `read go; ${command}`]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const records = native.recordMappings(child.pid);
  try {
    child.stdin.write("go\n");
    const pid = Number(/^ready (\d+)\n$/.exec(await line(child))?.[1]);
    const history = new MappingHistory();
    history.add(records.take());
    const recorded = history.takeNew(pid)?.filter(({ inode }) => inode !== 0n);
    expect(history.takeNew(pid)).toBeNull();
    return { recorded, listed: listed(pid), isShell: pid === child.pid };
  } finally {
    records.close();
    child.stdin.end("\n");
    await ended;
  }
}

test("of a process that becomes another program", async () => {
  const { recorded, listed, isShell } = await recordedAndListed(`exec ${workloadPath} chain --count 1 --wait`);
  expect(isShell).toBe(true);
  expect(listed.some(({ path }) => path.endsWith("/workload"))).toBe(true);
  expect(recorded).toEqual(listed);
});

test("of a process that it starts", async () => {
  const { recorded, listed, isShell } = await recordedAndListed(`${workloadPath} chain --count 1 --wait; exit 0`);
  expect(isShell).toBe(false);
  expect(recorded).toEqual(listed);
});

test("of every process", async () => {
  const records = native.recordMappings();
  const child = spawn(workloadPath, ["chain", "--count", "1", "--wait"]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const pid = Number(/^ready (\d+)\n$/.exec(await line(child))?.[1]);
    const history = new MappingHistory();
    history.add(records.take());
    expect(pid).toBe(child.pid);
    expect(history.takeNew(pid)?.filter(({ inode }) => inode !== 0n)).toEqual(listed(pid));
    expect(history.lost).toBe(0);
  } finally {
    records.close();
    child.stdin.end("\n");
    await ended;
  }
});

test("closed it takes nothing, and a process that is not there is refused", () => {
  const records = native.recordMappings(process.pid);
  records.close();
  expect(() => records.take()).toThrow(expect.objectContaining({ name: "EngineError", code: "EBADF" }));
  expect(() => native.recordMappings(2 ** 30)).toThrow(expect.objectContaining({ code: "ESRCH" }));
});
