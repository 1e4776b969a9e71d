import type { ContextVariable } from "../../kernel/compiler/catalogue.js";
import { describeType } from "../../kernel/compiler/types/type_text.js";
import { DescribedTypes } from "../compiler/types/described.js";
import { target } from "./target.js";
import { probeOf, refusalOf, resolve } from "./pattern.js";

function names(point: string): string[] {
  const resolution = resolve(point);
  if (resolution?.kind !== "resolved") throw new Error("refused");
  return resolution.probes.map(({ probe }) =>
    probe.kind === "kernel" && probe.attach.kind === "tracepoint" ? probe.attach.name : "?",
  );
}

test.each([
  ['kernel.trace("sched_switch")', ["sched_switch"]],
  ['kernel.trace("sched:sched_switch")', ["sched_switch"]],
  ['kernel.tracepoint("sched_switch")', ["sched_switch"]],
  ['kernel.trace("sched_wakeup*")', ["sched_wakeup", "sched_wakeup_new"]],
  ['kernel.trace("s?s_e[nx]*")', ["sys_enter", "sys_exit"]],
])("%s", (point, expected) => expect(names(point)).toEqual(expected));

test("an unknown name is refused with the nearest one", () => {
  expect(refusalOf('kernel.trace("sched_swich")')).toMatchObject({
    message: "this kernel has no tracepoint sched_swich",
    hint: "did you mean sched_switch?",
  });
  expect(refusalOf('kernel.trace("nothing_*")').message).toBe("this kernel has no tracepoint that fits nothing_*");
});

test("arguments go by number", () => {
  const { variables } = probeOf('kernel.trace("sched_switch")');
  expect([...variables.keys()]).toEqual([...Array.from({ length: 12 }, (_, index) => `$arg${index + 1}`), "$$name"]);
});

describe("groups", () => {
  const groups = new Map([
    ["sched", ["sched_switch", "sched_wakeup", "sched_wakeup_new", "sched_unknown_to_btf"]],
    ["raw_syscalls", ["sys_enter", "sys_exit"]],
    ["block", ["block_rq_issue"]],
  ]);
  const grouped = target({ tracepointGroups: () => groups });

  test.each([
    ['kernel.trace("sched:*")', ["sched_switch", "sched_wakeup", "sched_wakeup_new"]],
    ['kernel.trace("sched:*wakeup*")', ["sched_wakeup", "sched_wakeup_new"]],
    ['kernel.tracepoint("*s*:sys_enter")', ["sys_enter"]],
    ['kernel.trace("net:*")', null],
  ])("%s", (point, names) => {
    if (names === null) expect(refusalOf(point, grouped).message).toMatch(/no (?:group of tracepoints|tracepoint)/);
    else {
      const resolution = resolve(point, grouped);
      const points = resolution?.kind === "resolved" ? resolution.probes.map((each) => each.point) : [];
      expect(points).toEqual(names.map((name) => expect.stringContaining(`("${name}")`)));
    }
  });

  test("where they are not told, a pattern stands alone", () => {
    const { message, hint } = refusalOf('kernel.tracepoint("sched:*_switch")');
    expect(message).toContain("tracefs");
    expect(hint).toContain('kernel.tracepoint("*_switch")');
  });
});

describe("a kernel that tells types", () => {
  const types = new DescribedTypes();
  const kernelOwn = types.pointer(0);
  const task = types.pointer(types.struct("task_struct", 8, []));
  const short = types.number("short int", 2, true);
  const parameters = (...names: readonly string[]) => [
    { name: names.length > 0 ? "__data" : "", type: kernelOwn },
    { name: names[0] ?? "", type: task },
    { name: names[1] ?? "", type: short },
  ];
  const named = types.add("function_prototype", { parameters: parameters("prev", "state") });
  types.add("function", { name: "__bpf_trace_sched_switch", target: named });
  const nameless = types.add("function_prototype", { parameters: parameters() });
  types.add("typedef", { name: "btf_trace_sched_wakeup", target: types.pointer(nameless) });
  const variablesOf = (name: string) =>
    probeOf(`kernel.trace("${name}")`, target({ dataTypes: () => types })).variables;
  const typeOf = (variable: ContextVariable | undefined): string | null =>
    variable?.data ? describeType(variable.data) : null;

  test("arguments have the names of the functions that the kernel makes for the tracepoint", () => {
    const variables = variablesOf("sched_switch");
    expect([...variables].map(([name, variable]) => [name, typeOf(variable), variable.lists])).toEqual([
      ["$prev", "struct task_struct *", undefined],
      ["$state", "short int", undefined],
      ["$arg1", "struct task_struct *", undefined],
      ["$arg2", "short int", undefined],
      ["$$vars", null, ["$prev", "$state"]],
      ["$$parms", null, ["$prev", "$state"]],
      ["$$locals", null, []],
      ["$$name", null, undefined],
    ]);
  });

  test("where only the types are known, numbers have them", () => {
    const variables = variablesOf("sched_wakeup");
    expect([...variables.keys()]).toEqual(["$arg1", "$arg2", "$$vars", "$$parms", "$$locals", "$$name"]);
    expect(typeOf(variables.get("$arg1"))).toBe("struct task_struct *");
    expect(variables.get("$$parms")?.lists).toEqual(["$arg1", "$arg2"]);
  });

  test("where nothing is known, there are as many numbers as a tracepoint can have", () => {
    expect(typeOf(variablesOf("block_rq_issue").get("$arg12"))).toBeNull();
    expect(variablesOf("block_rq_issue").has("$$vars")).toBe(false);
  });
});

test("a group that there is not is what is said, with the one that may be meant", () => {
  const grouped = target({ tracepointGroups: () => new Map([["sched", ["sched_switch"]]]) });
  expect(refusalOf('kernel.trace("schde:*")', grouped)).toMatchObject({
    message: "this kernel has no group of tracepoints schde",
    hint: "did you mean sched?",
  });
});

describe("of modules", () => {
  const none = { find: () => null, names: () => [] };
  const files = { ...none, names: () => ["btf_trace_ext4_sync_file_enter", "btf_trace_ext4_sync_file_exit"] };
  const machine = target({
    functions: { names: () => [], isTraceable: () => true, modules: () => ["ext4", "jbd2", "snd_hda"] },
    dataTypes: (module) => (module === undefined ? null : ((module === "ext4" ? files : none) as never)),
  });
  const attached = (point: string) => {
    const resolution = resolve(point, machine);
    if (resolution?.kind !== "resolved") throw new Error(resolution?.message);
    return resolution.probes.map(({ point: name, probe }) => [name, probe.kind === "kernel" && probe.attach]);
  };
  const enter = { kind: "tracepoint", module: "ext4", name: "ext4_sync_file_enter" };

  test("by module, by pattern of either, and alone", () => {
    const both = [
      ['module("ext4").tracepoint("ext4_sync_file_enter")', enter],
      ['module("ext4").tracepoint("ext4_sync_file_exit")', { ...enter, name: "ext4_sync_file_exit" }],
    ];
    expect(attached('module("ext4").tracepoint("ext4_sync_file_enter")')).toEqual(both.slice(0, 1));
    expect(attached('module("*").trace("ext4:*")')).toEqual(both);
    expect(attached('module("{ext4,jbd2}").tracepoint("*_ex?t")')).toEqual(both.slice(1));
    expect(attached('kernel.trace("ext4:ext4_sync_file_enter")')).toEqual([
      ['kernel.trace("ext4_sync_file_enter")', enter],
    ]);
  });

  test.each([
    ['module("ext3").tracepoint("x")', "no module ext3 is loaded", 'did you mean module("ext4")?'],
    ['module("jbd2").tracepoint("x*")', "module jbd2 has no tracepoints", undefined],
    ['module("snd-hda").tracepoint("x")', "module snd-hda has no tracepoints", undefined],
    [
      'module("ext4").tracepoint("ext4_sync_file_entr")',
      "module ext4 has no tracepoint ext4_sync_file_entr",
      "did you mean ext4_sync_file_enter?",
    ],
    ['module("ext4").tracepoint("x").return', 'module("ext4").tracepoint has no part called .return', undefined],
  ])("%s is refused", (point, message, hint) => {
    expect(refusalOf(point, machine)).toMatchObject({ message, ...(hint === undefined ? {} : { hint }) });
  });
});
