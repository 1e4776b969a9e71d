/** Completion of what this machine knows: functions, types and their members, programs, files. At a `|` in the text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TracedPrograms } from "../probes/process/programs.js";
import { TestNotebook } from "./notebook.js";
import { permissiveNative } from "./permissive.js";

const folder = mkdtempSync(join(tmpdir(), "tapbook-completion-"));
writeFileSync(join(folder, "first.csv"), "");
writeFileSync(join(folder, ".hidden"), "");
mkdirSync(join(folder, "folder"));

const programs = new TracedPrograms();
const TRACED = programs.build("traced", "-O2", "-g");

const INVENTED = Array.from({ length: 1000 }, (_, index) => `tapbook_invented_${String(index).padStart(3, "0")}`);

let notebook: TestNotebook;
beforeAll(async () => {
  notebook = new TestNotebook(permissiveNative(INVENTED));
  await notebook.run(
    "@define twice(x) %( (2 * @x) %)\nglobal total, task_of\nprobe readers = syscall.read { how_many = $count }",
  );
});
afterAll(async () => {
  await notebook.close();
  programs.remove();
  rmSync(folder, { recursive: true });
});

function completed(text: string): ReturnType<TestNotebook["notebook"]["complete"]> {
  const offset = text.indexOf("|");
  const code = text.slice(0, offset) + text.slice(offset + 1);
  return notebook.notebook.complete(code, Array.from(text.slice(0, offset)).length);
}

const texts = (text: string): string[] => completed(text).matches.map((match) => match.text);
const typed = (text: string, name: string) => completed(text).matches.find((match) => match.text === name);

describe("points, component by component", () => {
  test.each([
    ["probe ker|", "kernel."],
    ["probe kernel.fu|", 'kernel.function("'],
    ['probe kernel.function("vfs_rea|', 'kernel.function("vfs_read")'],
    ['probe kernel.function("vfs_read").|', 'kernel.function("vfs_read").return'],
    ['probe kernel.function("vfs_read").ret|', 'kernel.function("vfs_read").return'],
    ['probe kernel.function("vfs_read").return.|', 'kernel.function("vfs_read").return.maxactive('],
    ["probe mod|", 'module("'],
    ["probe timer.s(1).ran|", "timer.s(1).randomize("],
    ["probe timer.|", "timer.profile"],
    ['probe kernel.data("panic_timeout").|', 'kernel.data("panic_timeout").write'],
    ["probe kernel.data(12).|", "kernel.data(12).length("],
    ["probe netfilter.ip|", "netfilter.ipv4.pre_routing"],
    [`probe process("${TRACED}").|`, `process("${TRACED}").mark("`],
    [`probe process("${TRACED}").function("inner_st|`, `process("${TRACED}").function("inner_step")`],
    [`probe process("${TRACED}").function("inner_step").|`, `process("${TRACED}").function("inner_step").return`],
    [`probe process("${TRACED}").mark("coun|`, `process("${TRACED}").mark("counter")`],
    [`probe process("${TRACED}").library("libc|`, `process("${TRACED}").library("libc.so.6")`],
    ['probe process("/bin/s|', 'process("/bin/sh")'],
    ['probe process("/et|', 'process("/etc/'],
    ['probe process("bas|', 'process("bash")'],
    ["probe rea|", "readers"],
    ["probe own = begin { }\nprobe ow|", "own"],
  ])("%s offers %s", (text, wanted) => {
    const offered = texts(text);
    expect(offered.some((each) => (wanted.endsWith(".") ? each.startsWith(wanted) : each === wanted))).toBe(true);
  });

  test("a number's point is not a name's", () => {
    expect(texts("probe kernel.data(12).|")).not.toContain("kernel.data(12).call");
    expect(texts('probe kernel.function("vfs_read").|')).not.toContain('kernel.function("vfs_read").absolute');
  });

  test("what the editor has closed already is not written again", () => {
    expect(texts('probe kernel.function("vfs_rea|")')).toContain('kernel.function("vfs_read');
    expect(texts('probe kernel.trace("sched_swit|") { }')).toEqual(['kernel.trace("sched_switch']);
  });

  test("a list that is cut says so, and with more letters it is whole", () => {
    const { matches, total } = completed('probe kernel.function("tapbook_invented_|');
    expect(matches).toHaveLength(500);
    expect(total).toBe(1000);
    expect(matches.at(-1)).toMatchObject({ type: "probe, 500 of 1000" });
    expect(matches.at(-2)).toMatchObject({ type: "probe" });
    const whole = completed('probe kernel.function("tapbook_invented_99|');
    expect(whole.matches.map(({ text }) => text)).toEqual(
      INVENTED.slice(990).map((name) => `kernel.function("${name}")`),
    );
    expect(whole.total).toBe(10);
  });
});

describe("variables and members of types", () => {
  // As the kernel's sources have them since long: struct file has f_pos (loff_t), task_struct has comm and mm.
  test.each([
    ['probe kernel.function("vfs_read") { println($fi|', "$file", "struct file*"],
    ['probe kernel.function("vfs_read") { println($file->f_po|', "f_pos", "loff_t"],
    ['probe kernel.function("vfs_read") { p = $file->f_path->dentry->d_in|', "d_inode", "struct inode*"],
    ['probe kernel.function("vfs_read") { f = $file\n d = f->f_path->dentry; d->d_par|', "d_parent", "struct dentry*"],
    ['probe kernel.function("vfs_read").return { @entry($cou|', "$count", "size_t"],
    ['probe kernel.function("vfs_read").return { @entry($file)->f_po|', "f_pos", "loff_t"],
    ['probe kernel.trace("sched_switch") { println($prev->com|', "comm", "char[16]"],
    ['probe begin { @cast(0, "task_struct")->com|', "comm", "char[16]"],
    [
      'probe begin { @cast(0, "task_struct", "kernel<linux/sched.h>")->mm->pg|',
      "pgd",
      expect.stringContaining("pgd_t"),
    ],
    ["probe syscall.read { task_current()->com|", "comm", "char[16]"],
    ["probe syscall.read { task_current()->parent[0]->com|", "comm", "char[16]"],
    ["probe syscall.read { (task_current())->com|", "comm", "char[16]"],
  ])("%s offers %s of %s", (text, name, type) => {
    expect(typed(text, name)).toMatchObject({ text: name, signature: type });
  });

  test("only members behind an arrow, and none of what is no struct", () => {
    const members = texts('probe kernel.trace("sched_switch") { $prev->|');
    expect(members).toContain("comm");
    expect(members).not.toContain("println");
    expect(texts("probe syscall.read { 5->|")).toEqual([]);
    expect(texts("probe syscall.read { pid()->|")).toEqual([]);
  });

  test.each([
    ['probe begin { @cast(p, "task_str|', "task_struct", "struct"],
    ['probe begin { @cast(f(1, 2), "struct dent|', "dentry", "struct"],
    ['probe begin { @cast(p, "task_struct", "ker|', "kernel", "module"],
    ['probe begin { @type_defined("inod|', "inode", "struct"],
    ['probe begin { @var("jiffie|', "jiffies", "variable"],
  ])("%s offers the %3$s %2$s", (text, name, type) => {
    // A kernel's type information need not tell of `jiffies`: then none of its kind is offered.
    const match = typed(text, name);
    if (name === "jiffies" && !match)
      expect(completed(text).matches.every((each) => each.type === "variable")).toBe(true);
    else expect(match).toMatchObject({ type });
  });
});

describe("names of the session and of the cell", () => {
  test.each([
    ["println(@twi|", "@twice", "macro", "(x)"],
    ["println(@container|", "@container_of", "macro", "(pointer, type, member)"],
    ["@define ours(a) %( @a %)\nprintln(@our|", "@ours", "macro", "defined in this cell"],
    ["global mine[10], other = 3\nprobe begin { oth|", "other", "global", "declared in this cell"],
    ["function f:string(a:long, b) { return a }\nprobe begin { f|", "f", "function", "(a:long, b):string"],
    ["probe readers { how_m|", "how_many", "variable", "set by the alias"],
    ["probe begin { first_thing = 3; fir|", "first_thing", "local", undefined],
    ["probe begin { foreach ([key_one, key_two] in x) { key_t|", "key_two", "local", undefined],
    ["function f(par_one) { return par_|", "par_one", "local", undefined],
    ["%( kernel_|", "kernel_vr", "condition", "the kernel's whole release"],
    ['%( arch == "x86_64" && guru|', "guru_mode", "condition", "1 where the cell may do harm"],
  ])("%s offers %s, a %s", (text, name, type, signature) => {
    expect(typed(text, name)).toEqual({ text: name, type, ...(signature === undefined ? {} : { signature }) });
  });

  test("locals are those of the handler around the cursor", () => {
    const code = "probe begin { inner_one = 1 }\nprobe end { inner_two = 2; inner_|; inner_three = 3 }";
    expect(texts(code)).toEqual(["inner_two", "inner_three"]);
    expect(texts("outer_one = 1\nprobe begin { outer_two = 1 }\noute|")).toEqual(["outer_one"]);
  });

  test("a string or a brace that is left open hinders nothing", () => {
    expect(texts('probe begin { printf("%d\nprint|')).toContain("println");
    expect(texts("probe begin { if (x { (tota|")).toContain("total");
  });
});

describe("magics", () => {
  test.each([
    ["%%trace ou|", "out=", "option"],
    [`%%trace out=${folder}/fi|`, `out=${folder}/first.csv`, "path"],
    [`%%bg name out=${folder}/fo|`, `out=${folder}/folder/`, "path"],
    ["%reset to|", "total", "global"],
    ["%limits MAXA|", "MAXACTION=", "limit"],
    ["%dump j|", "jit", "option"],
    ["%plot total as hea|", "heatmap", "option"],
    ["%watch @max(to|", "total", "global"],
    ["%watch total ev|", "every", "option"],
    ["%man subst|", "substr", "function"],
    ["%man fore|", "foreach", "keyword"],
    ["%probes syscall.getpp|", "syscall.getppid", "probe"],
    ["%examples lat|", "latency", "option"],
    ["%help tra|", "traces", "magic"],
  ])("%s offers %s", (text, name, type) => {
    expect(typed(text, name)).toMatchObject({ type });
  });

  test("files whose names start with a dot are offered to who writes the dot", () => {
    expect(texts(`%%trace out=${folder}/|`)).toEqual([`out=${folder}/first.csv`, `out=${folder}/folder/`]);
    expect(texts(`%%trace out=${folder}/.|`)).toEqual([`out=${folder}/.hidden`]);
  });

  test("traces that run are offered to what stops them", async () => {
    expect(texts("%stop |")).toEqual([]);
    const plain = new TestNotebook();
    await plain.run("%%bg waiting\nprobe timer.s(1000) { }");
    const { matches } = plain.notebook.complete("%stop w", 7);
    expect(matches).toEqual([{ text: "waiting", type: "trace" }]);
    await plain.close();
  });
});

test("offsets count code points behind characters of two units", () => {
  expect(completed('s = "😀𝒳"; probe kernel.trace("sched_swit|')).toMatchObject({ start: 16, end: 40 });
  expect(completed('probe begin { s = "𝒳"; @cast(0, "task_struct")->com|')).toMatchObject({ start: 48, end: 51 });
});
