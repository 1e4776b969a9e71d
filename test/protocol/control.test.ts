import { outline, streamText } from "./client.js";
import { startKernel, type TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeEach(async () => void (kernel = await startKernel()));
afterEach(() => kernel.close());

/** Sends a cell and waits until it has printed. */
async function startCell(code: string): Promise<string> {
  const id = kernel.client.sendExecute(code);
  await kernel.client.until(() => streamText(kernel.client.of(id)) !== "");
  return id;
}

const control = { channel: "control" } as const;

describe("interrupt", () => {
  test("lets the running cell finish, and the next one runs", async () => {
    const cell = await startCell("wait");
    const { reply } = await kernel.client.request("interrupt_request", {}, control);
    expect(reply).toMatchObject({ header: { msg_type: "interrupt_reply" }, content: { status: "ok" } });
    const answer = await kernel.client.answer(cell);
    expect(answer.reply.content["status"]).toBe("ok");
    expect(streamText(answer.published)).toBe("waiting\ninterrupted\n");
    expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
  });

  test("twice ends a cell that does not finish", async () => {
    const cell = await startCell("stubborn");
    await kernel.client.request("interrupt_request", {}, control);
    await kernel.client.request("interrupt_request", {}, control);
    expect((await kernel.client.answer(cell)).reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(kernel.interpreter.interruptions).toBe(2);
  });

  test("does nothing when no cell runs", async () => {
    expect((await kernel.client.request("interrupt_request", {}, control)).reply.content["status"]).toBe("ok");
    kernel.server.interrupt();
    expect(kernel.interpreter.interruptions).toBe(0);
    expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
  });
});

describe("while a cell runs", () => {
  test("control answers, and says afterwards that the kernel is still busy", async () => {
    const cell = await startCell("wait");
    const info = kernel.client.send("kernel_info_request", {}, control);
    const { reply } = await kernel.client.answer(info);
    expect(reply.content["status"]).toBe("ok");
    await kernel.client.until(() => outline(kernel.client.published).slice(-2).join() === "idle,busy");
    expect(kernel.client.published.at(-1)?.parent_header["msg_id"]).toBe(cell);
    kernel.server.interrupt();
    await kernel.client.answer(cell);
    expect(outline(kernel.client.published).at(-1)).toBe("idle");
  });

  test("requests on shell wait for their turn", async () => {
    const cell = await startCell("wait");
    const info = kernel.client.send("kernel_info_request", {});
    await kernel.client.request("kernel_info_request", {}, control);
    expect(kernel.client.of(info)).toEqual([]);
    kernel.server.interrupt();
    await kernel.client.answer(info);
    expect(kernel.client.replies.map(({ parent_header }) => parent_header["msg_id"]).slice(-2)).toEqual([cell, info]);
  });
});

describe("shutdown", () => {
  test.each([
    ["control", false],
    ["control", true],
    ["shell", false],
    ["shell", true],
  ] as const)(
    "on %s with restart %s: a reply to the client and to everybody, then the end",
    async (channel, restart) => {
      await kernel.client.execute("lines 1");
      const start = performance.now();
      const { reply, published } = await kernel.client.request("shutdown_request", { restart }, { channel });
      expect(reply.content).toEqual({ status: "ok", restart });
      expect(outline(published)).toEqual(["busy", "shutdown_reply", "idle"]);
      expect(published[1]?.content).toEqual({ status: "ok", restart });
      await kernel.server.closed;
      expect(performance.now() - start).toBeLessThan(500);
      expect(kernel.interpreter.shutdowns).toBe(1);
    },
  );

  test.each(["control", "shell"] as const)(
    "on %s while a cell runs and others wait: the cell is interrupted, the others aborted",
    async (channel) => {
      const cell = await startCell("wait");
      const waiting = kernel.client.sendExecute("lines 1");
      await kernel.client.request("kernel_info_request", {}, control);
      const { reply } = await kernel.client.request("shutdown_request", { restart: false }, { channel });
      expect(reply.content["status"]).toBe("ok");
      expect(streamText((await kernel.client.answer(cell)).published)).toBe("waiting\ninterrupted\n");
      const aborted = await kernel.client.answer(waiting);
      expect(aborted.reply.content["status"]).toBe("aborted");
      expect(outline(aborted.published)).toEqual(["busy", "idle"]);
      await kernel.server.closed;
      expect(kernel.interpreter).toMatchObject({ interruptions: 1, shutdowns: 1 });
    },
  );

  test("a cell that cannot be stopped does not hold it up beyond Jupyter's patience", async () => {
    kernel.client.sendExecute("immortal");
    await kernel.client.until(() => kernel.interpreter.executed.length === 1);
    const start = performance.now();
    await kernel.client.request("shutdown_request", { restart: false }, control);
    await kernel.server.closed;
    // jupyter_client sends SIGTERM 2.5 s after its request.
    expect(performance.now() - start).toBeLessThan(2400);
    expect(kernel.interpreter).toMatchObject({ interruptions: 2, shutdowns: 1 });
  });

  test("what a cell has printed beyond the pace is delivered before the end", async () => {
    const cell = kernel.client.sendExecute("bytes 3000000");
    await kernel.client.until(() => kernel.interpreter.executed.length === 1);
    await kernel.client.request("shutdown_request", { restart: false }, control);
    const { published } = await kernel.client.answer(cell);
    expect(streamText(published).length).toBe(3_000_000);
  });

  test("closing twice is closing once", async () => {
    await kernel.client.execute("lines 1");
    await Promise.all([kernel.server.close(), kernel.server.close()]);
    await kernel.server.closed;
    expect(kernel.interpreter.shutdowns).toBe(1);
  });
});
