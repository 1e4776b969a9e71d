/** What a cell with several mistakes is told: all of them, in the order of the text, each once. */
import { TestNotebook, traceback } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

const places = (lines: readonly string[]): string[] =>
  lines.flatMap((line, index) => {
    const code = /^error: .*\[(?<code>[\w/-]+)\]$/.exec(line)?.groups?.["code"];
    return code === undefined ? [] : [`${code}${lines[index + 1]!.replace(/^ *--> cell \d+/, " ")}`];
  });

test("what cannot run in the kernel is told of every statement and every probe, in the order of the text", async () => {
  const cell = await notebook.run(`function again(n) { return n > 0 ? again(n - 1) : 0 }
probe syscall.read {
  x = strtol(execname(), 7)
  for (i = 0; i < 3; i++) { y = strtol(execname(), 9) }
  try { println(strtol(execname(), 11)) } catch { }
  printf("%d %d\\n", x, y)
}
probe timer.profile { println(strtol("5", 13)) }
probe syscall.read { println(strtol(execname(), 14)) }`);
  expect(places(traceback(cell))).toEqual([
    "kernel/cannot :3:3",
    "kernel/cannot :4:29",
    "kernel/cannot :5:9",
    "kernel/cannot :8:23",
    "kernel/cannot :9:22",
  ]);
});

test("one mistake, one complaint, though much hangs on it", async () => {
  const cell = await notebook.run(`global size
probe begin { size = "a" + 1; println(size + 1, size * 2); lenght = nothing(size); println(lenght + 1) }`);
  expect(places(traceback(cell))).toEqual(["type/conflict :2:22", "call/no-such-function :2:69"]);
});
