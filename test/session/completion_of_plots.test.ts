/** Completion behind `%plot`: what there is to show, and how. At a `|` in the text. */
import { TestNotebook } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(async () => {
  notebook = new TestNotebook();
  await notebook.run(`global lat, calls, number = 3, later
lat["disk", 1] <<< 5; lat["disk", 1] <<< 6; lat["a \\"b\\"\\n]", 2] <<< 7
calls["read"] = 30; calls["write"] = 40; println(number)`);
  await notebook.run("%snapshot before");
  await notebook.run('%%table took: time_ns size comm\nprintf("%d %d %s\\n", 1, 2, "x")');
});
afterAll(() => notebook.close());

/** The line as it is when the first of the matches is taken, or those there are. */
function completed(text: string): { readonly texts: readonly string[]; readonly lines: readonly string[] } {
  const [before = "", after = ""] = text.split("|");
  const { matches, start, end } = notebook.notebook.complete(before + after, before.length);
  const all = before + after;
  return {
    texts: matches.map((match) => match.text),
    lines: matches.map((match) => all.slice(0, start) + match.text + all.slice(end)),
  };
}

test("names are those of globals, snapshots and rows, and of what the cell declares below", () => {
  const { texts } = completed("%plot |\nglobal fresh\nprobe timer.s(1) { fresh <<< 1 }");
  expect(texts).toEqual(expect.arrayContaining(["lat", "calls", "number", "lat@before", "took", "fresh"]));
  expect(completed("%plot la|").texts.toSorted()).toEqual(["lat", "lat@before", "later"]);
});

test.each([
  ["%plot lat as |", ["hist", "overlay", "heatmap", "table", "bars", "series"]],
  ['%plot lat["disk", 1] as |', ["hist", "heatmap", "table", "series"]],
  ["%plot lat@before as h|", ["hist", "heatmap"]],
  ["%plot calls as |", ["bars", "table", "series"]],
  ["%plot number as |", ["value", "series"]],
  ["%plot took as |", ["table", "scatter", "timeline"]],
  ["%plot took as scatter |", ["time", "size", "comm"]],
  ["%plot took as scatter size |", ["time", "size", "comm"]],
  ["%plot calls |", ["as", "top", "rate"]],
  ["%plot took |", ["as", "top"]],
  ["%plot calls as bars |", ["top", "rate"]],
  ["%plot calls top |", []],
  ["%plot nothing[ as |", []],
])("%s offers what fits", (text, forms) => {
  expect(completed(text).texts.toSorted()).toEqual([...forms].toSorted());
});

test("of what no cell has used yet, every form is offered", () => {
  expect(completed("%plot fresh as |").texts).toEqual(expect.arrayContaining(["value", "flame", "overlay"]));
});

test("keys are whole, the largest first, and as they are written", () => {
  expect(completed("%plot lat[|").lines).toEqual(['%plot lat["disk", 1]', '%plot lat["a \\"b\\"\\n]", 2]']);
  expect(completed('%plot lat["a \\"|').lines).toEqual(['%plot lat["a \\"b\\"\\n]", 2]']);
  expect(completed('%plot calls["w|').lines).toEqual(['%plot calls["write"]']);
  // An editor has closed what was opened.
  expect(completed('%plot calls["w|"]').lines).toEqual(['%plot calls["write"]']);
  expect(completed("%plot calls@before[|]").lines).toEqual([
    '%plot calls@before["write"]',
    '%plot calls@before["read"]',
  ]);
  expect(completed("%plot number[|").lines).toEqual([]);
});

test("what is offered is understood", async () => {
  for (const line of completed("%plot lat[|").lines)
    expect((await notebook.run(`${line} as table`)).outcome.status).toBe("ok");
});
