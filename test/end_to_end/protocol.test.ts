/** The kernel as it is installed, asked everything that the protocol has. The client holds each message against the schemas. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outline, streamText } from "../protocol/client.js";
import type { Json, Message } from "../protocol/message-schemas.js";
import { RealKernel } from "../robustness/real_kernel.js";
import { describeUnless, kernelIsMissing, workload } from "./checkout.js";

const control = { channel: "control" } as const;

describeUnless(kernelIsMissing(), "the protocol of the built kernel", () => {
  let kernel: RealKernel;
  beforeAll(async () => void (kernel = await RealKernel.start()));
  // Fails where anything that came broke the protocol.
  afterAll(() => kernel.close());

  const ask = async (type: string, content: Json, channel: "shell" | "control" = "shell"): Promise<Json> =>
    (await kernel.client.request(type, content, { channel })).reply.content;
  const typesOf = (messages: readonly Message[]): Set<unknown> =>
    new Set(messages.map(({ header }) => header["msg_type"]));

  test("every request has its reply", async () => {
    await kernel.client.execute("x = 6 * 7");
    const code = "exec";
    const at = { code, cursor_pos: code.length };
    const requests: [string, Json, "shell" | "control"][] = [
      ["kernel_info_request", {}, "shell"],
      ["kernel_info_request", {}, "control"],
      ["connect_request", {}, "shell"],
      ["complete_request", at, "shell"],
      ["inspect_request", { code: "execname", cursor_pos: 3, detail_level: 0 }, "shell"],
      ["inspect_request", { code: "execname", cursor_pos: 3, detail_level: 1 }, "shell"],
      ["is_complete_request", { code: "probe begin {" }, "shell"],
      ["history_request", { hist_access_type: "tail", n: 5, output: true, raw: true }, "shell"],
      [
        "history_request",
        { hist_access_type: "range", session: 0, start: 1, stop: 5, output: false, raw: true },
        "shell",
      ],
      [
        "history_request",
        { hist_access_type: "search", pattern: "x*", n: 5, unique: true, output: false, raw: true },
        "shell",
      ],
      ["comm_info_request", {}, "shell"],
      ["interrupt_request", {}, "control"],
      ["list_subshell_request", {}, "control"],
      ["usage_request", {}, "control"],
    ];
    for (const [type, content, channel] of requests) {
      const { reply, published } = await kernel.client.request(type, content, { channel });
      expect(reply.header["msg_type"]).toBe(type.replace("_request", "_reply"));
      expect(outline(published)).toEqual(["busy", "idle"]);
      if (type !== "is_complete_request" && type !== "usage_request") expect(reply.content["status"]).toBe("ok");
    }
    expect(await ask("comm_info_request", { target_name: "nobody" })).toEqual({ status: "ok", comms: {} });
  });

  test("a cell that shows all there is: text, warnings, a chart, a table, a result, an error", async () => {
    const cell = `global s, counts
probe begin {
  for (i = 1; i < 100; i++) { s <<< i; counts[i % 3]++ }
  println("text"); warn("odd"); print(@hist_log(s)); ansi_clear_screen(); println("anew"); exit()
}`;
    const { published } = await kernel.client.execute(cell);
    const results = await kernel.client.execute("counts");
    const failed = await kernel.client.execute("println(1 / 0)");
    const types = typesOf([...published, ...results.published, ...failed.published]);
    for (const type of ["stream", "display_data", "clear_output", "execute_result", "error", "execute_input", "status"])
      expect(types).toContain(type);
    expect(failed.reply.content["status"]).toBe("error");
    const { reply } = await kernel.client.execute("1", { user_expressions: { a: "1 + 1", b: "nonsense(" } });
    expect(reply.content["user_expressions"]).toMatchObject({ a: { status: "ok" }, b: { status: "error" } });
  });

  test("what background traces show belongs to their cells, whoever has run a cell since", async () => {
    const trace = (name: string): string =>
      `%%bg ${name}\nprobe timer.ms(60) { println("${name}") }\nglobal n_${name}\nprobe timer.ms(20) { n_${name}++ }`;
    const cells = { first: kernel.client.sendExecute(trace("first")), second: "" };
    await kernel.client.answer(cells.first);
    cells.second = kernel.client.sendExecute(trace("second"));
    await kernel.client.answer(cells.second);
    const lines = (name: "first" | "second"): number => streamText(kernel.client.of(cells[name])).split("\n").length;
    const now = { first: lines("first"), second: lines("second") };
    const between = await kernel.client.execute('println("between")');
    await kernel.client.until(() => lines("first") > now.first + 3 && lines("second") > now.second + 3);
    expect(streamText(between.published)).toBe("between\n");
    await kernel.client.execute("%stop *");
    for (const name of ["first", "second"] as const) {
      const published = kernel.client.of(cells[name]);
      expect(new Set(streamText(published).trim().split("\n"))).toEqual(new Set([name]));
      // Its results came when it was stopped, by a cell that is not its own.
      expect(published.findIndex(({ content }) => content["execution_state"] === "idle")).toBeLessThan(
        published.findLastIndex(({ header }) => header["msg_type"] === "display_data"),
      );
    }
  });

  test("a cell in a subshell runs while another one does", async () => {
    const { subshell_id } = await ask("create_subshell_request", {}, "control");
    const waiting = await kernel.startTracing('probe begin { println("waiting") } probe timer.s(1000) { exit() }');
    const header = { subshell_id };
    const { reply, published } = await kernel.client.execute("println(6 * 7)", {}, { header });
    expect(reply.content["status"]).toBe("ok");
    expect(streamText(published)).toBe("42\n");
    expect(kernel.client.replies.some(({ parent_header }) => parent_header["msg_id"] === waiting)).toBe(false);
    await kernel.client.request("interrupt_request", {}, control);
    expect((await kernel.client.answer(waiting)).reply.content["status"]).toBe("ok");
    expect(await ask("list_subshell_request", {}, "control")).toMatchObject({ subshell_id: [subshell_id] });
    expect(await ask("delete_subshell_request", { subshell_id }, "control")).toEqual({ status: "ok" });
  });

  test.each(["message", "signal"] as const)("an interrupt by %s ends a trace in good order", async (means) => {
    const trace = `%%trace -c '${workload} syscalls getppid --count 1000000 --rate 1000 --name tapwaits'
global n
probe syscall.getppid { if (execname() == "tapwaits" && n++ == 5) println("seen") }
probe end { println("ended") }`;
    const cell = await kernel.startTracing(trace);
    if (means === "signal") kernel.process.kill("SIGINT");
    else await kernel.client.request("interrupt_request", {}, control);
    const { reply, published } = await kernel.client.answer(cell);
    expect(reply.content["status"]).toBe("ok");
    expect(streamText(published)).toMatch(/^seen\n(.*\n)*ended\n/);
    expect((await kernel.client.execute("println(1)")).reply.content["status"]).toBe("ok");
  });
});

describeUnless(kernelIsMissing(), "over restarts", () => {
  const state = mkdtempSync(join(tmpdir(), "tapbook-state-"));
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  test("the next kernel knows what was typed in the last one, and where one is not its own", async () => {
    const first = await RealKernel.start(undefined, state);
    await first.client.execute('println("typed before the restart")');
    await first.client.request("shutdown_request", { restart: true }, control);
    await first.close();
    const second = await RealKernel.start(undefined, state);
    try {
      await second.client.execute("1 + 1");
      const history = async (content: Json): Promise<unknown> =>
        (await second.client.request("history_request", { output: false, raw: true, ...content })).reply.content[
          "history"
        ];
      const before = [1, 1, 'println("typed before the restart")'];
      expect(await history({ hist_access_type: "tail", n: 10 })).toEqual([before, [2, 1, "1 + 1"]]);
      expect(await history({ hist_access_type: "range", session: -1, start: 1, stop: 2 })).toEqual([before]);
      expect(await history({ hist_access_type: "search", pattern: "*before*", n: 1, unique: true })).toEqual([before]);
    } finally {
      await second.close();
    }
  });
});
