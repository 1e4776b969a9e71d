import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { DataType } from "../../kernel/compiler/types/data_type.js";
import { loadNative } from "../../kernel/tracing/native.js";

const native = loadNative();
const types = native.kernelTypes();

/** bpftool's listing of the kernel's types, one line each, members indented under their type. */
const dump = execFileSync("bpftool", ["btf", "dump", "file", "/sys/kernel/btf/vmlinux", "format", "raw"], {
  encoding: "utf8",
  maxBuffer: 1 << 30,
}).split("\n");

/** The type's own line and those of its members. */
function dumped(pattern: RegExp): readonly string[] {
  const start = dump.findIndex((line) => pattern.test(line));
  const length = dump.slice(start + 1).findIndex((line) => !line.startsWith("\t"));
  return start < 0 ? [] : dump.slice(start, start + 1 + length);
}

function found(name: string, kind: Parameters<typeof types.find>[1]): DataType {
  const id = types.find(name, kind);
  if (id === null) throw new Error(`no ${kind} ${name}`);
  return types.type(id);
}

function member(type: DataType, name: string): DataType {
  const member = type.members.find((candidate) => candidate.name === name);
  if (member === undefined) throw new Error(`no ${name} in ${type.name}`);
  return types.type(member.type);
}

test.each(["task_struct", "file", "page", "tcp_sock"])("struct %s is as bpftool shows it", (name) => {
  const [head = "", ...lines] = dumped(new RegExp(`^\\[\\d+\\] STRUCT '${name}' `));
  const type = found(name, "struct");
  expect(head).toBe(`[${type.id}] STRUCT '${name}' size=${type.size} vlen=${type.members.length}`);
  const ours = type.members.map((member) => {
    const bits = member.bitSize === 0 ? "" : ` bitfield_size=${member.bitSize}`;
    return `${member.name === "" ? "(anon)" : member.name} bits_offset=${member.bitOffset}${bits}`;
  });
  const theirs = lines.map((line) => line.replace(/^\t'?(.*?)'? type_id=\d+/, "$1"));
  expect(ours).toEqual(theirs);
});

test("what a member refers to", () => {
  const task = found("task_struct", "struct");
  expect(member(task, "comm")).toMatchObject({ kind: "array", elements: 16, size: 16 });
  expect(types.type(member(task, "comm").target)).toMatchObject({ kind: "int", name: "char", size: 1 });
  expect(member(task, "pid")).toMatchObject({ kind: "typedef", name: "pid_t", size: 4 });
  const parent = member(task, "real_parent");
  expect(parent).toMatchObject({ kind: "pointer", size: 8 });
  expect(parent.target).toBe(task.id);
});

test("const, volatile and type tags are looked through", () => {
  const task = found("task_struct", "struct");
  // `const struct cred __rcu *real_cred`
  expect(types.type(member(task, "real_cred").target)).toMatchObject({ kind: "struct", name: "cred" });
  const qualified = dump.filter((line) => /^\[\d+\] (CONST|VOLATILE|RESTRICT|TYPE_TAG) /.test(line)).slice(0, 200);
  expect(qualified.length).toBeGreaterThan(0);
  for (const line of qualified) {
    const [, id, , target] = /^\[(\d+)\] (\S+) .*type_id=(\d+)/.exec(line) ?? [];
    expect(types.type(Number(id))).toEqual(types.type(Number(target)));
  }
});

test("signs of integers", () => {
  expect(found("int", "int")).toMatchObject({ size: 4, signed: true });
  expect(found("unsigned int", "int")).toMatchObject({ size: 4, signed: false });
  expect(found("long unsigned int", "int")).toMatchObject({ size: 8, signed: false });
});

test("enumerators, unsigned, negative and of 64 bits", () => {
  expect(found("pid_type", "enum").enumerators.slice(0, 2)).toEqual([
    { name: "PIDTYPE_PID", value: 0n },
    { name: "PIDTYPE_TGID", value: 1n },
  ]);
  for (const encoding of ["SIGNED", "UNSIGNED"]) {
    for (const kind of ["ENUM", "ENUM64"]) {
      const lines = dumped(new RegExp(`^\\[\\d+\\] ${kind} '[^']+' encoding=${encoding} `));
      if (lines.length === 0) continue;
      const [head = "", ...entries] = lines;
      const type = types.type(Number(/^\[(\d+)\]/.exec(head)?.[1]));
      const expected = entries.map((line) => /^\t'(.*)' val=(-?\d+)/.exec(line)?.slice(1));
      expect(type.enumerators.map(({ name, value }) => [name, String(value)])).toEqual(expected);
      expect(type.signed).toBe(encoding === "SIGNED");
    }
  }
});

test("a function's prototype", () => {
  const prototype = types.type(found("vfs_read", "function").target);
  expect(prototype.kind).toBe("function_prototype");
  expect(prototype.parameters.map(({ name }) => name)).toEqual(["file", "buf", "count", "pos"]);
  expect(types.type(prototype.target)).toMatchObject({ kind: "typedef", name: "ssize_t", size: 8 });
});

test("names by prefix are bpftool's, in its order", () => {
  const theirs = dump.flatMap((line) => /^\[\d+\] TYPEDEF '(btf_trace_.*)' /.exec(line)?.[1] ?? []);
  expect(theirs.length).toBeGreaterThan(100);
  expect(types.names("typedef", "btf_trace_")).toEqual(theirs);
});

test("what is not there", () => {
  expect(types.find("no_such_type", "struct")).toBeNull();
  expect(types.find("task_struct", "union")).toBeNull();
  expect(() => types.type(4_000_000_000)).toThrow("cannot find kernel type 4000000000: ENOENT");
  expect(types.type(0)).toMatchObject({ id: 0, kind: "other", name: "", size: 0 });
});

// This machine may have none; the virtual machines' file system is one.
const modules = native.kernelModules();

test("the modules with types are those in sysfs", () => {
  expect(modules).toEqual(
    readdirSync("/sys/kernel/btf")
      .filter((name) => name !== "vmlinux")
      .toSorted(),
  );
});

test("each module's types are as bpftool shows them, and continue the kernel's", () => {
  for (const module of modules.slice(0, 5)) {
    const own = native.kernelTypes(module);
    const base = ["--base-btf", "/sys/kernel/btf/vmlinux"];
    const lines = execFileSync(
      "bpftool",
      [...base, "btf", "dump", "file", `/sys/kernel/btf/${module}`, "format", "raw"],
      {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      },
    ).split("\n");
    const functions = lines.flatMap((line) => /^\[\d+\] FUNC '(.*?)' /.exec(line)?.[1] ?? []);
    expect(own.names("function", "")).toEqual(functions);
    for (const name of functions.slice(0, 50)) {
      const theirs = lines.find((line) => line.includes(`] FUNC '${name}' `));
      expect(theirs).toContain(`[${own.find(name, "function")}] `);
    }
    // The compiler may have seen less of a struct in a module, which then has one of its own.
    const task = lines.flatMap((line) => /^\[(\d+)\] STRUCT 'task_struct' /.exec(line)?.[1] ?? [])[0];
    expect(own.find("task_struct", "struct")).toBe(task ? Number(task) : types.find("task_struct", "struct"));
    expect(own.find("int", "int")).toBe(types.find("int", "int"));
  }
});

test.each(["no_such_module", "..", "vmlinux", "a/b"])("a module that is not there: %s", (module) => {
  expect(() => native.kernelTypes(module)).toThrow(
    `cannot read kernel module "${module}"'s types from BTF: ENOENT (No such file or directory)`,
  );
});
