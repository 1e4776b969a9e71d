/** Which functions a point names, by which mechanism each is reached, and what is said of those that cannot be. */
import type { KernelProbe, Target, Trial } from "../../kernel/compiler/catalogue.js";
import { compile } from "../../kernel/compiler/compile.js";
import { inputFor } from "../compiler/dump/fixture.js";
import { functionsOf, typesOf, type Prototypes } from "./kernel_types.js";
import { refusalOf, resolve } from "./pattern.js";
import { target } from "./target.js";

const PROTOTYPES: Prototypes = {
  vfs_read: ["int", ["file", "file"], ["count", "size"]],
  vfs_write: ["int", ["file", "file"], ["count", "size"]],
  vfs_fsync: ["void", ["file", "file"]],
  take_pair: ["int", ["pair", "pair"], ["number", "int"]],
  take_large: ["int", ["large", "large"], ["number", "int"]],
  take_seven: [
    "int",
    ["a", "int"],
    ["b", "int"],
    ["c", "int"],
    ["d", "int"],
    ["e", "int"],
    ["f", "int"],
    ["g", "char"],
  ],
  __x64_sys_read: ["int", ["regs", "file"]],
};

const ALL: readonly Trial["kind"][] = ["fentry", "fexit", "kprobe_multi", "kprobe", "kretprobe"];

function machine(kinds: readonly Trial["kind"][] = ALL, changes: Partial<Target> = {}): Target {
  const types = typesOf(PROTOTYPES);
  return target({
    dataTypes: (module) => (module === undefined ? types : null),
    functions: functionsOf(types, { ext4: ["ext4_sync_file"] }),
    refusal: ({ kind }) => (kinds.includes(kind) ? null : `${kind} is refused by the test`),
    ...changes,
  });
}

function probesOf(point: string, on: Target): readonly { readonly point: string; readonly probe: KernelProbe }[] {
  const resolution = resolve(point, on);
  if (resolution?.kind !== "resolved") throw new Error(`${point}: ${resolution?.message ?? "no family"}`);
  return resolution.probes.map((each) => {
    if (each.probe.kind !== "kernel") throw new Error(`${each.point} runs in user space`);
    return { point: each.point, probe: each.probe };
  });
}

const attachOf = (point: string, on: Target) => probesOf(point, on).map(({ probe }) => probe.attach);
const dollars = (point: string, on: Target): string[] =>
  [...probesOf(point, on)[0]!.probe.variables.values()]
    .filter(({ data, name }) => data !== undefined || name === "$return")
    .map(({ name }) => name);

describe("the mechanism", () => {
  const one = { module: null, function: "vfs_read" };
  const many = { functions: ["vfs_read"] };
  test.each([
    [ALL, "", { kind: "fentry", ...one }],
    [ALL, ".return", { kind: "fexit", ...one }],
    [["kprobe_multi", "kprobe", "kretprobe"], "", { kind: "kprobe_multi", ...many, isReturn: false }],
    [["kprobe_multi", "kprobe", "kretprobe"], ".return", { kind: "kprobe_multi", ...many, isReturn: true }],
    [["kprobe", "kretprobe"], ".call", { kind: "kprobe", ...many, offset: 0n, isReturn: false, maxActive: null }],
    [
      ["kprobe", "kretprobe"],
      ".return.maxactive(9)",
      { kind: "kprobe", ...many, offset: 0n, isReturn: true, maxActive: 9 },
    ],
  ] as const)("with %p, of a function%s", (kinds, tail, attach) => {
    expect(attachOf(`kernel.function("vfs_read")${tail}`, machine(kinds))).toEqual([attach]);
  });

  test("what the function tracer does not reach gets a breakpoint", () => {
    const functions = functionsOf(typesOf(PROTOTYPES), {}, (name) => name !== "vfs_read");
    expect(attachOf('kernel.function("vfs_{read,write}")', machine(ALL, { functions }))).toMatchObject([
      { kind: "kprobe", functions: ["vfs_read"] },
      { kind: "fentry", function: "vfs_write" },
    ]);
  });

  test("arguments on the stack are beyond a trampoline", () => {
    expect(attachOf('kernel.function("take_seven")', machine())).toMatchObject([{ kind: "kprobe_multi" }]);
    expect(attachOf('kernel.function("take_large")', machine())).toMatchObject([{ kind: "kprobe_multi" }]);
    expect(attachOf('kernel.function("take_pair")', machine())).toMatchObject([{ kind: "fentry" }]);
  });

  test("where nothing works, system calls are reached by their tracepoints, and the rest is refused with every answer", () => {
    const bare = machine([]);
    expect(attachOf('kernel.function("__x64_sys_read").return', bare)).toEqual([
      { kind: "tracepoint", name: "sys_exit" },
    ]);
    const { message, hint } = refusalOf('kernel.function("vfs_read")', bare);
    expect(message).toBe(
      'kernel.function("vfs_read"): functions cannot be probed on this machine (fentry: fentry is refused by the test; ' +
        "kprobe.multi: kprobe_multi is refused by the test; kprobe: kprobe is refused by the test)",
    );
    expect(hint).toContain("kernel.trace");
    expect(refusalOf('kernel.function("take_*")', bare).message).toMatch(
      /^kernel\.function\("take_\*"\): none of the 3 functions that fit \(take_large, take_pair, take_seven\) can be probed on this machine \(fentry: /,
    );
    expect(refusalOf('kernel.function("vfs_read").return', bare).message).toContain("kretprobe: kretprobe is refused");
  });

  test("an old name of a system call's function means the call, also where functions can be probed", () => {
    expect(attachOf('kernel.function("sys_read")', machine())).toEqual([{ kind: "tracepoint", name: "sys_enter" }]);
    expect(attachOf('kernel.function("__x64_sys_read")', machine())).toMatchObject([{ kind: "fentry" }]);
  });
});

describe("variables", () => {
  test.each([
    ["", ALL, ["$file", "$count"]],
    [".return", ALL, ["$file", "$count", "$return"]],
    ["", ["kprobe"], ["$file", "$count"]],
    // A breakpoint at the return has lost the arguments: they come from the entry.
    [".return", ["kprobe", "kretprobe"], ["$return"]],
  ] as const)("of vfs_read%s by %p", (tail, kinds, names) => {
    expect(dollars(`kernel.function("vfs_read")${tail}`, machine(kinds))).toEqual(names);
  });

  test("the entry of a return has the parameters", () => {
    const [only] = probesOf('kernel.function("vfs_read").return', machine(["kprobe", "kretprobe"]));
    expect([...only!.probe.entry!.variables.keys()]).toEqual(expect.arrayContaining(["$file", "$count"]));
  });

  test("all of them as one text", () => {
    const [only] = probesOf('kernel.function("vfs_read").return', machine());
    const listed = (name: string) => only!.probe.variables.get(name)?.lists;
    expect([listed("$$parms"), listed("$$vars"), listed("$$locals"), listed("$$return")]).toEqual([
      ["$file", "$count"],
      ["$file", "$count"],
      [],
      ["$return"],
    ]);
  });

  test("nothing returned, no $return; a structure by value has no number", () => {
    expect(dollars('kernel.function("vfs_fsync").return', machine())).toEqual(["$file"]);
    expect(dollars('kernel.function("take_pair")', machine())).toEqual(["$number"]);
  });

  test("many functions share what all have at the same place", () => {
    const crowd: Prototypes = Object.fromEntries(
      Array.from({ length: 41 }, (_, index) => [
        `crowd_${index}`,
        ["int", ["file", "file"], index === 7 ? ["size", "int"] : ["size", "size"]] as const,
      ]),
    );
    const types = typesOf(crowd);
    const on = machine(ALL, { dataTypes: () => types, functions: functionsOf(types) });
    const [only, ...others] = probesOf('kernel.function("crowd_*")', on);
    expect(others).toEqual([]);
    expect(only!.probe.attach).toMatchObject({
      kind: "kprobe_multi",
      functions: types.names("function", "").toSorted(),
    });
    expect(dollars('kernel.function("crowd_*")', on)).toEqual(["$file"]);
    const alone = machine(["fentry", "fexit"], { dataTypes: () => types, functions: functionsOf(types) });
    expect(refusalOf('kernel.function("crowd_*")', alone).message).toMatch(/41 functions, more than 40/);
  });
});

describe("names", () => {
  test.each([
    ['kernel.function("vfs_*")', ["vfs_fsync", "vfs_read", "vfs_write"]],
    ['kernel.function("vfs_{read,write}")', ["vfs_read", "vfs_write"]],
    ['kernel.function("vfs_[rw]*@fs/read_write.c")', null],
    ['kernel.function("vfs_read@fs/read_write.c")', ["vfs_read"]],
    ['kprobe.function("vfs_read")', ["vfs_read"]],
  ])("%s", (point, names) => {
    if (names === null) expect(refusalOf(point, machine()).message).toContain("debug information");
    else {
      const points = probesOf(point, machine()).map((each) => each.point);
      expect(points).toEqual(names.map((name) => expect.stringContaining(`function("${name}")`)));
    }
  });

  test.each(['module("ext4").function("ext4_sync_file")', 'kprobe.module("ext*").function("ext4_*")'])(
    "%s",
    (point) => {
      expect(probesOf(point, machine()).map(({ probe }) => probe.attach)).toMatchObject([
        { functions: ["ext4_sync_file"] },
      ]);
    },
  );

  test.each([
    [
      'kernel.function("vfs_raed")',
      /^this kernel has no function vfs_raed/,
      /did you mean kernel\.function\("vfs_read"\)/,
    ],
    ['kernel.function("nothing_*")', /no function that fits nothing_\*/, /^$/],
    ['module("ext5").function("x")', /^no module ext5 is loaded$/, /did you mean module\("ext4"\)/],
    ['kernel.function("vfs_read").inline', /debug information/, /probe on the function itself/],
    ['kernel.function("vfs_read@fs/read_write.c:450")', /debug information/, /probe on the function itself/],
    [
      'kernel.function("vfs_read").exported',
      /does not tell which of its functions are exported/,
      /leave \.exported out/,
    ],
    ['kernel.function("vfs_read").sideways', /no part called \.sideways/, /\.return/],
    ['kernel.function("*@fs/read_write.c")', /told only by the kernel's debug/, /name some of them/],
    ['kernel.function("vfs_read").maxactive(9)', /only a probe at the return/, /\.return\.maxactive\(9\)/],
    ['kernel.function("vfs_read").maxactive(0)', /from 1 to 4096/, /^$/],
    ["kernel.function", /needs the name of a function/, /vfs_read/],
    ["kernel.function(5)", /named by its name/, /kernel\.statement\(0x5\)\.absolute/],
  ])("%s is refused", (point, message, hint) => {
    const refusal = refusalOf(point, machine());
    expect(refusal.message).toMatch(message);
    expect(refusal.hint ?? "").toMatch(hint);
  });

  test("exported functions, where the kernel tells them", () => {
    const kernelSymbol = (name: string): bigint | null =>
      ["__ksymtab_kfree", "__ksymtab_vfs_read"].includes(name) ? 1n : null;
    expect(attachOf('kernel.function("vfs_*").exported', machine(ALL, { kernelSymbol }))).toMatchObject([
      { function: "vfs_read" },
    ]);
  });
});

describe("patterns", () => {
  const types = typesOf(PROTOTYPES);
  const functions = {
    ...functionsOf(types),
    names: (_: string | null, prefix: string) =>
      [...Object.keys(PROTOTYPES), "vfs_untyped", "vfs_cold.cold", "untyped_one", "untyped_two"]
        .filter((name) => name.startsWith(prefix))
        .toSorted(),
    isTraceable: (name: string) => name !== "vfs_fsync",
  };
  const named = (point: string): string[] =>
    probesOf(point, machine(ALL, { functions })).map((each) => each.point.replace(/^.*\("(.*)"\).*$/, "$1"));

  test.each([
    // Not what the tracer does not reach, nor pieces, nor what has no parameters beside those that have.
    ["vfs_*", ["vfs_read", "vfs_write"]],
    ["untyped_*", ["untyped_one", "untyped_two"]],
    ["{vfs_*,untyped_o*}", ["vfs_read", "vfs_write", "untyped_one"]],
    // Whatever is named outright.
    ["vfs_untyped", ["vfs_untyped"]],
    ["{vfs_fsync,vfs_cold.cold}", ["vfs_fsync", "vfs_cold.cold"]],
  ])("%s", (pattern, expected) => expect(named(`kernel.function("${pattern}")`)).toEqual(expected));

  test("what they name may be left out where the kernel refuses it, and what is named outright may not", () => {
    const patternsOf = (point: string) =>
      probesOf(point, machine()).map(({ probe }) => [probe.pattern, probe.entry?.pattern]);
    const pattern = 'kernel.function("vfs_r*").return';
    expect(patternsOf(pattern)).toEqual([[pattern, pattern]]);
    expect(patternsOf('kernel.function("vfs_{read,write}")')).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test("a program that is also named outright is not left out", () => {
    const both = 'probe kernel.function("vfs_r*"), kernel.function("vfs_read") {}';
    expect(patternsIn(both)).toEqual([undefined]);
    expect(patternsIn('probe kernel.function("vfs_r*") {}')).toEqual(['kernel.function("vfs_r*")']);
  });
});

/** Of the programs that a script is compiled to. */
function patternsIn(text: string): (string | undefined)[] {
  const { script, diagnostics } = compile({ ...inputFor(text), target: machine() });
  if (!script) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return script.programs.map(({ pattern }) => pattern);
}
