/** How long strings get: seen in the layouts of a compiled script's globals. */
import { options } from "../syntax/fixture.js";
import { target } from "../../probes/target.js";
import { NO_DEFINITIONS } from "../../../kernel/compiler/check/definitions.js";
import { compile } from "../../../kernel/compiler/compile.js";
import type { GlobalLayout } from "../../../kernel/compiler/compiled.js";
import { DEFAULT_LIMITS } from "../../../kernel/compiler/limits.js";
import { catalogue } from "../../../kernel/session/catalogue.js";

function layouts(text: string, known: ReadonlyMap<string, GlobalLayout> = new Map()): Map<string, GlobalLayout | null> {
  const output = compile({
    source: { name: "<script>", text },
    catalogue,
    target: target({ hasTracepoint: () => true, tracepoints: () => [] }),
    mode: "script",
    arguments: [],
    conditions: options.conditions,
    prelude: [],
    definitions: NO_DEFINITIONS,
    macros: new Map(),
    layouts: known,
    limits: DEFAULT_LIMITS,
    guru: false,
    globalValues: new Map(),
    lastPass: "compile",
  });
  if (!output.script) throw new Error(output.diagnostics.map(({ message }) => message).join("\n"));
  return new Map(output.script.globals.map(({ variable, layout }) => [variable.name, layout]));
}

/** The layout of `x` where this stands in a probe of the kernel. */
function layoutOf(body: string, more = ""): GlobalLayout | null | undefined {
  return layouts(`global x, y ${more} probe kernel.trace("sched_switch") { y = 1; ${body} }`).get("x");
}

const bytes = (size: number): object => ({ kind: "bytes", size });

test.each([
  // Terminator included, in whole words.
  ['x = "1234567"', bytes(8)],
  ['x = "12345678"', bytes(16)],
  ['x = ""', bytes(8)],
  ['x = "ab"; x = "a longer one"', bytes(16)],
  ["x = execname()", bytes(16)],
  ['x = "1234567" . "1234567"', bytes(16)],
  ['x = y ? "1234567" : "123456789"', bytes(16)],
  ['s = "123456789"; x = s', bytes(16)],
  ['x = sprintf("%d", y)', bytes(32)],
  // What grows with every event has the language's longest.
  ['x .= "a"', bytes(512)],
  ['try { error("e") } catch (text) { x = text }', bytes(512)],
])("%s", (body, value) => expect(layoutOf(body)?.value).toEqual(value));

test("a function's result and parameters are as long as what is passed and returned", () => {
  const declaration = 'function f:string (text:string) { if (text == "") return "0123456789"; return text }';
  expect(layoutOf('x = f("12")', declaration)?.value).toEqual(bytes(16));
  expect(layoutOf('x = f("12"); z = f("12345678901234567890")', declaration)?.value).toEqual(bytes(24));
});

test("keys are as long as the longest that is written, whatever is only looked up", () => {
  expect(layoutOf('x["12", y] = 1; if (["a very long text that is only looked up", 1] in x) y = 2')?.keys).toEqual([
    bytes(8),
    { kind: "long" },
  ]);
});

test("a key through a loop keeps its length", () => {
  const found = layouts(
    'global x, y probe kernel.trace("sched_switch") { y["123456789"] = 1; foreach (k in y) x[k] = 1 }',
  );
  expect(found.get("x")?.keys).toEqual([bytes(16)]);
});

describe("a loop variable of one name in several loops", () => {
  const point = 'probe kernel.trace("sched_switch")';
  const fill = "x[backtrace()]++; y[execname()]++;";
  const stack = { kind: "stack", form: { space: "kernel", style: "addresses" } };

  test.each([
    ["of a user-space handler", `${point} { ${fill} } probe end { LOOPS }`],
    ["of a probe", `${point} { ${fill} LOOPS }`],
    ["of a function", `function show() { LOOPS } ${point} { ${fill} show() }`],
  ])("%s takes nothing of one array to another", (_, script) => {
    const loops = "foreach (k in x) println(x[k]); foreach (k in y) println(y[k])";
    const found = layouts(`global x, y ${script.replace("LOOPS", loops)}`);
    expect(found.get("x")?.keys).toEqual([stack]);
    expect(found.get("y")?.keys).toEqual([bytes(16)]);
  });

  test("is one where its value goes from one loop to another", () => {
    const loops = "foreach (k in x) println(x[k]); foreach (k in y) println(y[k]); println(k)";
    expect(layouts(`global x, y ${point} { ${fill} ${loops} }`).get("x")?.keys).toEqual([bytes(512)]);
  });
});

test("names of system calls travel as numbers", () => {
  const found = layouts("global x, y probe syscall.* { x[name]++; y = name }");
  expect(found.get("x")?.keys).toMatchObject([{ kind: "names" }]);
  expect(found.get("y")?.value).toMatchObject({ kind: "names" });
});

test("what else goes into a name's place makes it text", () => {
  const found = layouts('global x probe syscall.read { x[name]++; x["no system call at all"]++ }');
  expect(found.get("x")?.keys).toMatchObject([{ kind: "bytes" }]);
});

test("a map that is there already keeps its width, or gets wider", () => {
  const known = new Map([["x", { keys: [], value: { kind: "bytes", size: 64 }, entries: 1 } as const]]);
  const script = (text: string): string => `global x probe kernel.trace("sched_switch") { x = "${text}" }`;
  expect(layouts(script("short"), known).get("x")?.value).toEqual(bytes(64));
  expect(layouts(script("t".repeat(64)), known).get("x")?.value).toEqual(bytes(72));
});

test("a global that no probe in the kernel uses has no map", () => {
  expect(layouts('global x, y probe begin { x = 1 } probe kernel.trace("sched_switch") { y = 1 }').get("x")).toBeNull();
});

test("the size of an array is what its declaration says, or the limit", () => {
  const found = layouts('global x[7], y probe kernel.trace("sched_switch") { x[1] = 1; y[1] = 1 }');
  expect(found.get("x")?.entries).toBe(7);
  expect(found.get("y")?.entries).toBe(DEFAULT_LIMITS.maxMapEntries);
});

test("candidates of one name store what they return in one place, whichever it comes from", () => {
  const value = layouts(`
    global last
    function text:string (number:long):1 { if (number > 5) next; return errno_str(number) }
    function text:string (number:long):2 { return substr("more than any name of an error number", 0, number) }
    probe kernel.trace("sched_switch") { last = text(pid()) }`).get("last")?.value;
  expect(value).toMatchObject({ kind: "bytes" });
});
