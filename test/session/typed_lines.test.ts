/** Cells whose probes wait for what is typed. */
import type { ExecuteRequest } from "../../kernel/protocol/interpreter.js";
import { TestNotebook } from "./notebook.js";

const notebook = new TestNotebook();
afterAll(() => notebook.notebook.shutdown());

/** Answers questions with these lines, and the one behind them never; counts the questions. */
function answers(...lines: readonly string[]) {
  const asked: { prompt: string; password: boolean; signal: AbortSignal | undefined }[] = [];
  const input: NonNullable<ExecuteRequest["input"]> = async (prompt, password, signal) => {
    const line = lines[asked.length];
    asked.push({ prompt, password, signal });
    if (line !== undefined) return line;
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("taken back"))));
  };
  return { asked, input };
}

test("a cell asks for line after line, and takes the last question back when it ends", async () => {
  const { asked, input } = answers("one", "zwölf", "stop");
  const { outcome, stdout } = await notebook.run(
    'probe input.line { printf("[%s]", line); if (line == "stop") exit() }',
    { input },
  );
  expect(outcome.status).toBe("ok");
  expect(stdout).toBe("[one][zwölf][stop]");
  expect(asked.map(({ password }) => password)).toEqual(asked.map(() => false));
  for (const { signal } of asked) expect(signal?.aborted).toBe(true);
});

test("characters of a line come one by one, and its end is one", async () => {
  const { input } = answers("aé", "q");
  const { stdout } = await notebook.run(
    'probe input.char { printf("<%s>", char); if (char == "q") exit() } probe input.line { print(line . "|") }',
    { input },
  );
  expect(stdout).toBe("<a><é><\n>aé|<q>");
});

test("handlers share globals with timers and with later cells, and an error in one is the cell's", async () => {
  const { input } = answers("3", "4");
  const { stdout } = await notebook.run(
    "global sum\nprobe input.line { sum += strtol(line, 10) } probe timer.ms(5) { if (sum == 7) exit() }",
    { input },
  );
  expect(stdout).toBe("");
  const { result } = await notebook.run("sum");
  expect(result?.data["text/plain"]).toContain("7");
  const failed = await notebook.run('probe input.line { error("no " . line) }', { input: answers("that").input });
  expect(failed.outcome).toMatchObject({ status: "error", error: { message: expect.stringContaining("no that") } });
});

test("a cell that asks for nothing asks nobody", async () => {
  const { asked, input } = answers();
  await notebook.run("probe timer.ms(5) { exit() }", { input });
  expect(asked).toEqual([]);
});

test("an interrupt ends a cell that waits", async () => {
  const { asked, input } = answers();
  const cell = notebook.run('probe input.line { println(line) } probe end { print("end") }', { input });
  while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  notebook.notebook.interrupt();
  expect((await cell).stdout).toBe("end");
});

test("a front end that cannot ask, and a cell in the background, are told so at the point", async () => {
  const script = "probe begin { print(1) }\nprobe input.char { exit() }";
  const { outcome, stdout } = await notebook.run(script);
  expect(stdout).toBe("");
  expect(outcome).toMatchObject({
    status: "error",
    error: { message: "input.char: this front end takes no input for a cell (allow_stdin is false)" },
  });
  const background = await notebook.run(`%%bg asking\n${script}`, { input: answers().input });
  expect(background.outcome).toMatchObject({
    error: { message: expect.stringContaining("a cell in the background has nobody to ask") },
  });
});
