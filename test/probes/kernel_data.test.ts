/** The kernel's own data, read through its types, against what /proc and the workload know of it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { bits, DescribedTypes, member } from "../compiler/types/described.js";
import { trace, type Traced } from "./traced_workload.js";

const PROGRAMS = ["tp_btf", "raw_tracepoint"] as const;
const isX86 = process.arch === "x64";
const GETPPID_NUMBER = isX86 ? 110 : 173;

/** What a handler prints on the workload's one system call. */
function printedBy(statements: string, program: (typeof PROGRAMS)[number] = "tp_btf"): Promise<Traced> {
  return trace(
    `probe kernel.trace("sys_enter") { if (pid() == target() && $id == ${GETPPID_NUMBER}) { ${statements} } }`,
    "syscalls getppid --count 1 --name worker",
    program,
  );
}

/** Fields of /proc/self/stat, counted from 1 as its manual does. */
function statOfThisProcess(): (field: number) => string {
  const text = readFileSync("/proc/self/stat", "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (field) => fields[field - 3]!;
}

describe.each(PROGRAMS)("%s", (program) => {
  test("the current task and its parent are what /proc tells of them", async () => {
    const { printed, pid, failures } = await printedBy(
      `t = @cast(task_current(), "task_struct")
      p = t->real_parent
      printf("%d %d %s\\n", t->pid, t->tgid, kernel_string(t->comm))
      printf("%d %d %s\\n", p->tgid, p->real_parent->tgid, kernel_string(p->group_leader->comm))
      printf("%d %d %d\\n", p->group_leader->start_boottime / 10000000, p->mm->start_stack, p->mm->arg_start)
      printf("%d %d %o\\n", p->cred->uid->val, p->cred->gid->val, p->fs->umask)
      printf("%d %d\\n", p->signal->rlim[7]->rlim_cur, p->signal->rlim[3 + 4]->rlim_max)
      printf("%d\\n", p->group_leader->static_prio - 120)`,
      program,
    );
    const stat = statOfThisProcess();
    const [, soft, hard] = /^Max open files +(\d+) +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))!;
    const leader = readFileSync(`/proc/${process.pid}/comm`, "utf8").trim();
    expect(failures).toEqual([]);
    expect(printed.split("\n")).toEqual([
      `${pid} ${pid} worker`,
      `${process.pid} ${process.ppid} ${leader}`,
      `${stat(22)} ${stat(28)} ${stat(48)}`,
      `${process.getuid!()} ${process.getgid!()} ${process.umask().toString(8)}`,
      `${soft} ${hard}`,
      stat(19),
      "",
    ]);
  });

  test("arguments have names, and are what their numbers are", async () => {
    const { printed } = await printedBy(
      `printf("%d %d %d\\n", $id == $arg2, $regs == $arg1, $arg1->${isX86 ? "orig_ax" : "syscallno"})`,
      program,
    );
    expect(printed).toBe(`1 1 ${GETPPID_NUMBER}\n`);
  });

  test("a process that ends still has its name and its exit code", async () => {
    const { printed, pid } = await trace(
      `probe kernel.trace("sched_process_exit") { if (pid() == target()) println($p->tgid, " ", $p->exit_code, " ", $p->comm$) }`,
      "syscalls getppid --count 1 --name worker",
      program,
    );
    expect(printed).toBe(`${pid} 0 "worker"\n`);
  });

  test("threads that a process makes are its own", async () => {
    const { printed, pid } = await trace(
      `probe kernel.trace("sched_process_fork") {
        if ($parent->tgid == target()) println($child->tgid, " ", $child->pid != $parent->pid, " ", $child->real_parent->tgid)
      }`,
      "threads --threads 3 --count 1",
      program,
    );
    expect(printed).toBe(`${pid} 1 ${process.pid}\n`.repeat(3));
  });
});

const onX86 = isX86 ? test : test.skip;

onX86("registers of a system call hold its arguments", async () => {
  const { printed } = await trace(
    `probe kernel.trace("sys_enter") {
      if (pid() == target() && $id == 3) printf("%d %d\\n", @cast(&$regs->di, "int"), @cast(&$regs->di, "unsigned int"))
    }`,
    "syscalls close --count 1",
  );
  // The last thing that the workload closes: what it opened before has other numbers.
  expect(printed).toContain("-1 4294967295\n");
});

test("numbers of every width are what functions that read them say", async () => {
  // Whether a plain `char` has a sign depends on how the kernel was built.
  const types = [
    ["signed char", "kernel_char"],
    ["unsigned char", "kernel_uint8"],
    ["short", "kernel_short"],
    ["unsigned short", "kernel_uint16"],
    ["int", "kernel_int"],
    ["unsigned int", "kernel_uint32"],
    ["u32", "kernel_uint32"],
    ["long", "kernel_long"],
    ["unsigned long", "kernel_long"],
    ["long long", "kernel_long"],
    ["__s16", "kernel_int16"],
  ];
  const comparisons = types.map(([type, read]) => `same += @cast(a, "${type}") == ${read}(a)`).join("; ");
  const { printed, failures } = await printedBy(
    `a = $regs
    for (n = 0; n < 100; n++) { ${comparisons}; a++ }
    println(same)`,
  );
  expect(failures).toEqual([]);
  expect(printed).toBe(`${types.length * 100}\n`);
});

test("bitfields of any place, width and sign are the bits that the memory has there", async () => {
  const types = new DescribedTypes();
  const signed = types.number("signed", 8, true);
  const unsigned = types.number("unsigned", 8, false);
  const seed = Date.now() % 2 ** 31;
  const random = fc.sample(
    fc.record({ first: fc.nat(600), size: fc.integer({ min: 1, max: 64 }), signed: fc.boolean() }),
    { numRuns: 60, seed },
  );
  const fields = random.map((field, index) =>
    bits(`f${index}`, field.signed ? signed : unsigned, field.first, field.size),
  );
  types.struct("fields", 88, fields);
  const words = Array.from({ length: 11 }, (_, index) => `kernel_long(a + ${index * 8})`);
  const { printed } = await trace(
    `probe kernel.trace("sys_enter") { if (pid() == target() && $arg2 == ${GETPPID_NUMBER}) {
      a = $arg1
      printdln(" ", ${words.join(", ")})
      s = @cast(a, "fields")
      ${random.map((_, index) => `println(s->f${index})`).join("; ")}
    } }`,
    "syscalls getppid --count 1 --name worker",
    { dataTypes: () => types },
  );
  const [first = "", ...rest] = printed.trim().split("\n");
  const memory = first
    .split(" ")
    .reduce((sum, word, index) => sum | (BigInt.asUintN(64, BigInt(word)) << BigInt(index * 64)), 0n);
  const expected = random.map(({ first: low, size, signed: hasSign }) => {
    const value = (memory >> BigInt(low)) & ((1n << BigInt(size)) - 1n);
    return String(hasSign ? BigInt.asIntN(size, value) : BigInt.asIntN(64, value));
  });
  expect({ seed, values: rest }).toEqual({ seed, values: expected });
});

test("functions that return a task tell its type", async () => {
  const { printed, pid } = await printedBy(
    'println(task_current()->tgid, " ", task_parent(task_current())->tgid, " ", task_parent(task_current())->real_parent->tgid)',
  );
  expect(printed).toBe(`${pid} ${process.pid} ${process.ppid}\n`);
});

test("types may describe the memory of a process", async () => {
  const types = new DescribedTypes("user");
  const char = types.number("char", 1, true);
  types.struct("path", 8, [member("root", types.array(char, 1), 0), member("rest", types.array(char, 3), 1)]);
  const { printed, failures } = await trace(
    `probe syscall.newfstatat { if (pid() == target()) {
      printf("%c %c %s %s\\n", @cast($filename, "path")->root[0], @cast($filename, "path")->rest[1], @cast($filename, "path")$, @cast(8, "path")$)
      println(@cast(9, "path")->rest[0])
    } }`,
    "stat --missing 0 --existing 1 --path /etc/passwd",
    { dataTypes: () => types },
  );
  expect(printed).toBe('/ t {.root="/", .rest="etc"} ERROR\n');
  expect(failures).toEqual(["user read fault at 0xa"]);
});

test("an index that the script computes", async () => {
  const { printed } = await printedBy(
    `t = @cast(task_current(), "task_struct")
    for (i = 0; t->comm[i]; i++) printf("%c", t->comm[i])
    println(" ", i)`,
  );
  expect(printed).toBe("worker 6\n");
});

test("a failed read is an error that says where, and try goes on behind it", async () => {
  const { printed, failures } = await printedBy(
    `try { println(@cast(16, "task_struct")->real_parent->pid) } catch (text) { println(text) }
    @cast(0x1234, "list_head")->next->prev`,
  );
  const { printed: place } = await printedBy(`printf("0x%x\\n", &@cast(16, "task_struct")->real_parent)`);
  expect(printed).toBe(`kernel read fault at ${place}`);
  expect(failures).toEqual(["kernel read fault at 0x1234"]);
});

test("a whole struct as text: what the parts are on their own, in the kernel's order", async () => {
  const { printed } = await printedBy(
    `t = @cast(task_current(), "task_struct")
    println(t->thread_info$)
    println((&t->thread_info)$)
    println(sprintf("{.flags=%u, .syscall_work=%u, .status=%u, .cpu=%u}",
      t->thread_info->flags, t->thread_info->syscall_work, t->thread_info->status, t->thread_info->cpu))
    println(t->tasks$ == sprintf("{.next=%p, .prev=%p}", t->tasks->next, t->tasks->prev))
    println(t->nsproxy->uts_ns->name$$)`,
  );
  // Flags change from one moment to the next.
  const [pretty, byAddress, own, isSame, name] = printed.replaceAll(/\.flags=\d+/g, ".flags=0").split("\n");
  if (isX86) expect(own).toBe(pretty);
  expect(byAddress).toBe(pretty);
  expect(isSame).toBe("1");
  const system = (file: string): string => readFileSync(`/proc/sys/kernel/${file}`, "utf8").trim();
  expect(name).toContain(
    `{.sysname="${system("ostype")}", .nodename="${system("hostname")}", .release="${system("osrelease")}", .version="${system("version")}`,
  );
});

test("a struct of hundreds of members is cut where texts of the language end", async () => {
  const { printed } = await printedBy(
    `text = @cast(task_current(), "task_struct")$
    println(strlen(text), " ", substr(text, 0, 1))`,
  );
  expect(printed).toBe("511 {\n");
});

test("what the probe point brings, as one text", async () => {
  const { printed } = await printedBy(
    `println($$parms == sprintf("regs=%#x id=%#x", $regs, $id), " ", $$vars == $$parms, " ", $$locals == "")
    printf("%s\\n", $$vars)
    printf("regs=%#x id=%#x\\n", $regs, $id)
    println($$parms$ == sprintf("regs=%s id=%d", $regs$, $id))`,
  );
  const [equal, printedAtOnce, parts, pretty] = printed.split("\n");
  expect(equal).toBe("1 1 1");
  expect(printedAtOnce).toBe(parts);
  expect(pretty).toBe("1");
});

test("the arguments of a system call, and what it returned, as one text", async () => {
  const { printed } = await trace(
    `probe syscall.close { if (pid() == target()) println($$parms, "|", $$locals, "|", $$vars$) }
    probe syscall.close.return { if (pid() == target()) { text = $$parms . " " . $$return; println(text) } }`,
    "syscalls close --count 1",
  );
  // The workload closes what is not open, by the number -1.
  expect(printed).toContain("fd=0xffffffffffffffff||fd=-1\nfd=0xffffffffffffffff return=0xfffffffffffffff7\n");
});

/** Not all kernels list their variables. */
function hasSymbols(): (name: string) => boolean {
  const text = readFileSync("/proc/kallsyms", "latin1");
  return (name) => {
    const end = text.indexOf(` ${name}\n`);
    return end >= 0 && /[1-9a-f]/.test(text.slice(text.lastIndexOf("\n", end) + 1, end - 2));
  };
}

test("variables of the kernel, and of the CPU that the probe runs on", async () => {
  const { printed } = await printedBy(
    `if (@defined(@var("runqueues"))) println(@var("runqueues")->curr == task_current())
    if (@defined(@var("init_task"))) println(@cast(&@var("init_task"), "task_struct")->comm$)`,
  );
  const hasSymbol = hasSymbols();
  const lines = [
    ...(hasSymbol("runqueues") && hasSymbol("__per_cpu_offset") ? ["1"] : []),
    ...(hasSymbol("init_task") ? ['"swapper/0"'] : []),
  ];
  expect(printed).toBe(lines.map((line) => `${line}\n`).join(""));
});

test("enumerations, both ways", async () => {
  const { printed } = await printedBy(
    `for (n = -1; n < 5; n++) printf("%s,", @enumname(n, "enum pid_type"))
    println(@enum("PIDTYPE_SID"))`,
  );
  expect(printed).toBe(",PIDTYPE_PID,PIDTYPE_TGID,PIDTYPE_PGID,PIDTYPE_SID,PIDTYPE_MAX,3\n");
});
