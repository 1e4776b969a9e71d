/** JupyterLab's own client library, through a real Jupyter server: what a notebook in the Lab does to the kernel. */
import { jest } from "@jest/globals";
import {
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  type Kernel,
  type KernelMessage,
} from "@jupyterlab/services";
import { WebSocket } from "ws";
import { MessageSchemas } from "../protocol/message-schemas.js";
import { DataFolder, describeUnless, kernelIsMissing, workload } from "./checkout.js";
import { jupyterServerIsMissing, startJupyterServer, type LoopbackServer } from "./jupyter-server.js";

/** Everything one cell did, as the Lab sees it. */
interface CellRun {
  readonly reply: KernelMessage.IExecuteReplyMsg["content"];
  readonly messages: readonly KernelMessage.IIOPubMessage[];
  readonly stdout: string;
}

const stdoutOf = (messages: readonly KernelMessage.IIOPubMessage[]): string =>
  messages
    .map((message) => message as KernelMessage.IStreamMsg)
    .filter(({ header, content }) => header.msg_type === "stream" && content.name === "stdout")
    .map(({ content }) => content.text)
    .join("");

function start(kernel: Kernel.IKernelConnection, code: string) {
  const messages: KernelMessage.IIOPubMessage[] = [];
  const future = kernel.requestExecute({ code, stop_on_error: true });
  future.onIOPub = (message) => void messages.push(message);
  const done = future.done.then(({ content }): CellRun => ({ reply: content, messages, stdout: stdoutOf(messages) }));
  return { messages, done };
}

const bundlesOf = (run: CellRun): readonly Record<string, unknown>[] =>
  run.messages
    .filter(({ header }) => header.msg_type === "display_data" || header.msg_type === "execute_result")
    .map((message) => (message as KernelMessage.IDisplayDataMsg).content.data as Record<string, unknown>);

/** The workload's own report of what it did: the last line that it prints. */
function reportOf(stdout: string): { readonly calls: Readonly<Record<string, number>> } {
  const line = stdout.split("\n").findLast((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`no report of the workload in:\n${stdout}`);
  return JSON.parse(line) as { readonly calls: Readonly<Record<string, number>> };
}

describeUnless(kernelIsMissing() ?? jupyterServerIsMissing(), "@jupyterlab/services", () => {
  const data = new DataFolder();
  const open = {} as { server: LoopbackServer; settings: ServerConnection.ISettings; manager: KernelManager };
  const own = { schemas: new MessageSchemas(), violations: [] as string[] } as {
    kernel: Kernel.IKernelConnection;
    readonly schemas: MessageSchemas;
    readonly violations: string[];
  };
  const execute = (code: string): Promise<CellRun> => start(own.kernel, code).done;

  beforeAll(async () => {
    // The library tells of each websocket on the console, as a debug message or a warning.
    for (const level of ["debug", "warn"] as const) jest.spyOn(console, level).mockImplementation(() => {});
    open.server = await startJupyterServer(data);
    open.settings = ServerConnection.makeSettings({
      baseUrl: open.server.address,
      wsUrl: open.server.address.replace("http", "ws"),
      token: open.server.token,
      appendToken: true,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    });
    open.manager = new KernelManager({ serverSettings: open.settings });
    own.kernel = await open.manager.startNew({ name: "tapbook" });
    // What the Lab sees has gone through the server, which changes some of it: only contents are as the kernel sent them.
    own.kernel.anyMessage.connect((_, { msg, direction }) => {
      if (direction === "recv")
        own.violations.push(...own.schemas.contentViolations(msg.header.msg_type, msg.content, msg.channel));
    });
    await own.kernel.info;
  }, 90_000);

  afterEach(() => expect(own.violations.splice(0)).toEqual([]));

  afterAll(async () => {
    await own.kernel?.shutdown();
    own.kernel?.dispose();
    open.manager?.dispose();
    await open.server?.close();
    data.remove();
  });

  test("the server knows our kernelspec and serves its logos", async () => {
    const specs = new KernelSpecManager({ serverSettings: open.settings });
    await specs.ready;
    const spec = specs.specs?.kernelspecs["tapbook"];
    expect(spec).toMatchObject({ display_name: "Tapbook (SystemTap)", language: "systemtap" });
    expect(Object.keys(spec?.resources ?? {}).toSorted()).toEqual(["logo-32x32", "logo-64x64", "logo-svg"]);
    const logo = await fetch(`${open.server.address}${spec?.resources["logo-64x64"]}?token=${open.server.token}`);
    expect(logo.headers.get("content-type")).toBe("image/png");
    specs.dispose();
  });

  test("kernel_info names the language", async () => {
    expect((await own.kernel.info).language_info).toMatchObject({ name: "systemtap", file_extension: ".stp" });
  });

  test("a statement prints", async () => {
    const { reply, stdout } = await execute('println("hello, world")');
    expect(reply.status).toBe("ok");
    expect(stdout).toBe("hello, world\n");
  });

  test("counts of a trace are those of the workload's own report", async () => {
    const code = [
      `%%trace -c '${workload} syscalls getppid lseek --count 500 --name counted'`,
      "global seen",
      'probe syscall.getppid, syscall.lseek { if (execname() == "counted") seen[name]++ }',
      'probe end { foreach (n+ in seen) printf("%s=%d\\n", n, seen[n]) }',
    ].join("\n");
    const { reply, stdout } = await execute(code);
    expect(reply.status).toBe("ok");
    const { calls } = reportOf(stdout);
    expect(calls).toMatchObject({ getppid: 500, lseek: 500 });
    expect(stdout).toContain(`getppid=${calls["getppid"]}\nlseek=${calls["lseek"]}\n`);
  });

  test("a chart has a drawing for every reader, and nothing that the Lab would show in its place", async () => {
    const run = await execute(
      "global s\nprobe begin { for (i = 1; i < 100; i++) s <<< i; print(@hist_log(s)); exit() }",
    );
    const chart = bundlesOf(run).find((bundle) => "application/vnd.vegalite.v5+json" in bundle);
    const types = Object.keys(chart ?? {}).toSorted();
    expect(types).toEqual(["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
    expect(chart?.["image/svg+xml"]).toMatch(/^<svg[\s>]/);
    expect(chart?.["text/plain"]).toContain("value |-------------------------------------------------- count");
  });

  test("interrupting a trace ends it in good order: its end probes run and the reply is ok", async () => {
    const { done, messages } = start(
      own.kernel,
      'probe begin { println("listening") } probe timer.s(1000) { exit() } probe end { println("ended") }',
    );
    while (!stdoutOf(messages).includes("listening")) await new Promise((resolve) => setTimeout(resolve, 20));
    await own.kernel.interrupt();
    const { reply, stdout } = await done;
    expect(reply.status).toBe("ok");
    expect(stdout).toBe("listening\nended\n");
  });

  test("a mistake gives an error with a traceback, and the next cell runs", async () => {
    const { reply, messages } = await execute("println(no_such_thing())");
    expect(reply).toMatchObject({ status: "error" });
    const error = messages.find(({ header }) => header.msg_type === "error") as KernelMessage.IErrorMsg | undefined;
    expect(error?.content.traceback.join("\n")).toContain("no_such_thing");
    expect((await execute("println(7)")).stdout).toBe("7\n");
  });

  test("a failing cell takes those behind it in the queue with it", async () => {
    // It fails only once the other has certainly arrived.
    const late = 'probe timer.ms(500) { error("late") }';
    const runs = [late, "println(1)"].map((code) => start(own.kernel, code).done);
    const [first, second] = await Promise.all(runs);
    expect(first?.reply.status).toBe("error");
    // Protocol 5: what was queued is answered with "aborted", or with an error by newer kernels.
    expect(["aborted", "error"]).toContain(second?.reply.status);
    expect(second?.stdout).toBe("");
  });

  test("ten thousand lines all arrive, in order: the server drops what comes too fast", async () => {
    const { stdout } = await execute("for (i = 0; i < 10000; i++) println(i)");
    expect(stdout.split("\n").filter(Boolean).map(Number)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(open.server.log).not.toContain("rate exceeded");
  });

  test("completes, inspects, judges completeness and remembers", async () => {
    const completion = await own.kernel.requestComplete({ code: "probe syscall.getti", cursor_pos: 19 });
    const { status, matches } = completion.content as { status: string; matches: string[] };
    expect({ status, matches: matches.toSorted() }).toEqual({
      status: "ok",
      matches: ["syscall.gettid", "syscall.gettimeofday"],
    });
    const inspection = await own.kernel.requestInspect({ code: "execname()", cursor_pos: 3, detail_level: 0 });
    expect(inspection.content).toMatchObject({ status: "ok", found: true });
    const completeness = await own.kernel.requestIsComplete({ code: "probe begin {" });
    expect(completeness.content).toMatchObject({ status: "incomplete" });
    await execute('println("remember me")');
    const tail = { hist_access_type: "tail", n: 1, output: false, raw: true } as const;
    const history = await own.kernel.requestHistory(tail);
    expect(JSON.stringify(history.content)).toContain("remember me");
  });

  test("two kernels trace at once, each its own workload", async () => {
    const second = await open.manager.startNew({ name: "tapbook" });
    try {
      const cell = (name: string) =>
        [
          `%%trace -c '${workload} syscalls getppid --count 300 --rate 600 --name ${name}'`,
          "global n",
          `probe syscall.getppid { if (execname() == "${name}") n++ }`,
          'probe end { printf("n=%d\\n", n) }',
        ].join("\n");
      const kernels = [own.kernel, second];
      const runs = await Promise.all(kernels.map((kernel, index) => start(kernel, cell(`workload-${index}`)).done));
      for (const { stdout } of runs) expect(stdout).toContain("n=300\n");
    } finally {
      await second.shutdown();
      second.dispose();
    }
  });

  test("a restart forgets the globals", async () => {
    await execute("global kept = 5");
    expect((await execute("println(kept)")).stdout).toBe("5\n");
    await own.kernel.restart();
    await own.kernel.info;
    expect((await execute("println(1)")).stdout).toBe("1\n");
    expect((await execute("println(kept[1])")).reply.status).toBe("error");
  });
});
