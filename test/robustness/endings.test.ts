/** However a kernel or a cell ends while it traces, nothing of it stays in the running system. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { streamText } from "../protocol/client.js";
import { countOf, leftInKernel, NOTHING, objectsOf, type KernelObjects } from "./kernel_objects.js";
import { displayed, isAlive, RealKernel, WORKLOAD } from "./real_kernel.js";

/** Its first line tells that it traces; it counts what no other process on the machine does. */
const SCRIPT = `global calls
probe syscall.getppid, syscall.getppid.return { if (execname() == "no-such-thing") calls[name]++ }
probe timer.ms(5) { printf(".") }`;

let kernel: RealKernel;
afterEach(() => kernel.close());

async function tracing(script = SCRIPT): Promise<{ cell: string; objects: KernelObjects }> {
  kernel = await RealKernel.start();
  const cell = await kernel.startTracing(script);
  const objects = await objectsOf(kernel.process.pid ?? 0);
  // The witness sees what there is: two programs on two links, the global's map and the script's own.
  expect(objects.prog).toHaveLength(2);
  expect(objects.link).toHaveLength(2);
  expect(objects.map.length).toBeGreaterThanOrEqual(2);
  expect((await leftInKernel(objects, countOf(objects))).prog).toEqual(objects.prog);
  return { cell, objects };
}

test("a kernel that is killed", async () => {
  const { objects } = await tracing();
  kernel.process.kill("SIGKILL");
  await once(kernel.process, "exit");
  expect(await leftInKernel(objects)).toEqual(NOTHING);
});

test.each([true, false])("a shutdown request (for a restart: %s)", async (restart) => {
  const { cell, objects } = await tracing();
  const ended = once(kernel.process, "exit");
  const { reply } = await kernel.client.request("shutdown_request", { restart }, { channel: "control" });
  expect(reply.content).toEqual({ status: "ok", restart });
  expect(await ended).toEqual([0, null]);
  expect((await kernel.client.answer(cell)).reply.content["status"]).toBe("ok");
  expect(await leftInKernel(objects)).toEqual(NOTHING);
});

test("an interrupt leaves the globals, and a reset takes them away", async () => {
  const { cell, objects } = await tracing();
  await kernel.client.request("interrupt_request", {}, { channel: "control" });
  expect((await kernel.client.answer(cell)).reply.content["status"]).toBe("ok");
  const left = await leftInKernel(objects, 1);
  expect(left).toMatchObject({ prog: [], link: [] });
  expect(left.map).toHaveLength(1);
  expect((await kernel.client.execute("%reset")).reply.content["status"]).toBe("ok");
  expect(await leftInKernel(objects)).toEqual(NOTHING);
});

test("a cell whose probe fails", async () => {
  kernel = await RealKernel.start();
  const failing = `%%trace -c '${WORKLOAD} syscalls getppid --count 3 --name tapfails --hold < /dev/null'
probe syscall.getppid { if (execname() == "tapfails") error("on purpose") }`;
  const { reply } = await kernel.client.execute(failing);
  expect(reply.content).toMatchObject({ status: "error" });
  expect(await objectsOf(kernel.process.pid ?? 0)).toEqual(NOTHING);
});

test("a kernel whose server is killed ends by itself", async () => {
  let parent = 0;
  kernel = await RealKernel.start(([node, ...rest]) => {
    const launcher = `
      const kernel = require("node:child_process").spawn(${JSON.stringify(node)}, ${JSON.stringify(rest)}, { stdio: "ignore", detached: true });
      process.stdout.write(String(kernel.pid));
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["-e", launcher], { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.once("data", (data: Buffer) => (parent = Number(data.toString())));
    return child;
  });
  const kernelPid = parent;
  await kernel.startTracing(SCRIPT);
  const objects = await objectsOf(kernelPid);
  expect(objects.prog).toHaveLength(2);
  kernel.process.kill("SIGKILL");
  const deadline = performance.now() + 5000;
  while ((await isAlive(kernelPid)) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await isAlive(kernelPid)).toBe(false);
  expect(await leftInKernel(objects)).toEqual(NOTHING);
});

test("two kernels at once count each what it was asked for", async () => {
  kernel = await RealKernel.start();
  const other = await RealKernel.start();
  try {
    const script = (
      name: string,
      count: number,
    ): string => `%%trace -c '${WORKLOAD} syscalls getppid --count ${count} --rate 2000 --name ${name}'
global calls
probe syscall.getppid { if (execname() == "${name}") calls++ }
probe end { printf("[%d]", calls) }`;
    const cells = [kernel.client.execute(script("tapone", 700)), other.client.execute(script("taptwo", 900))];
    const answers = await Promise.all(cells);
    expect(answers.map(({ published }) => /\[(\d+)\]/.exec(streamText(published))?.[1])).toEqual(["700", "900"]);
    // The end of the one takes nothing away from the other.
    await other.close();
    const again = await kernel.client.execute("calls");
    expect(displayed(again.published).join()).toMatch(/\b700\b/);
  } finally {
    await other.close().catch(() => undefined);
  }
});
