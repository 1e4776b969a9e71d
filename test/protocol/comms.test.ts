import { outline } from "./client.js";
import { startKernel, type TestKernel } from "./kernel.js";
import type { Json } from "./message-schemas.js";

let kernel: TestKernel;
beforeEach(async () => void (kernel = await startKernel()));
afterEach(() => kernel.close());

async function send(type: string, content: Json, buffers: readonly Uint8Array[] = []) {
  return kernel.client.idle(kernel.client.send(type, content, { buffers }));
}

const open = (id: string, target = "echo", data: Json = {}, buffers: readonly Uint8Array[] = []) =>
  send("comm_open", { comm_id: id, target_name: target, data }, buffers);

async function listed(request: Json): Promise<unknown> {
  return (await kernel.client.request("comm_info_request", request)).reply.content["comms"];
}

test("a comm goes both ways, with bytes beside the JSON, each answer under the message that it answers", async () => {
  const opened = await open("c1", "echo", { hello: 1 }, [new Uint8Array([1, 2])]);
  expect(outline(opened)).toEqual(["busy", "comm_msg", "idle"]);
  expect(opened[1]?.content).toEqual({ comm_id: "c1", data: { opened: { hello: 1 } } });
  expect(kernel.client.buffers.get(opened[1]?.header["msg_id"])?.map((part) => [...part])).toEqual([[1, 2]]);
  const said = await send("comm_msg", { comm_id: "c1", data: { question: ["a"] } }, [
    new Uint8Array([3]),
    new Uint8Array(0),
  ]);
  expect(outline(said)).toEqual(["busy", "comm_msg", "idle"]);
  expect(said[1]?.content).toEqual({ comm_id: "c1", data: { question: ["a"] } });
  expect(kernel.client.buffers.get(said[1]?.header["msg_id"])?.map((part) => [...part])).toEqual([[3], []]);
});

test("comm_info lists what is open, of all targets or of one", async () => {
  expect(await listed({})).toEqual({});
  await open("c1");
  await open("c2");
  expect(await listed({})).toEqual({ c1: { target_name: "echo" }, c2: { target_name: "echo" } });
  expect(await listed({ target_name: "echo" })).toEqual({ c1: { target_name: "echo" }, c2: { target_name: "echo" } });
  expect(await listed({ target_name: "jupyter.widget" })).toEqual({});
  await send("comm_close", { comm_id: "c1", data: {} });
  expect(kernel.interpreter.closedComms).toEqual(["c1"]);
  expect(await listed({})).toEqual({ c2: { target_name: "echo" } });
});

test("the kernel closes a comm: later messages to it are no answer's cause, and its target is not told twice", async () => {
  await open("c1");
  const closed = await send("comm_msg", { comm_id: "c1", data: { close: true } });
  expect(closed.map(({ content }) => content)).toContainEqual({ comm_id: "c1", data: { because: "asked" } });
  expect(outline(await send("comm_msg", { comm_id: "c1", data: {} }))).toEqual(["busy", "idle"]);
  expect(outline(await send("comm_close", { comm_id: "c1", data: {} }))).toEqual(["busy", "idle"]);
  expect(kernel.interpreter.closedComms).toEqual([]);
});

test("a target that is not there, or that fails, closes the comm at once", async () => {
  for (const target of ["nobody", "broken"]) {
    const published = await open("c1", target);
    expect(outline(published)).toEqual(["busy", "comm_close", "idle"]);
    expect(published[1]?.content).toEqual({ comm_id: "c1", data: {} });
  }
  expect(kernel.log).toEqual(['The comm "c1" failed: no use']);
  expect(await listed({})).toEqual({});
});

test("messages to a comm that was never opened are busy and idle", async () => {
  for (const type of ["comm_msg", "comm_close"])
    expect(outline(await send(type, { comm_id: "c9", data: {} }))).toEqual(["busy", "idle"]);
});

test("an id that is open already is not opened anew, and a malformed message is a line in the log", async () => {
  await open("c1");
  expect(outline(await open("c1"))).toEqual(["busy", "idle"]);
  expect(outline(await send("comm_open", { comm_id: 7 }))).toEqual(["busy", "idle"]);
  expect(kernel.log).toEqual([
    'A comm of the id "c1" is open already.',
    expect.stringMatching(/^A comm_open failed: "comm_id" must be a text, not 7\.$/),
  ]);
});

test("whoever listens is told when the kernel ends", async () => {
  await open("c1");
  await kernel.server.close();
  expect(kernel.interpreter.closedComms).toEqual(["c1"]);
});
