/** `%watch`: displays that stay fresh when their cell is done. */
import { TestNotebook, traceback, type CellResult } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

/** What the displays of a cell have shown so far, frame after frame. */
const frames = ({ updates }: CellResult): string[] => updates.map(([, bundle]) => String(bundle.data["text/plain"]));

async function until(holds: () => boolean): Promise<void> {
  const start = Date.now();
  while (!holds()) {
    if (Date.now() - start > 30_000) throw new Error("it did not come to pass in 30 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("what an expression comes to is shown anew when it has changed, in the same place", async () => {
  await notebook.run("global a, b\na = 1; b = 2");
  const cell = await notebook.run("%watch a + b every 250ms");
  expect(cell.outcome.status).toBe("ok");
  expect(frames(cell)).toEqual(["3"]);
  await notebook.run("a = 40");
  await until(() => frames(cell).length >= 2);
  expect(frames(cell)).toEqual(["3", "42"]);
  expect(new Set(cell.updates.map(([displayId]) => displayId)).size).toBe(1);
});

test("%watch stop ends it with its last frame", async () => {
  await notebook.run("global n\nn = 1");
  const cell = await notebook.run("%watch n every 250ms");
  await notebook.run("n = 2\n");
  await notebook.run("%watch stop");
  expect(frames(cell).at(-1)).toBe("2");
  const before = frames(cell).length;
  await notebook.run("n = 3");
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(frames(cell)).toHaveLength(before);
});

test("run again, its cell replaces what it has left", async () => {
  await notebook.run("global n\nn = 1");
  const first = await notebook.run("%watch n every 250ms", { cellId: "w" });
  const second = await notebook.run("%watch n * 10 every 250ms", { cellId: "w" });
  const before = frames(first).length;
  await notebook.run("n = 7");
  await until(() => frames(second).includes("70"));
  expect(frames(first)).toHaveLength(before);
});

test("it ends after its time", async () => {
  await notebook.run("global n\nn = 1");
  const cell = await notebook.run("%watch n every 250ms for 300ms");
  // The last frame is said to be the last by being sent without a change.
  await until(() => frames(cell).length >= 2);
  await notebook.run("n = 2");
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(frames(cell)).toEqual(["1", "1"]);
});

test("it follows a trace in the background, and arrays show their tables", async () => {
  await notebook.run('%%bg ticking\nglobal ticks\nprobe timer.ms(50) { ticks["t"]++ }');
  const cell = await notebook.run("%watch ticks every 250ms");
  await until(() => new Set(frames(cell)).size >= 3);
  const counts = frames(cell).map((text) => Number(/t +(\d+)/.exec(text)?.[1]));
  expect(counts).toEqual(counts.toSorted((left, right) => left - right));
});

test("what is written in the same cell counts, and a mistake at run time is shown in its place", async () => {
  const cell = await notebook.run("%watch 100 / n every 250ms\nglobal n\nn = 0");
  expect(frames(cell)).toEqual([expect.stringContaining("division by 0")]);
  await notebook.run("n = 4");
  await until(() => frames(cell).at(-1) === "25");
});

test.each([
  ["%watch unheard_of", /unheard_of/],
  ["%watch n++", /changes n, and %watch only looks|has no value to watch/],
  ["%watch print(1)", /has no value to watch/],
  ["%watch n +", /error/],
])("%s is refused", async (code, message) => {
  await notebook.run("global n\nn = 1");
  const cell = await notebook.run(code);
  expect(traceback(cell).join("\n")).toMatch(message);
  expect(cell.updates).toEqual([]);
});
