/** Every example of the reference is a cell that compiles on this machine. */
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

const examples = [
  ...[...catalogue.functions, ...(catalogue.library ?? [])].map(
    ({ name, parameters, example, needsGuru = false }) => [`${name}/${parameters.length}`, example, needsGuru] as const,
  ),
  ...catalogue.families.map(({ name, example }) => [name, example, false] as const),
];

test.each(examples)("the example of %s compiles", (_, example, guru) => {
  const session = new Session({ native: loadNative(), catalogue, mode: "cell", guru });
  const { diagnostics, script } = session.compile(example, { name: "example" });
  session.close();
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
  expect(script).not.toBeNull();
});
