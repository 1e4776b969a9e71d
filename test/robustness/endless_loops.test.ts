/** A script that would never end is ended, and the kernel goes on. */
import { streamText } from "../protocol/client.js";
import { RealKernel, WORKLOAD } from "./real_kernel.js";

let kernel: RealKernel;
beforeAll(async () => void (kernel = await RealKernel.start()));
afterAll(() => kernel.close());

afterEach(async () => {
  const { reply, published } = await kernel.client.execute('println("still here")');
  expect(reply.content["status"]).toBe("ok");
  expect(streamText(published)).toBe("still here\n");
});

test.each([
  ["statements", "while (1) {}"],
  ["statements that print", 'while (1) println("again")'],
  ["a begin probe that catches its own errors", "probe begin { while (1) try { while (1) {} } catch {} }"],
  ["recursion", "function f:long(n:long) { return f(n + 1) } println(f(0))"],
  ["an end probe", "probe begin { exit() } probe end { for (;;) {} }"],
])("%s in user space", async (_, code) => {
  const { reply } = await kernel.client.execute(code);
  expect(reply.content).toMatchObject({ status: "error", ename: "ScriptError" });
  expect(String(reply.content["evalue"])).toMatch(/MAX(ACTION|NESTING) exceeded/);
});

test("a probe in the kernel", async () => {
  const { reply } = await kernel.client.execute(`%%trace -c '${WORKLOAD} syscalls getppid --count 5 --name taploop'
probe syscall.getppid { if (execname() == "taploop") while (1) {} }`);
  expect(reply.content).toMatchObject({ status: "error", ename: "ScriptError" });
  expect(String(reply.content["evalue"])).toMatch(/MAXACTION exceeded/);
});
