/** The part of the tapset that is written in the language is read without a complaint, on each architecture. */
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { parseScript } from "../../kernel/compiler/syntax/parse.js";
import { machineConditions } from "../../kernel/session/conditions.js";
import { library, prelude } from "../../kernel/tapset/index.js";

const names = new Set(library.map(({ name }) => name));

test.each(["x86_64", "arm64"])("on %s nothing of it is left out", (arch) => {
  const conditions = { ...machineConditions(false), arch };
  const defined = prelude.flatMap((source) => {
    const { script, diagnostics } = parseScript(source, {
      mode: "script",
      arguments: [],
      conditions,
      macros: new Map(),
    });
    expect(diagnostics.list.map(formatDiagnostic)).toEqual([]);
    return script.items.flatMap((item) => (item.kind === "function" && !item.isPrivate ? [item.name] : []));
  });
  // What begins with two underscores is for the others, and may be there without a description.
  expect(defined.filter((name) => !names.has(name) && !name.startsWith("__"))).toEqual([]);
  expect([...names].filter((name) => !defined.includes(name))).toEqual([]);
});
