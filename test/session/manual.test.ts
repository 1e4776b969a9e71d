/** `%man`, `%probes` and `%examples` in a session. */
import { EXAMPLES } from "../../kernel/magics/index.js";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { splitCell } from "../../kernel/session/cell_text.js";
import { loadedSizes } from "../../kernel/session/loaded_programs.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { plainTexts, TestNotebook, traceback } from "./notebook.js";

const notebook = new TestNotebook();
afterAll(() => notebook.close());

describe("%man", () => {
  test.each([
    ["substr", "substr(text:string, start:long, length:long):string"],
    ["foreach", "foreach (KEY in ARRAY-)"],
    ["@avg", "@avg(STATISTIC)"],
    ["%%trace", "%%trace [for=TIME]"],
    ["trace", "%%trace [for=TIME]"],
    ["syscall.close", "syscall.close\n\nA system call"],
    ['kernel.trace("sched_switch")', 'kernel.trace("sched_switch")\n\nA tracepoint'],
    ["kernel.trace", "kernel.trace\n\nA tracepoint"],
    ["struct list_head", "struct list_head\n\nstruct list_head {\n  struct list_head *next;"],
  ])("of %s", async (name, beginning) => {
    const cell = await notebook.run(`%man ${name}`);
    expect(plainTexts(cell)[0]?.slice(0, beginning.length)).toBe(beginning);
    expect(Object.keys(cell.bundles[0]!.data)).toEqual(["text/plain", "text/markdown"]);
  });

  test("what there is nothing to tell of is told", async () => {
    expect(traceback(await notebook.run("%man unheard_of"))[0]).toBe("error: there is nothing to tell of unheard_of");
    expect(traceback(await notebook.run("%man"))).toEqual(["error: %man needs a name", "usage: %man NAME"]);
  });
});

describe("%probes", () => {
  test("lists points with what they bring", async () => {
    const { stdout } = await notebook.run("%probes syscall.{read,close}");
    expect(stdout).toMatch(/^syscall\.close\n {4}name:string [^]* \$fd:long[^]*\nsyscall\.read\n {4}name:string [^]*/);
    expect(stdout.split("\n").filter((line) => line.startsWith("syscall"))).toEqual(["syscall.close", "syscall.read"]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("a word alone is sought everywhere", async () => {
    const { stdout } = await notebook.run("%probes sched_switch");
    expect(stdout).toMatch(/^kernel\.trace\("sched_switch"\)\n {4}.*\$prev:struct task_struct\*/m);
  });

  test("no more than anybody reads, and that is said", async () => {
    const { stdout } = await notebook.run('%probes kernel.{trace,tracepoint}("*")');
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((line) => line.startsWith("kernel.trace"))).toHaveLength(1000);
    expect(lines.at(-1)).toBe("… the first 1000: a narrower pattern shows others");
  });

  test("what fits nothing", async () => {
    expect(traceback(await notebook.run("%probes unheard_of"))[0]).toBe("error: no probe point fits unheard_of");
  });
});

describe("%examples", () => {
  test("lists all, or those that have the words", async () => {
    const { stdout } = await notebook.run("%examples");
    for (const { name, title } of EXAMPLES)
      expect(stdout).toMatch(new RegExp(`^${name} +${title.replace("?", "\\?")}$`, "m"));
    const some = (await notebook.run("%examples scheduler")).stdout;
    expect(some).toContain("run_queue");
    expect(some).not.toContain("throughput");
  });

  test("one alone is written into a new cell", async () => {
    const { outcome } = await notebook.run("%examples latency");
    const latency = EXAMPLES.find(({ name }) => name === "latency")!;
    expect(outcome).toMatchObject({
      status: "ok",
      payload: [{ source: "set_next_input", text: latency.code, replace: false }],
    });
    expect((await notebook.run("%examples")).outcome).toMatchObject({ status: "ok", payload: [] });
    expect(traceback(await notebook.run("%examples xyzzy"))[0]).toBe("error: no example fits xyzzy");
  });

  test("each has a name of its own", () => {
    expect(new Set(EXAMPLES.map(({ name }) => name)).size).toBe(EXAMPLES.length);
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(20);
  });

  test.each(EXAMPLES.map(({ name, code }) => [name, code]))("%s compiles, and the kernel takes it", (_, code) => {
    expect(notebook.notebook.isComplete(code)).toEqual({ status: "complete" });
    const session = new Session({ native: loadNative(), catalogue, mode: "cell" });
    const { script, diagnostics } = session.compile(splitCell(code).script, { name: "example" });
    expect(diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(loadedSizes(session.native, script!)).toHaveLength(script!.programs.length);
    session.close();
  });
});
