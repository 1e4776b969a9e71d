/** The chapters beside this file are the manual of the language, and their examples are tests; README.md tells the format. */
import { loadNative } from "../../kernel/tracing/native.js";
import { isRefusal, Sides } from "../backends/sides.js";
import { readChapters, readRows, type Example } from "./chapters.js";
import { asOneHandler } from "./kernel_side.js";
import { runScript, SectionNotebook, type Seen } from "./run_example.js";

const native = loadNative();
const chapters = readChapters();

function expectSeen(seen: Seen, example: Example): void {
  const expected = {
    text: example.text ?? "",
    complaints: (example.error ?? "").split("\n").filter((line) => line !== ""),
  };
  expect(seen).toEqual(expected);
}

for (const chapter of chapters) {
  describe(chapter.file, () => {
    for (const { title, examples } of chapter.sections) {
      const cells = examples.filter(({ options }) => options.mode === "cell");
      const scripts = examples.filter(({ options }) => options.mode === "script");
      if (cells.length > 0) {
        test(`${title}, ${cells.length} cells`, async () => {
          const notebook = new SectionNotebook(native);
          try {
            for (const cell of cells) expectSeen(await notebook.run(cell), cell);
          } finally {
            await notebook.close();
          }
        });
      }
      for (const example of scripts) {
        test(`${title}, ${example.place}`, async () => expectSeen(await runScript(example, native), example));
      }
    }
  });
}

describe("the same in the kernel", () => {
  const sides = new Sides(native);
  const examples = chapters.flatMap(({ sections }) => sections).flatMap((section) => section.examples);
  const handlers = examples.flatMap((example) => {
    const script = asOneHandler(example);
    return script ? [{ example, script }] : [];
  });

  test.each(handlers.map(({ example, script }) => [example.place, example, script] as const))(
    "%s",
    (_, example, script) => {
      const [inUserSpace, inKernel] = [sides.inUserSpace(script), sides.inKernel(script)];
      if (isRefusal(inUserSpace)) return expect(isRefusal(inKernel)).toBe(example.options.kernelSide === "same");
      switch (example.options.kernelSide) {
        case "same":
          return expect(inKernel).toEqual({
            ...inUserSpace,
            failure: inUserSpace.failure && expect.objectContaining({ message: inUserSpace.failure.message }),
          });
        case "refused":
          return expect(inKernel).toHaveProperty("refused");
        case "different":
          return expect(inKernel).not.toEqual(inUserSpace);
      }
    },
  );

  test("only what is tried there says how it fares", () => {
    const tried = new Set(handlers.map(({ example }) => example));
    const marked = examples.filter((example) => example.options.kernelSide !== "same" && !tried.has(example));
    expect(marked.map(({ place }) => place)).toEqual([]);
  });

  test("most examples can be tried there", () => expect(handlers.length).toBeGreaterThan(examples.length / 3));
});

describe("the rows of the language", () => {
  const rows = Object.keys(readRows());
  const shown = new Set(
    chapters
      .flatMap(({ sections }) => sections)
      .flatMap(({ examples }) => examples)
      .flatMap(({ shows }) => shows),
  );

  test("each has an example", () => expect(rows.filter((row) => !shown.has(row))).toEqual([]));
  test("each that an example shows is in the list", () =>
    expect([...shown].filter((row) => !rows.includes(row))).toEqual([]));
});
