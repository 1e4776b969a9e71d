import { EventEmitter, once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelServer } from "../../kernel/protocol/server.js";
import { SignatureSchemeError } from "../../kernel/protocol/signature.js";
import { BindError } from "../../kernel/protocol/sockets.js";
import { Client, outline } from "./client.js";
import { description, FakeInterpreter } from "./fake-interpreter.js";
import { anyPorts, connectionWith, startKernel, startServer, targetOf } from "./kernel.js";

describe("a kernel that starts", () => {
  test("welcomes each subscriber, and tells the first one that it is starting", async () => {
    const kernel = await startKernel();
    await kernel.client.until(() => kernel.client.published.length >= 2);
    expect(kernel.client.published[0]).toMatchObject({
      header: { msg_type: "iopub_welcome" },
      parent_header: {},
      content: { subscription: "" },
    });
    expect(kernel.client.published[1]).toMatchObject({ parent_header: {}, content: { execution_state: "starting" } });
    const second = await Client.connect(kernel.target);
    await second.request("kernel_info_request");
    expect(outline(second.published)).not.toContain("starting");
    second.close();
    await kernel.close();
  });

  test("tells a late subscriber what the kernel is doing now", async () => {
    const early = await startServer();
    const shellOnly = new Client(early.target);
    shellOnly.open({ iopub: false });
    await shellOnly.reply(shellOnly.send("kernel_info_request", {}));
    shellOnly.close();
    const late = await Client.connect(early.target);
    await late.until(() => late.published.length >= 3);
    expect(outline(late.published)).toEqual(["iopub_welcome", "starting", "idle"]);
    expect(late.published[2]?.parent_header).toEqual({});
    late.close();
    await early.server.close();
  });

  test.each([
    ["hmac-sha256", "secret"],
    ["hmac-sha512", "secret"],
    ["hmac-md5", "secret"],
    ["hmac-sha256", ""],
  ])("speaks over %s with the key %j", async (signatureScheme, key) => {
    const kernel = await startKernel({ signatureScheme, key });
    expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
    await kernel.close();
  });

  test("speaks over IPC, and leaves no socket file", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tapbook-ipc-"));
    const kernel = await startKernel({
      transport: "ipc",
      ip: join(directory, "kernel"),
      ports: { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 },
    });
    const { published } = await kernel.client.execute("lines 1");
    expect(outline(published)).toEqual(["busy", "execute_input", "stream", "idle"]);
    expect(await kernel.client.heartbeat("over ipc")).toBe("over ipc");
    await kernel.close();
    expect(await readdir(directory)).toEqual([]);
    await rm(directory, { recursive: true });
  });

  test.each(["shell", "control"] as const)("answers kernel_info on %s", async (channel) => {
    const kernel = await startKernel();
    const { reply, published } = await kernel.client.request("kernel_info_request", {}, { channel });
    expect(outline(published)).toEqual(["busy", "idle"]);
    expect(reply).toMatchObject({
      header: { msg_type: "kernel_info_reply", version: "5.5" },
      content: {
        status: "ok",
        protocol_version: "5.5",
        implementation: "fake",
        implementation_version: "1.2.3",
        banner: "A fake language.",
        help_links: [{ text: "Help", url: "https://example.org/" }],
        supported_features: ["kernel subshells"],
        language_info: {
          name: "fake",
          version: "0.1",
          mimetype: "text/x-fake",
          file_extension: ".fake",
          pygments_lexer: "c",
          codemirror_mode: { name: "fake", mime: "text/x-csrc" },
          nbconvert_exporter: "script",
        },
      },
    });
    await kernel.close();
  });

  test("answers kernel_info while its interpreter is still starting, and keeps cells waiting for it", async () => {
    const connection = connectionWith();
    const gate = new EventEmitter();
    let started = 0;
    const interpreter = async (): Promise<FakeInterpreter> => {
      started++;
      await once(gate, "open");
      return new FakeInterpreter();
    };
    const server = await KernelServer.start({ connection, description, interpreter, log: () => undefined });
    const client = await Client.connect(targetOf(connection, server.ports));
    expect(started).toBe(0);
    await client.request("kernel_info_request");
    await client.until(() => started === 1);
    const cell = client.sendExecute("lines 1");
    await client.until(() => outline(client.of(cell)).includes("execute_input"));
    expect((await client.request("kernel_info_request", {}, { channel: "control" })).reply.content["status"]).toBe(
      "ok",
    );
    expect(client.replies.some((reply) => reply.parent_header["msg_id"] === cell)).toBe(false);
    gate.emit("open");
    expect((await client.answer(cell)).reply.content["status"]).toBe("ok");
    expect(started).toBe(1);
    await server.close();
    client.close();
  });

  test("shows an interpreter that cannot start as a defect, in each cell", async () => {
    const connection = connectionWith();
    const log: string[] = [];
    const server = await KernelServer.start({
      connection,
      description,
      interpreter: () => Promise.reject(new Error("no addon")),
      log: (line) => log.push(line),
    });
    const client = await Client.connect(targetOf(connection, server.ports));
    for (const code of ["one", "two"])
      expect((await client.execute(code)).reply.content).toMatchObject({ ename: "InternalError", evalue: "no addon" });
    expect((await client.request("is_complete_request", { code: "" })).reply.content).toMatchObject({
      status: "error",
      ename: "InternalError",
    });
    expect(log[0]).toContain("no addon");
    await server.close();
    client.close();
  });

  test("says which channel could not be bound", async () => {
    const kernel = await startKernel();
    const ports = { ...anyPorts, iopub: kernel.server.ports.iopub };
    await expect(startKernel({ ports })).rejects.toThrow(
      /^The iopub channel cannot be bound to tcp:\/\/127\.0\.0\.1:\d+: /,
    );
    await expect(startKernel({ ports: { ...anyPorts, hb: kernel.server.ports.hb } })).rejects.toThrow(
      /^The hb channel/,
    );
    await expect(startKernel({ ports })).rejects.toThrow(BindError);
    await kernel.close();
  });

  test("refuses a signature scheme that it does not have", async () => {
    for (const signatureScheme of ["hmac-none", "sha256", ""])
      await expect(startKernel({ signatureScheme })).rejects.toThrow(
        expect.objectContaining({
          constructor: SignatureSchemeError,
          message: expect.stringMatching(/^The signature scheme ".*" is not supported/),
        }),
      );
  });
});
