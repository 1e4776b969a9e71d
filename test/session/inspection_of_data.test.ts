/** Help on what this machine knows: functions and how they can be probed, tracepoints, types, aliases. At a `|` in the text. */
import { TracedPrograms } from "../probes/process/programs.js";
import { TestNotebook } from "./notebook.js";
import { permissiveNative } from "./permissive.js";

const programs = new TracedPrograms();
const traced = programs.build("traced", "-O0", "-g");

let open: TestNotebook;
let here: TestNotebook;
beforeAll(async () => {
  open = new TestNotebook(permissiveNative());
  here = new TestNotebook();
  await open.run(
    "@define twice(x) %( (2 * @x) %)\nglobal counts, sizes\nprobe readers = syscall.read, syscall.pread64 { size = 3 }",
  );
  await open.run('counts["a"] = 3; counts["b"] = 9; counts["c"] = 1; sizes <<< 4; sizes <<< 6');
});
afterAll(async () => {
  await open.close();
  await here.close();
  programs.remove();
});

function page(text: string, detail: 0 | 1 = 0, notebook = open): { plain: string; markdown: string } {
  const offset = text.indexOf("|");
  const code = text.slice(0, offset) + text.slice(offset + 1);
  const bundle = notebook.notebook.inspect(code, Array.from(text.slice(0, offset)).length, detail);
  return { plain: String(bundle?.data["text/plain"]), markdown: String(bundle?.data["text/markdown"]) };
}

describe("a kernel function", () => {
  // The prototype has been this for ten years; BTF tells no const and no __user.
  const PROTOTYPE = "ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos);";

  test("its prototype, how it is probed here, at what cost, and its parameters", () => {
    const { plain, markdown } = page('probe kernel.function("vfs_re|ad") { }');
    expect(plain).toContain(PROTOTYPE);
    expect(plain).toContain("Attached here by fentry of vfs_read. A hit costs about 8 ns");
    expect(plain).toMatch(/^ {2}\$file:struct file\* +Parameter file/m);
    expect(markdown).toContain(`\`\`\`c\n${PROTOTYPE}\n\`\`\``);
  });

  test("at its return it is dearer, and brings what it returns", () => {
    const { plain } = page('probe kernel.function("vfs_read").ret|urn { }');
    expect(plain).toContain("Attached here by fexit of vfs_read. A hit costs about 15 ns");
    expect(plain).toMatch(/^ {2}\$return:ssize_t /m);
  });

  test("where the machine lets nobody probe functions, what was tried and what to do instead", () => {
    const { plain } = page('probe kernel.function("vfs_re|ad") { }', 0, here);
    expect(plain).toContain(PROTOTYPE);
    // A machine that allows it says how.
    expect(plain).toMatch(/Cannot be probed here: .*functions\s+cannot be probed.*fentry:|Attached here by/s);
  });

  test("of a pattern, how many there are, and what those have in common", () => {
    const { plain } = page('probe kernel.function("vfs_writ|e*") { }');
    expect(plain).toMatch(/Stands for \d+ points: .*kernel\.function\("vfs_write"\)/);
    expect(plain).toContain("The first of them alone: Attached here by fentry of vfs_write");
    expect(page('probe kernel.function("|*") { }').plain).toContain("Stands for 200 points or more: ");
  });

  test("a function that is not there is not made up", () => {
    expect(page('probe kernel.function("vfs_reaad|") { }').plain).toContain(
      'Did you mean kernel.function("vfs_read")?',
    );
  });
});

test("a tracepoint's arguments have the kernel's types", () => {
  const { plain } = page('probe kernel.trace("sched_sw|itch") { }');
  expect(plain).toMatch(/^ {2}\$prev:struct task_struct\* /m);
  expect(plain).toContain("Attached here by tracepoint sched_switch.");
});

test("a program's function: its prototype and place from debug information", () => {
  const { plain } = page(`probe process("${traced}").function("inner_st|ep") { }`);
  expect(plain).toMatch(/inner_step\(.*\); \/\* .*traced\.cpp:\d+ \*\//);
});

test("an alias: its definition, what it stands for, and its variables", () => {
  const { plain } = page("probe read|ers { }");
  expect(plain).toContain("An alias that stands for 2 probes.");
  expect(plain).toContain("probe readers = syscall.read, syscall.pread64 { size = 3 }");
  expect(plain).toMatch(/^ {2}size +A variable that the alias sets\./m);
  expect(plain).toMatch(/^ {2}argstr:string /m);
});

describe("data", () => {
  test("a variable with a type shows the struct that it points to, with offsets on request", () => {
    const text = 'probe kernel.function("vfs_read") { println($fi|le) }';
    expect(page(text).plain).toMatch(/^struct file \{\n/m);
    expect(page(text).plain).toMatch(/\/\* … \d+ more \*\//);
    expect(page(text, 1).plain).toMatch(/^ {2}loff_t f_pos; +\/\* \d+ \*\/$/m);
    expect(page(text, 1).plain).not.toContain("more */");
  });

  test("a member: its type, and where in which struct it lies", () => {
    const { plain } = page('probe kernel.trace("sched_switch") { $prev->co|mm }', 1);
    expect(plain).toMatch(/^comm: char\[16\]\n\nA member of struct task_struct, at byte \d+\./);
    expect(page('probe kernel.function("vfs_read") { $file->f_path->den|try }').plain).toMatch(/^struct dentry \{$/m);
  });

  test("a type in quotes", () => {
    const { plain, markdown } = page('probe begin { @cast(0, "list_h|ead") }');
    expect(plain).toBe(
      "struct list_head\n\nstruct list_head {\n  struct list_head *next;\n  struct list_head *prev;\n}; /* 16 bytes */\n\nA type of this kernel.",
    );
    expect(markdown).toContain("```c\nstruct list_head {");
    expect(page('probe begin { @cast(0, "struct hlist_he|ad", "kernel") }').plain).toContain(
      "struct hlist_node *first;",
    );
    expect(page('println("list_h|ead")').plain).toBe("undefined");
  });
});

describe("names", () => {
  test("a global shows its largest rows and how many there are", () => {
    const { plain } = page("coun|ts");
    expect(plain).toContain("Elements: 3.");
    expect(plain.indexOf("b")).toBeLessThan(plain.length);
    expect(plain).toMatch(/\bb\b[^\n]*9/);
    expect(page("siz|es").plain).toContain("Values: 2.");
  });

  test("a macro shows what it stands for", () => {
    expect(page("@twi|ce(3)").plain).toMatch(/^@twice\(x\)\n\nA macro, defined in cell 1, line 1\./);
    expect(page("@twi|ce(3)", 1).plain).toContain("%( ( 2 * @x ) %)");
    expect(page("@container_o|f(a, b, c)").plain).toMatch(/^@container_of\(pointer, type, member\)/);
  });

  test.each([
    ["sizes <|<< 3", "STATISTIC <<< VALUE"],
    ["sizes <<<| 3", "STATISTIC <<< VALUE"],
    ['if (a =|~ "b") { }', 'TEXT =~ "PATTERN"'],
    ["%|( arch == 1 %? 1 %)", "%( CONDITION %? TEXT %: OTHER %)"],
    ["@ent|ry(x)", "@entry(EXPRESSION)"],
    ["@percen|tile(x, 99)", "@percentile(STATISTIC, PERCENT)"],
  ])("%s", (text, title) => {
    expect(page(text).plain.startsWith(title)).toBe(true);
  });

  test("a magic's options, also at an option", () => {
    for (const text of ["%%tra|ce for=1s", "%%trace fo|r=1s"]) {
      const { plain } = page(text);
      expect(plain).toMatch(/^%%trace /);
      expect(plain).toMatch(/^ {2}for= +ends after so long/m);
    }
  });
});
