/** Every example of the reference is a cell that compiles on this machine, and so is every trace of the gallery; `examples_run.test.ts` runs those of functions. */
import { readFileSync } from "node:fs";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { splitCell } from "../../kernel/session/cell_text.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

const examples = [
  ...[...catalogue.functions, ...(catalogue.library ?? [])].map(
    ({ name, parameters, example, needsGuru = false }) => [`${name}/${parameters.length}`, example, needsGuru] as const,
  ),
  ...catalogue.families.map(({ name, example }) => [name, example, false] as const),
];

// Describing the machine takes longer than all else, and what is only compiled leaves nothing behind.
const usual = new Session({ native: loadNative(), catalogue, mode: "cell" });
const guru = new Session({ native: loadNative(), catalogue, mode: "cell", guru: true });
afterAll(() => {
  usual.close();
  guru.close();
});

test.each(examples)("the example of %s compiles", (_, example, needsGuru) => {
  const { diagnostics, script } = (needsGuru ? guru : usual).compile(example, { name: "example" });
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
  expect(script).not.toBeNull();
});

const gallery = readFileSync(new URL("../../docs/gallery.md", import.meta.url), "utf8");
const traces = [...gallery.matchAll(/```systemtap\n(.*?)```/gs)]
  .map(([, code = ""]) => splitCell(code).script.trim())
  .filter((script) => script.includes("probe "));

test.each(traces)("the gallery's %j compiles", (script) => {
  const { diagnostics } = usual.compile(script, { name: "gallery" });
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
});

test("the gallery has traces", () => expect(traces.length).toBeGreaterThan(5));
