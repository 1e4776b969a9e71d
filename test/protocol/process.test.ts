import { transformFile } from "@swc/core";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, streamText, type Target } from "./client.js";

/** The kernel's sources as JavaScript: inside the project, so that it finds its packages. */
const built = join(process.cwd(), ".cache", `protocol-test-${process.pid}`);
const program = join(built, "test/protocol/kernel-process.js");

beforeAll(async () => {
  const sources = await readdir("kernel/protocol", { recursive: true });
  const files = sources.map((file) => join("kernel/protocol", file)).filter((file) => file.endsWith(".ts"));
  const tests = [new URL("./fake-interpreter.ts", import.meta.url), new URL("./kernel-process.ts", import.meta.url)];
  for (const file of [...files, ...tests.map((url) => relative(process.cwd(), fileURLToPath(url)))]) {
    const { code } = await transformFile(file, { jsc: { parser: { syntax: "typescript" }, target: "es2022" } });
    const target = join(built, file.replace(/ts$/, "js"));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
});
afterAll(() => rm(built, { recursive: true }));

let directory: string;
let file: string;
let target: Target;
let child: ChildProcess;
let client: Client;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tapbook-process-"));
  file = join(directory, "connection.json");
  const ports = { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 };
  const entries = Object.entries(ports).map(([channel, port]) => [`${channel}_port`, port]);
  const fields = { transport: "ipc", ip: join(directory, "kernel"), key: "k", signature_scheme: "hmac-sha256" };
  await writeFile(file, JSON.stringify({ ...fields, ...Object.fromEntries(entries) }));
  target = { key: "k", algorithm: "sha256", endpoint: (channel) => `ipc://${fields.ip}-${ports[channel]}` };
});

afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  client.close();
  await rm(directory, { recursive: true });
});

async function start(): Promise<void> {
  child = spawn(process.execPath, [program, file], { stdio: ["ignore", "ignore", "pipe"] });
  client = await Client.connect(target);
}

async function startCell(code: string): Promise<string> {
  const id = client.sendExecute(code);
  await client.until(() => streamText(client.of(id)) !== "");
  return id;
}

/** How it ended, and how many milliseconds after this was called. */
async function exit(): Promise<{ code: unknown; milliseconds: number }> {
  const start = performance.now();
  const [code, signal] = (await once(child, "exit")) as unknown[];
  return { code: code ?? signal, milliseconds: performance.now() - start };
}

describe("signals", () => {
  test("SIGINT while idle is survived", async () => {
    await start();
    await client.execute("lines 1");
    child.kill("SIGINT");
    expect((await client.execute("lines 1")).reply.content["status"]).toBe("ok");
    expect(child.exitCode).toBeNull();
  });

  test("SIGINT while a cell runs interrupts it, and the next cell runs", async () => {
    await start();
    const cell = await startCell("wait");
    child.kill("SIGINT");
    expect(streamText((await client.answer(cell)).published)).toBe("waiting\ninterrupted\n");
    expect((await client.execute("lines 1")).reply.content["status"]).toBe("ok");
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("%s ends the kernel cleanly, a running cell first", async (signal) => {
    await start();
    const cell = await startCell("wait");
    const ended = exit();
    child.kill(signal);
    expect((await client.answer(cell)).reply.content["status"]).toBe("ok");
    const { code, milliseconds } = await ended;
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(1500);
    expect((await readdir(directory)).filter((name) => name.startsWith("kernel"))).toEqual([]);
  });
});

test.each([true, false])(
  "a shutdown request ends the process (cell running: %s), all messages delivered",
  async (running) => {
    await start();
    if (running) await startCell("wait");
    const ended = exit();
    const { reply } = await client.request("shutdown_request", { restart: true }, { channel: "control" });
    expect(reply.content).toEqual({ status: "ok", restart: true });
    await client.until(() => client.published.some(({ header }) => header["msg_type"] === "shutdown_reply"));
    const { code, milliseconds } = await ended;
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(1500);
  },
);

test("while JavaScript is busy the heartbeat answers, and control answers right after", async () => {
  await start();
  const cell = await startCell("block 1000");
  await new Promise((resolve) => setTimeout(resolve, 150));
  const info = client.send("kernel_info_request", {}, { channel: "control" });
  for (const beat of ["one", "two", "three"]) expect(await client.heartbeat(beat)).toBe(beat);
  // Otherwise the heartbeat may have waited for the cell.
  expect(client.replies).toEqual([]);
  expect((await client.answer(info)).reply.content["status"]).toBe("ok");
  await client.answer(cell);
});

test("a process that exits without closing the kernel is not held up by the heartbeat", async () => {
  await start();
  const ended = exit();
  client.sendExecute("exit 7");
  const { code, milliseconds } = await ended;
  expect(code).toBe(7);
  expect(milliseconds).toBeLessThan(2000);
});

test("a bad message is one line on stderr", async () => {
  await start();
  let stderr = "";
  child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
  await client.sendFrames(["rubbish"], "shell");
  await client.request("kernel_info_request");
  await client.until(() => stderr !== "");
  expect(stderr).toBe("A message was dropped: no <IDS|MSG> delimiter among its frames.\n");
});

test("the kernel ends by itself when the server that started it is killed", async () => {
  const launcher = `
    const { spawn } = require("node:child_process");
    const kernel = spawn(process.execPath, [${JSON.stringify(program)}, ${JSON.stringify(file)}], { stdio: "ignore", detached: true });
    process.stdout.write(String(kernel.pid));
    setInterval(() => undefined, 1000);`;
  child = spawn(process.execPath, ["-e", launcher], { stdio: ["ignore", "pipe", "ignore"] });
  const [pid] = (await once(child.stdout ?? child, "data")) as [Buffer];
  client = await Client.connect(target);
  await client.request("kernel_info_request");
  child.kill("SIGKILL");
  const deadline = performance.now() + 5000;
  while ((await isAlive(Number(String(pid)))) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await isAlive(Number(String(pid)))).toBe(false);
});

/** A process that has ended and that nobody has reaped is a zombie (state Z). */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
}
