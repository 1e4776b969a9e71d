import { outline, streamText } from "./client.js";
import { startKernel, type TestKernel } from "./kernel.js";
import type { Message } from "./message-schemas.js";

let kernel: TestKernel;
beforeEach(async () => void (kernel = await startKernel()));
afterEach(() => kernel.close());

const ofType = (messages: readonly Message[], type: string): Message | undefined =>
  messages.find((message) => message.header["msg_type"] === type);

describe("execute", () => {
  test("a cell's output is framed by busy, execute_input and idle, under its own request", async () => {
    const { reply, published } = await kernel.client.execute("lines 2");
    expect(outline(published)).toEqual(["busy", "execute_input", "stream", "idle"]);
    expect(published[1]?.content).toEqual({ code: "lines 2", execution_count: 1 });
    expect(published[2]?.content).toEqual({ name: "stdout", text: "line 0\nline 1\n" });
    expect(reply.content).toMatchObject({ status: "ok", execution_count: 1, payload: [], user_expressions: {} });
    const started = Date.parse(String(reply.metadata["started"]));
    expect(Math.abs(Date.now() - started)).toBeLessThan(10_000);
    expect(kernel.interpreter.executed[0]).toMatchObject({
      code: "lines 2",
      executionCount: 1,
      silent: false,
      storeHistory: true,
    });
  });

  test("every kind of output comes in the order in which it was said", async () => {
    const { published } = await kernel.client.execute("mixed");
    const outputs = published.filter((message) => message.header["msg_type"] !== "status").slice(1);
    const updates = outputs.filter((message) => message.header["msg_type"] === "update_display_data");
    expect(
      outputs
        .filter((message) => !updates.includes(message))
        .map(({ header, content }) => [header["msg_type"], content]),
    ).toEqual([
      ["stream", { name: "stdout", text: "one\n" }],
      ["display_data", { data: { "text/plain": "two" }, metadata: {}, transient: { display_id: "live" } }],
      ["stream", { name: "stderr", text: "three\n" }],
      ["clear_output", { wait: true }],
      ["stream", { name: "stdout", text: "four\n" }],
      ["execute_result", { data: { "text/plain": "five" }, metadata: {}, execution_count: 1 }],
    ]);
    expect(updates.map(({ content }) => content)).toEqual([
      { data: { "text/plain": "two, later" }, metadata: {}, transient: { display_id: "live" } },
    ]);
    expect(outline(published).at(-1)).toBe("idle");
  });

  test("10,000 lines arrive whole, in order, in few messages, before idle", async () => {
    const { published } = await kernel.client.execute("lines 10000");
    const expected = Array.from({ length: 10_000 }, (_, line) => `line ${line}\n`).join("");
    expect(streamText(published)).toBe(expected);
    expect(published.length).toBeLessThan(10);
  });

  test("a display is updated at most four times a second, and ends with the newest", async () => {
    const { published } = await kernel.client.execute("updates 60");
    const updates = published.filter((message) => message.header["msg_type"] === "update_display_data");
    expect(updates.at(-1)?.content["data"]).toEqual({ "text/plain": "60" });
    // 60 updates take 0.6 s and more on a busy machine; the last one may come at once.
    const seconds =
      (Date.parse(String(published.at(-1)?.header["date"])) - Date.parse(String(published[0]?.header["date"]))) / 1000;
    expect(updates.length).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 1);
    expect(updates.length).toBeGreaterThanOrEqual(2);
  });

  test("a background trace goes on talking under its cell", async () => {
    const id = kernel.client.sendExecute("background");
    const { published } = await kernel.client.answer(id);
    expect(streamText(published)).toBe("");
    await kernel.client.until(() => streamText(kernel.client.of(id)) !== "");
    expect(streamText(kernel.client.of(id))).toBe("later\n");
  });

  test("an error is published and replied", async () => {
    const { reply, published } = await kernel.client.execute("fail badly");
    const error = { ename: "FakeError", evalue: "badly", traceback: ["\u001b[31mFakeError\u001b[0m: badly"] };
    expect(outline(published)).toEqual(["busy", "execute_input", "error", "idle"]);
    expect(ofType(published, "error")?.content).toEqual(error);
    expect(reply.content).toMatchObject({ status: "error", execution_count: 1, ...error });
  });

  test("a defect of the interpreter is shown as one", async () => {
    const { reply, published } = await kernel.client.execute("reject");
    expect(reply.content).toMatchObject({ status: "error", ename: "InternalError", evalue: "a defect" });
    const traceback = String(ofType(published, "error")?.content["traceback"]);
    expect(traceback).toContain("fake-interpreter");
    expect(traceback).toContain("please report it");
  });

  test("an output that is not JSON is logged, and the kernel lives on", async () => {
    expect((await kernel.client.execute("unwritable")).reply.content["status"]).toBe("ok");
    expect(kernel.log.join()).toContain("display_data message cannot be written");
    expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
  });

  test("silent: nothing but the status is published, and nothing is counted", async () => {
    for (const code of ["mixed", "fail silently", "lines 5"]) {
      const { published, reply } = await kernel.client.execute(code, { silent: true, store_history: true });
      expect(outline(published)).toEqual(["busy", "idle"]);
      expect(reply.content["execution_count"]).toBe(0);
    }
    expect(kernel.interpreter.executed[0]).toMatchObject({ silent: true, storeHistory: false });
  });

  test("store_history false leaves the counter", async () => {
    const counts = [];
    for (const store_history of [true, false, true])
      counts.push((await kernel.client.execute("", { store_history })).reply.content["execution_count"]);
    expect(counts).toEqual([1, 1, 2]);
  });

  test("a payload is passed on", async () => {
    const { reply } = await kernel.client.execute("payload");
    expect(reply.content["payload"]).toEqual([
      { source: "set_next_input", text: "lines 1", replace: false },
      { source: "page", data: { "text/plain": "at length" }, start: 0 },
    ]);
  });

  test("user expressions have a result or an error each", async () => {
    const { reply } = await kernel.client.execute("expressions", { user_expressions: { a: "1+1", b: "bad" } });
    expect(reply.content["user_expressions"]).toEqual({
      a: { status: "ok", data: { "text/plain": "1+1" }, metadata: {} },
      b: { status: "error", ename: "FakeError", evalue: "bad", traceback: ["bad"] },
    });
  });

  test("what JupyterLab sends besides is accepted: cellId, subshell_id null, buffers", async () => {
    const { reply } = await kernel.client.execute(
      "lines 1",
      {},
      { metadata: { cellId: "cell-7" }, header: { subshell_id: null }, buffers: [Buffer.from([0, 255])] },
    );
    expect(reply.content["status"]).toBe("ok");
    expect(reply.parent_header["subshell_id"]).toBeNull();
    expect(kernel.interpreter.executed[0]?.cellId).toBe("cell-7");
  });

  test.each([
    { content: { code: 7 }, field: "code" },
    { content: {}, field: "code" },
    { content: { code: "", silent: "no" }, field: "silent" },
    { content: { code: "", user_expressions: ["a"] }, field: "user_expressions" },
  ])("a malformed request is answered as such: $content", async ({ content, field }) => {
    const { reply, published } = await kernel.client.request("execute_request", content);
    expect(reply.content).toMatchObject({ status: "error", ename: "MalformedRequest" });
    expect(reply.content["evalue"]).toContain(`"${field}"`);
    expect(outline(published)).toEqual(["busy", "idle"]);
    expect(kernel.interpreter.executed).toEqual([]);
  });
});

describe("stop_on_error", () => {
  test("aborts the executions that were queued, each with its busy, reply and idle, and nothing that comes later", async () => {
    const ids = ["sleep 50", "fail first", "lines 1", "lines 2"].map((code) => kernel.client.sendExecute(code));
    const info = kernel.client.send("kernel_info_request", {});
    const answers = [];
    for (const id of ids) answers.push(await kernel.client.answer(id));
    expect(answers.map(({ reply }) => reply.content["status"])).toEqual(["ok", "error", "aborted", "aborted"]);
    for (const { published } of answers.slice(2)) expect(outline(published)).toEqual(["busy", "idle"]);
    expect((await kernel.client.answer(info)).reply.content["status"]).toBe("ok");
    expect(kernel.client.replies.map((reply) => reply.parent_header["msg_id"])).toEqual([...ids, info]);
    // Sent as soon as the failure is known, as a user's next cell would be.
    expect((await kernel.client.execute("lines 3")).reply.content).toMatchObject({ status: "ok", execution_count: 3 });
    expect(kernel.interpreter.executed.map(({ code }) => code)).toEqual(["sleep 50", "fail first", "lines 3"]);
  });

  test("a cell sent right after the failed reply runs", async () => {
    for (let round = 0; round < 20; round++) {
      await kernel.client.reply(kernel.client.sendExecute("fail again"));
      expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
    }
  });

  test("false: the queue runs on", async () => {
    const ids = ["fail first", "lines 1"].map((code) => kernel.client.sendExecute(code, { stop_on_error: false }));
    const answers = [];
    for (const id of ids) answers.push((await kernel.client.answer(id)).reply.content["status"]);
    expect(answers).toEqual(["error", "ok"]);
  });
});

describe("input", () => {
  test.each([
    ["input plain", false],
    ["input password", true],
  ])("%s: asks after what was printed, and goes on with the answer", async (code, password) => {
    const id = kernel.client.sendExecute(code);
    const question = await kernel.client.until(() => kernel.client.inputRequests[0]);
    expect(question).toMatchObject({
      header: { msg_type: "input_request" },
      parent_header: { msg_id: id },
      content: { prompt: "name? ", password },
    });
    await kernel.client.until(() => streamText(kernel.client.of(id)) === "asking\n");
    const header = {
      msg_id: "1",
      msg_type: "input_reply",
      session: kernel.client.session,
      username: "",
      date: "",
      version: "5.3",
    };
    const parts = [header, question.header, {}, { value: "Ada", status: "ok" }].map((part) => JSON.stringify(part));
    await kernel.client.sendFrames(kernel.client.frames(parts), "stdin");
    expect(streamText((await kernel.client.answer(id)).published)).toBe("asking\ngot Ada\n");
  });

  test("without allow_stdin nobody is asked and the cell fails", async () => {
    const { reply } = await kernel.client.execute("input", { allow_stdin: false });
    expect(reply.content).toMatchObject({ status: "error", ename: "NoInput" });
    expect(kernel.client.inputRequests).toEqual([]);
  });

  test("an interrupt ends the question", async () => {
    const id = kernel.client.sendExecute("input");
    await kernel.client.until(() => kernel.client.inputRequests[0]);
    await kernel.client.request("interrupt_request", {}, { channel: "control" });
    expect((await kernel.client.answer(id)).reply.content["status"]).toBe("error");
  });
});
