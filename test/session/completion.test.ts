/** Completion and help, at a `|` in the text. */
import { PRINT_FUNCTIONS } from "../../kernel/compiler/check/printing.js";
import { isKeyword } from "../../kernel/compiler/syntax/token.js";
import { magics } from "../../kernel/magics/index.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { LANGUAGE } from "../../kernel/session/language.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { TestNotebook } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(async () => {
  notebook = new TestNotebook();
  await notebook.run(`global lat, late_calls, unused
function mine:string(a, b:long) { return "x" . a }
probe readers = syscall.read, syscall.pread64 { }
probe begin { lat["é"] <<< 5; late_calls["x"] = 3; println(mine("a", 1)) }`);
});
afterAll(() => notebook.close());

/** Offsets count code points. */
function split(text: string): { code: string; cursor: number } {
  const offset = text.indexOf("|");
  return { code: text.replace("|", ""), cursor: Array.from(text.slice(0, offset)).length };
}

function completed(text: string): {
  matches: readonly { text: string; type: string; signature?: string }[];
  start: number;
  end: number;
} {
  const { code, cursor } = split(text);
  return notebook.notebook.complete(code, cursor);
}

const texts = (text: string): string[] => completed(text).matches.map((match) => match.text);

describe("completion", () => {
  test.each([
    ["fore|", "foreach"],
    ["println(@hist_li|", "@hist_linear"],
    ["spri|", "sprintf"],
    ["gettimeofd|", "gettimeofday_ns"],
    ["thread_in|", "thread_indent"],
    ["la|", "late_calls"],
    ["mi|", "mine"],
    ["probe sys|", "syscall"],
    ["probe syscall.getpp|", "syscall.getppid"],
    ["probe syscall.read.re|", "syscall.read.return"],
    ["probe kernel.tra|", 'kernel.trace("'],
    ['probe kernel.trace("sched_swi|', 'kernel.trace("sched_switch")'],
    ['probe kernel.function("sys_getp|', 'kernel.function("sys_getppid")'],
    ["probe timer.m|", "timer.ms("],
    ["probe read|", "readers"],
    ["probe begin, en|", "end"],
    ["probe mine = syscall.getpp|", "syscall.getppid"],
    ["probe syscall.read { } probe syscall.getpp|", "syscall.getppid"],
    ["%re|", "%reset"],
    ["x = 1\n%%tr|", "%%trace"],
    ["%reset la|", "lat"],
    ["%help tr|", "trace"],
    ["%%trace f|", "for="],
    ["%limits HIST_|", "HIST_WIDTH="],
    ["%dump ty|", "types"],
    ["probe syscall.read { arg|", "argstr"],
    ["probe syscall.read.return { if (ret|", "retval"],
    ["probe readers { na|", "name"],
    ["probe syscall.openat { println(fil|", "filename"],
    ['probe kernel.trace("sched_switch") { println($ar|', "$arg1"],
    ["some_counter = 1\nsome|", "some_counter"],
  ])("%s offers %s", (text, wanted) => {
    expect(texts(text)).toContain(wanted);
  });

  test("signatures and types come along", () => {
    expect(completed("mi|").matches).toContainEqual({
      text: "mine",
      type: "function",
      signature: "(a, b:long):string",
    });
    expect(completed("lat|").matches).toContainEqual({
      text: "lat",
      type: "global",
      signature: "array of statistic by string",
    });
    expect(completed("unus|").matches).toContainEqual({ text: "unused", type: "global", signature: "not used yet" });
    const [strlen] = completed("strlen|").matches;
    expect(strlen).toMatchObject({ type: "function", signature: expect.stringMatching(/^\(\w+:string\):long$/) });
  });

  test.each([
    ["in a string", 'println("la|'],
    ["in a comment", "// la|"],
    ["in a comment over lines", "/* a\nla|"],
    ["for a command", "!la|"],
  ])("nothing %s", (_, text) => {
    expect(texts(text)).toEqual([]);
  });

  test("variables of a probe point are offered inside it only, and only those that all its points have", () => {
    expect(texts("probe syscall.read { } argst|")).not.toContain("argstr");
    expect(texts("probe syscall.read { println(1) } probe begin { argst|")).not.toContain("argstr");
    expect(texts("probe syscall.read, syscall.close { $bu|")).not.toContain("$buf");
    expect(texts("probe syscall.read { if (1) { x = 2 } $bu|")).toContain("$buf");
  });

  test("offsets count code points", () => {
    expect(completed('x = "é😀"; late_c|')).toMatchObject({ start: 10, end: 16, matches: [{ text: "late_calls" }] });
    expect(completed('x = "😀"\nprobe syscall.getpp|')).toMatchObject({ start: 14, end: 27 });
    expect(completed("x = 1\n%%tr|")).toMatchObject({ start: 6, end: 10 });
  });

  test("a name is one row, whatever else has it", () => {
    for (const text of ["|", "probe |", "probe syscall.read.return { |", "s|"]) {
      const names = texts(text);
      expect(names.length).toBeGreaterThan(5);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test("no beginning of a text is too odd, and all of them together take little of the processor", () => {
    const text =
      'global a % /* x */ probe kernel.trace("sched_*") ?, syscall.{read,write}.return { a[$*$, "\\" {(] <<< %( 1 %? @hist_log( %) é😀 \'';
    const length = Array.from(text).length;
    const before = process.cpuUsage();
    for (let cursor = 0; cursor <= length; cursor++) {
      notebook.notebook.complete(Array.from(text).slice(0, cursor).join(""), cursor);
      notebook.notebook.inspect(text, cursor, 1);
    }
    texts('probe kernel.trace("|');
    const { user, system } = process.cpuUsage(before);
    // On average: what else the machine does is no matter, and what is looked up once is looked up once.
    expect((user + system) / 1000 / length).toBeLessThan(100);
  });
});

describe("inspection", () => {
  const page = (text: string, detail: 0 | 1 = 1): string | null => {
    const { code, cursor } = split(text);
    const bundle = notebook.notebook.inspect(code, cursor, detail);
    if (!bundle) return null;
    expect(Object.keys(bundle.data)).toEqual(["text/plain", "text/markdown"]);
    return String(bundle.data["text/plain"]);
  };

  test.each([
    ["la|t", "global lat: array of statistic by string"],
    ["unus|ed", "global unused: not used yet"],
    ["println(mi|ne(1, 2))", "function mine(a, b:long):string"],
    ["prin|tf", "printf(FORMAT, VALUE, …)"],
    ["substr(|", "substr(text:string, start:long, length:long):string"],
    ["@av|g(x)", "@avg(STATISTIC)"],
    ["fore|ach", "foreach (KEY in ARRAY-)"],
    ["%re|set", "%reset [NAME …]"],
    ["%%tra|ce for=1s", "%%trace [for=TIME]"],
    ["probe syscall.re|ad.return { }", "syscall.read.return\n\nA system call"],
    ["probe timer.s(|1) { }", "timer.s(1)\n\nRuns at intervals"],
    ['probe kernel.trace("sched_sw|itch") { }', 'kernel.trace("sched_switch")\n\nA tracepoint'],
    ["probe read|ers { }", "readers\n\nAn alias that stands for 2 probes."],
    ["probe syscall.read { na|me }", "name:string\n\nThe system call's name."],
    ["thread_inde|nt(1)", "thread_indent(delta:long):string"],
  ])("%s", (text, beginning) => {
    expect(page(text)?.slice(0, beginning.length)).toBe(beginning);
  });

  test("a global tells where it was declared, its size and its first rows", () => {
    const text = page("lat|")!;
    expect(text).toContain("Declared in cell 1, line 1.");
    expect(text).toContain("Elements: 1.");
    expect(text).toMatch(/^é +1 +5 +5 +5 +5$/m);
  });

  test("all functions of a name are told", () => {
    const counts = new Map<string, number>();
    for (const { name } of catalogue.functions) counts.set(name, (counts.get(name) ?? 0) + 1);
    const [name, count] = [...counts].find(([, number]) => number > 1)!;
    expect(page(`${name}|`)!.match(new RegExp(`^${name}\\(`, "gm"))).toHaveLength(count);
  });

  test("detail 1 tells more", () => {
    expect(page("mine|", 0)).not.toContain("return");
    expect(page("mine|", 1)).toContain('return "x" . a');
    expect(page("substr|", 0)).not.toContain("Example");
    expect(page("substr|", 1)).toContain("Example");
    expect(page("probe syscall.read|", 0)).toContain("buf:long");
    expect(page("probe syscall.read|", 0)).not.toContain("$$vars");
    expect(page("probe syscall.read|", 1)).toContain("$$vars:string");
  });

  test.each(["nothing_known|", '"lat|"', "// lat|", "", "probe nonsense.here| { }", "%hepl|"])(
    "%s means nothing",
    (text) => {
      expect(page(text.includes("|") ? text : `${text}|`)).toBeNull();
    },
  );
});

describe("the words of the language", () => {
  test("every keyword, print function and operator on statistics has its entry", () => {
    const names = new Set(LANGUAGE.map(({ name }) => name));
    expect(PRINT_FUNCTIONS.filter((name) => !names.has(name))).toEqual([]);
    const inReference =
      "probe global private function if else for foreach in limit return delete while break continue next string long try catch";
    expect(inReference.split(" ").filter((name) => !names.has(name) || !isKeyword(name))).toEqual([]);
    for (const name of ["count", "sum", "min", "max", "avg", "variance", "hist_log", "hist_linear"])
      expect(names).toContain(`@${name}`);
  });

  test.each(LANGUAGE.map(({ name, example }) => [name, example]))(
    "the example of %s compiles and shows it",
    (name, example) => {
      expect(example).toContain(name);
      const session = new Session({ native: loadNative(), catalogue, mode: "cell" });
      const { diagnostics, script } = session.compile(example, { name: "example" });
      expect(diagnostics).toEqual([]);
      expect(script).not.toBeNull();
    },
  );

  test("every magic has an example that its usage allows", () => {
    const isUsed = ({ name, kind, example }: (typeof magics)[number]): boolean =>
      example.split("\n").some((line) => `${line} `.startsWith(`${kind === "cell" ? "%%" : "%"}${name} `));
    expect(magics.filter((magic) => !isUsed(magic)).map(({ name }) => name)).toEqual([]);
  });
});
