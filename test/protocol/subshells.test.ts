import { streamText } from "./client.js";
import { startKernel, type TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeEach(async () => void (kernel = await startKernel()));
afterEach(() => kernel.close());

const control = { channel: "control" } as const;

async function createSubshell(): Promise<string> {
  const { reply } = await kernel.client.request("create_subshell_request", {}, control);
  expect(reply.content["status"]).toBe("ok");
  return String(reply.content["subshell_id"]);
}

async function subshells(): Promise<unknown> {
  return (await kernel.client.request("list_subshell_request", {}, control)).reply.content["subshell_id"];
}

function within(id: string): { header: { subshell_id: string } } {
  return { header: { subshell_id: id } };
}

/** Sends a cell and waits until it has printed. */
async function startCell(code: string, subshell?: string): Promise<string> {
  const id = kernel.client.send(
    "execute_request",
    { code, allow_stdin: true },
    subshell === undefined ? {} : within(subshell),
  );
  await kernel.client.until(() => streamText(kernel.client.of(id)) !== "");
  return id;
}

test("the kernel says that it has subshells", async () => {
  const { reply } = await kernel.client.request("kernel_info_request");
  expect(reply.content["supported_features"]).toEqual(["kernel subshells"]);
});

test("subshells are made, listed and deleted", async () => {
  expect(await subshells()).toEqual([]);
  const [first, second] = [await createSubshell(), await createSubshell()];
  expect(await subshells()).toEqual([first, second]);
  const { reply } = await kernel.client.request("delete_subshell_request", { subshell_id: first }, control);
  expect(reply.content).toEqual({ status: "ok" });
  expect(await subshells()).toEqual([second]);
});

test("a cell in a subshell runs beside one in the main shell, and one in another subshell too", async () => {
  const [first, second] = [await createSubshell(), await createSubshell()];
  const main = await startCell("wait");
  const inFirst = await startCell("wait", first);
  const answer = await kernel.client.execute("lines 2", {}, within(second));
  expect(answer.reply.content["status"]).toBe("ok");
  expect(streamText(answer.published)).toBe("line 0\nline 1\n");
  expect(answer.reply.parent_header["subshell_id"]).toBe(second);
  // An interrupt is for all that runs.
  await kernel.client.request("interrupt_request", {}, control);
  for (const id of [main, inFirst]) expect((await kernel.client.answer(id)).reply.content["status"]).toBe("ok");
});

test("requests of one subshell keep their order", async () => {
  const id = await createSubshell();
  const cell = await startCell("wait", id);
  const next = kernel.client.send("execute_request", { code: "lines 1" }, within(id));
  await kernel.client.execute("lines 1");
  expect(kernel.client.of(next)).toEqual([]);
  kernel.server.interrupt();
  await kernel.client.answer(cell);
  expect((await kernel.client.answer(next)).reply.content["status"]).toBe("ok");
});

test("an error aborts what waits in its own shell only", async () => {
  const id = await createSubshell();
  const waiting = await startCell("wait", id);
  const queued = kernel.client.send("execute_request", { code: "lines 1" }, within(id));
  const failing = kernel.client.send("execute_request", { code: "fail boom" });
  const behind = kernel.client.send("execute_request", { code: "lines 1" });
  expect((await kernel.client.answer(failing)).reply.content["status"]).toBe("error");
  expect((await kernel.client.answer(behind)).reply.content["status"]).toBe("aborted");
  kernel.server.interrupt();
  await kernel.client.answer(waiting);
  expect((await kernel.client.answer(queued)).reply.content["status"]).toBe("ok");
});

test("deleting a busy subshell aborts what waits in it; what runs ends by itself", async () => {
  const id = await createSubshell();
  const running = await startCell("wait", id);
  const queued = kernel.client.send("execute_request", { code: "lines 1" }, within(id));
  await kernel.client.request("list_subshell_request", {}, control);
  await kernel.client.request("delete_subshell_request", { subshell_id: id }, control);
  kernel.server.interrupt();
  expect((await kernel.client.answer(running)).reply.content["status"]).toBe("ok");
  expect((await kernel.client.answer(queued)).reply.content["status"]).toBe("aborted");
});

test("a subshell that does not exist is named in an error, and the main shell goes on", async () => {
  const { reply } = await kernel.client.execute("lines 1", {}, within("nowhere"));
  expect(reply.content).toMatchObject({
    status: "error",
    evalue: 'There is no subshell "nowhere".',
    execution_count: 0,
  });
  const deleted = await kernel.client.request("delete_subshell_request", { subshell_id: "nowhere" }, control);
  expect(deleted.reply.content).toMatchObject({ status: "error", evalue: 'There is no subshell "nowhere".' });
  expect(kernel.interpreter.executed).toEqual([]);
  expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
});

test("two cells that ask for a line are asked one after the other, each answer to its own", async () => {
  const id = await createSubshell();
  const main = await startCell("input");
  const beside = await startCell("input", id);
  await kernel.client.until(() => kernel.client.inputRequests.length === 1);
  const answer = async (value: string): Promise<void> => {
    const header = { msg_id: value, session: kernel.client.session, msg_type: "input_reply", version: "5.2" };
    await kernel.client.sendFrames(
      kernel.client.frames([header, {}, {}, { value }].map((part) => JSON.stringify(part))),
      "stdin",
    );
  };
  await answer("one");
  expect(streamText((await kernel.client.answer(main)).published)).toBe("asking\ngot one\n");
  await kernel.client.until(() => kernel.client.inputRequests.length === 2);
  await answer("two");
  expect(streamText((await kernel.client.answer(beside)).published)).toBe("asking\ngot two\n");
  expect(kernel.client.inputRequests.map((message) => message.parent_header["msg_id"])).toEqual([main, beside]);
});
