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
  // Seventeen of the longest strings do not fit into what is sent at once.
  const tooMuch = `print(${Array.from({ length: 17 }, () => "s").join(", ")})`;
  const cell = await notebook.run(`function longest() { try { error("x") } catch (text) { return text } return "" }
probe syscall.read {
  s = longest(); ${tooMuch}
  for (i = 0; i < 3; i++) { ${tooMuch} }
  try { ${tooMuch} } catch { }
  println(i)
}
probe timer.profile { s = longest(); ${tooMuch} }
probe syscall.read { s = longest(); ${tooMuch} }`);
  expect(places(traceback(cell))).toEqual([
    "kernel/cannot :3:18",
    "kernel/cannot :4:29",
    "kernel/cannot :5:9",
    "kernel/cannot :8:38",
    "kernel/cannot :9:37",
  ]);
});

test("one mistake, one complaint, though much hangs on it", async () => {
  const cell = await notebook.run(`global size
probe begin { size = "a" + 1; println(size + 1, size * 2); lenght = nothing(size); println(lenght + 1) }`);
  expect(places(traceback(cell))).toEqual(["type/conflict :2:22", "call/no-such-function :2:69"]);
});
