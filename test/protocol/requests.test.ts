import { outline } from "./client.js";
import { startKernel, type TestKernel } from "./kernel.js";
import type { Json } from "./message-schemas.js";

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.close());

const content = async (type: string, request: Json, channel: "shell" | "control" = "shell"): Promise<Json> => {
  const { reply, published } = await kernel.client.request(type, request, { channel });
  expect(outline(published)).toEqual(["busy", "idle"]);
  return reply.content;
};

describe("completion", () => {
  test("matches, with their kinds for JupyterLab", async () => {
    expect(await content("complete_request", { code: "pr", cursor_pos: 2 })).toEqual({
      status: "ok",
      matches: ["probe", "print"],
      cursor_start: 1,
      cursor_end: 2,
      metadata: {
        _jupyter_types_experimental: [
          { text: "probe", type: "keyword", signature: "probe POINT", start: 1, end: 2 },
          { text: "print", type: "function", start: 1, end: 2 },
        ],
        tapbook: { shown: 2, total: 3 },
      },
    });
  });

  test.each([
    // Four code points, six UTF-16 units, ten bytes.
    { code: "𝒳a𝒳b", cursor_pos: 3, cursor: 3 },
    { code: "𝒳a𝒳b", cursor_pos: 99, cursor: 4 },
    { code: "𝒳a𝒳b", cursor_pos: -1, cursor: 0 },
    { code: "𝒳a𝒳b", cursor_pos: null, cursor: 4 },
  ])("the cursor counts code points: $cursor_pos in $code", async ({ code, cursor_pos, cursor }) => {
    await content("complete_request", { code, cursor_pos });
    expect(kernel.interpreter.completed.at(-1)).toEqual([code, cursor]);
  });
});

test("inspection: found, found at length, not found", async () => {
  const found = { status: "ok", found: true, metadata: {} };
  expect(await content("inspect_request", { code: "name", cursor_pos: 2, detail_level: 0 })).toEqual({
    ...found,
    data: { "text/plain": "name" },
  });
  expect(await content("inspect_request", { code: "name", cursor_pos: 2, detail_level: 1 })).toEqual({
    ...found,
    data: { "text/plain": "name, at length" },
  });
  expect(await content("inspect_request", { code: "nothing", cursor_pos: 0 })).toEqual({
    status: "ok",
    found: false,
    data: {},
    metadata: {},
  });
});

test("is_complete: complete, incomplete with an indent, invalid", async () => {
  expect(await content("is_complete_request", { code: "x" })).toEqual({ status: "complete" });
  expect(await content("is_complete_request", { code: "probe {" })).toEqual({ status: "incomplete", indent: "  " });
  expect(await content("is_complete_request", { code: "}" })).toEqual({ status: "invalid" });
});

describe("history", () => {
  test.each([
    {
      request: { hist_access_type: "tail", n: 10, raw: true, output: false },
      asked: { access: "tail", count: 10, output: false, unique: false },
      history: [[1, 2, "value 3"]],
    },
    {
      request: { hist_access_type: "range", session: 0, start: 1, stop: 5, output: true },
      asked: { access: "range", session: 0, start: 1, stop: 5, output: true },
      history: [[1, 2, ["value 3", "3"]]],
    },
    {
      request: { hist_access_type: "search", pattern: "val*", n: 3, unique: true, stop: null },
      asked: { access: "search", pattern: "val*", count: 3, unique: true, stop: undefined },
      history: [[1, 2, "value 3"]],
    },
  ])("$request.hist_access_type", async ({ request, asked, history }) => {
    expect(await content("history_request", request)).toEqual({ status: "ok", history });
    expect(kernel.interpreter.histories.at(-1)).toMatchObject(asked);
  });

  test("an unknown way of access is an error", async () => {
    expect(await content("history_request", { hist_access_type: "all" })).toMatchObject({
      status: "error",
      ename: "MalformedRequest",
    });
  });
});

test("connect_request tells the five ports", async () => {
  const { ports } = kernel.server;
  expect(new Set(Object.values(ports)).size).toBe(5);
  expect(await content("connect_request", {})).toEqual({
    status: "ok",
    shell_port: ports.shell,
    iopub_port: ports.iopub,
    stdin_port: ports.stdin,
    control_port: ports.control,
    hb_port: ports.hb,
  });
});

test("usage_request tells what this process takes", async () => {
  const usage = await content("usage_request", {}, "control");
  expect(usage["pid"]).toBe(process.pid);
  const resident = Number(usage["kernel_memory"]) / process.memoryUsage.rss();
  expect(resident).toBeGreaterThan(0.5);
  expect(resident).toBeLessThan(2);
  // The share since the last request, against the same share by our own count; they differ by what the requests take.
  const before = process.cpuUsage();
  const start = performance.now();
  while (performance.now() < start + 300);
  const busy = process.cpuUsage(before);
  const share = (busy.user + busy.system) / 10 / (performance.now() - start);
  const told = Number((await content("usage_request", {}, "control"))["kernel_cpu"]);
  expect(told / share).toBeGreaterThan(0.6);
  expect(told / share).toBeLessThan(1.6);
});

test.each(["shell", "control"] as const)(
  "an unknown type on %s: busy, idle, one line in the log, and on",
  async (channel) => {
    for (const type of ["surprise_request", "toString", "debug_request", "create_something_request"]) {
      const before = kernel.log.length;
      expect(outline(await kernel.client.idle(kernel.client.send(type, {}, { channel })))).toEqual(["busy", "idle"]);
      expect(kernel.log.slice(before)).toEqual([`A message of the unknown type "${type}" was ignored.`]);
    }
    expect(await content("kernel_info_request", {}, channel)).toMatchObject({ status: "ok" });
  },
);
