/** Variables and types of a program's own: `@var`, `$name`, `@cast`, in code that is moved and in code that is not. */
import { diagnosticsOf, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const SOURCES = ["variables.cpp", "variables_other.cpp"];
const moved = programs.compile("moved", SOURCES, ["-O2", "-g", "-pie", "-fPIE"]);
const fixed = programs.compile("fixed", SOURCES, ["-O0", "-g", "-no-pie"]);
const old = programs.compile("old", SOURCES, ["-O1", "-gdwarf-3", "-gstrict-dwarf", "-pie", "-fPIE"]);
const bare = programs.compile("bare", SOURCES, ["-O2"]);
const traced = programs.build("traced", "-O2", "-g", "-pie", "-fPIE");

afterAll(() => programs.remove());

const run = async (script: string, path: string): Promise<readonly string[]> => {
  const { printed, failures } = await traceProgram(script, [path, "3"]);
  expect(failures).toEqual([]);
  return printed.trimEnd().split("\n");
};

describe.each([
  ["moved", moved],
  ["at fixed addresses", fixed],
  ["described by DWARF 3", old],
])("%s", (_, path) => {
  test("variables by @var, of a file, and as $name", async () => {
    const script = `probe process("${path}").function("step") {
      printf("%d %d %d %d %d\\n", @var("shared_name"), @var("shared_name@variables_other.cpp"), $only_here,
        @var("everywhere", "${path}"), $everywhere)
    }`;
    expect(await run(script, path)).toEqual(
      [0, 1, 2].map((turn) => {
        const everywhere = 11 + (turn * (turn - 1)) / 2;
        return `${70000000000 + turn} ${900 + turn} ${turn} ${everywhere} ${everywhere}`;
      }),
    );
  });

  test("bitfields, unions, anonymous members, enumerations, arrays, base classes", async () => {
    const script = `probe process("${path}").function("step") {
      printf("%d %d %d %d | %#x %d | %d %d | %d %s | %d %d | %d %d %s %s %d\\n",
        @var("record")->inherited, $record->low, $record->high, $record->minus,
        $record_pointer->raw, $record->small, $record->left, $record->right,
        $record->colour, @enumname($record->colour), $record->inner->x, $record->inner->y,
        $record->rows[1][$turn > 0 ? 2 : 2]->x, $record->next->next->rows[1][2]->y,
        user_string($record->name), user_string(&$record->text), $record->flag)
    }`;
    expect(await run(script, path)).toEqual(
      [0, 1, 2].map((turn) =>
        [
          `${-turn} 5 ${1000 + turn} ${-turn - 1}`,
          `0x${(0x1234_56f0 + turn).toString(16)} ${0xf0 + turn - 256}`,
          "-7 250",
          turn % 2 === 0 ? "7 Green" : "200 Blue",
          `-3 ${2 ** 40}`,
          `${turn} 12 a name abcde 1`,
        ].join(" | "),
      ),
    );
  });

  test("@cast to its types, through functions, with lists of modules, and addresses", async () => {
    const script = `
      function far(p) { return @cast(p, "Record", "${path}")->inner->y }
      function through(p) { return p->next }
      probe process("${path}").function("step") {
        p = &$record
        printf("%d %d %d %d %d %d %d\\n", @cast($opaque, "Record")->high, @cast($opaque, "struct Record*", "kernel:${path}")->left,
          far($opaque), through(p)->right, p == $opaque, &@cast(0, "Record")->inner - &@cast(0, "struct Record", "${path}")->colour,
          @cast(&@var("numbers"), "unsigned short")[3])
      }`;
    // A number of four bytes, then what is aligned to eight.
    const distance = 4;
    expect(await run(script, path)).toEqual(
      [0, 1, 2].map((turn) => `${1000 + turn} -7 ${2 ** 40} 250 1 ${distance} 65535`),
    );
  });

  test("whole values as text", async () => {
    const script = `probe process("${path}").function("step") {
      if ($turn == 1) printf("%s|%s|%s\\n", $record->inner$, @var("numbers")$, $record$)
    }`;
    const [line = ""] = await run(script, path);
    expect(line.replace(/next=0x[0-9a-f]+/, "next=ADDRESS")).toBe(
      "{.x=-3, .y=1099511627776}|[1, 22, 333, 65535]|" +
        "{.inherited=-1, .low=5, .high=1001, .minus=-2, .raw=305420017, .small=-15, .left=-7, .right=250, .colour=200, " +
        '.inner={...}, .rows=[...], .name="a name", .text="abcde", .next=ADDRESS, .flag=1}',
    );
  });

  test("at the return of a function, and in a system call of the program", async () => {
    const script = `
      probe process("${path}").function("step").return { printf("%d %d\\n", @var("only_here"), @entry($only_here)) }
      probe process("${path}").syscall { if ($syscall == 231 || $syscall == 94) printf("at the end %d\\n", @var("only_here")) }
      probe process("${path}").end { printf("behind it %d\\n", $only_here) }`;
    expect(await run(script, path)).toEqual(["1 0", "2 1", "3 2", "at the end 3", "behind it 3"]);
  });
});

test("before Linux 6.6 a return does not tell of what: the kernel says where the program's code begins, and of libraries it says nothing", async () => {
  const old = { kernelRelease: "6.1.0" };
  const script = `probe process("${moved}").function("step").return { printf("%d %d\\n", @var("only_here"), @entry($only_here)) }`;
  const { printed, failures } = await traceProgram(script, [moved, "3"], old);
  expect([printed, failures]).toEqual(["1 0\n2 1\n3 2\n", []]);
  const library = `probe process("${traced}").library("libtraced.so").function("library_answer").return`;
  expect(diagnosticsOf(`${library} { println(@var("library_calls")) }`, old)).toEqual([
    expect.stringMatching(/where `.*libtraced\.so` has its `library_calls` is not known here: before Linux 6\.6/),
  ]);
  expect(diagnosticsOf(`${library} { println(@entry($library_calls)) }`, old)).toEqual([]);
});

test("variables of a library, at entries and returns", async () => {
  const script = `
    probe process("${traced}").library("libtraced.so").function("library_helper") { printf("%d ", $library_calls) }
    probe process("${traced}").library("libtraced.so").function("library_answer").return { printf("%d\\n", @var("library_calls", "libtraced.so")) }`;
  expect(await run(script, traced)).toEqual(["1 1", "2 2", "3 3"]);
});

test("without debug information, a variable has an address", async () => {
  const script = `probe process("${bare}").function("step") { println(@cast(&@var("everywhere"), "int")) }`;
  expect(await run(script, bare)).toEqual(["11", "11", "12"]);
});

test.each([
  [moved, `println(@var("shared_nme"))`, /neither .*moved. nor this kernel tells of a variable `shared_nme`/],
  [moved, `println($only_hree)`, /has no `\$only_hree`/],
  [moved, `println(@var("only_here@variables_other.cpp"))`, /`variables_other\.cpp` declares no variable `only_here`/],
  [moved, `println($record->hihg)`, /`struct Record` has no member `hihg`/],
  [moved, `println(@var("record")->inner->z)`, /`struct Inner` has no member `z`/],
  [moved, `println(@var("record")->rows[1]->x)`, /is `struct Inner\[3\]`, which has no members/],
  [moved, `println($record[1])`, /is `struct Record`, which has no elements/],
  [moved, `println(&$record->low)`, /is a bitfield/],
  [moved, `println($record)`, null],
  [moved, `println(@cast($opaque, "Recrd")->low)`, /neither `.*moved` nor this kernel has a type `Recrd`/],
  [moved, `println(@cast($opaque, "Recrd", "${moved}")->low)`, /^`.*moved` has no type `Recrd`/],
  [
    moved,
    `println(@cast($opaque, "Record", "/no/such/file")->low)`,
    /nothing is known of `\/no\/such\/file`: there is no file/,
  ],
  [moved, `println(@cast($opaque, "Record", "${bare}")->low)`, /bare` has no debug information/],
  [moved, `println(@cast($opaque, "sockaddr_un", "<sys/un.h>")->sun_family)`, /header <sys\/un\.h> are not read/],
  [moved, `println(@cast(task_current(), "task_struct", "kernel<linux/sched.h>")->pid)`, null],
  [
    moved,
    `println(@var("everywhere", "${traced}"))`,
    /`everywhere` of `.*traced` can be read only in probes on that file/,
  ],
  [moved, `println(@enumname($record->colour, "Color"))`, /nor this kernel has a type `Color`/],
  [moved, `println(@enum("Grene"))`, /no enumeration of `.*moved` and of this kernel has `Grene`/],
  [moved, `println(@enum("Blue"))`, null],
  [bare, `println(@var("everywhere"))`, /tells where its `everywhere` is, but no type of it/],
  [bare, `println(@var("everywher"))`, /neither .*bare. nor this kernel tells of a variable/],
])("%s: %s", (path, statement, message) => {
  const messages = diagnosticsOf(`probe process("${path}").function("step") { ${statement} }`);
  expect(messages).toEqual(message === null ? [] : [expect.stringMatching(message)]);
});

test("of variables of a name in several files, the probed function's own is meant, or it is asked which", () => {
  const ambiguous = `probe process("${moved}").function("main@variables.cpp") { println(@var("shared_name")) }
    probe process("${moved}").begin { println(@var("shared_name")) }`;
  expect(diagnosticsOf(ambiguous)).toEqual([expect.stringMatching(/has several variables `shared_name`/)]);
});

test("@defined asks for what is there", async () => {
  const script = `probe process("${moved}").function("step") {
    println(@defined($only_here), @defined($only_hree), @defined(@var("record")->low), @defined(@var("record")->lwo),
      @defined(@cast(0, "Record")->high), @defined(@cast(0, "Record", "/no/such")->high), @defined($of_thread))
  }`;
  expect(await run(script, moved)).toEqual(Array.from({ length: 3 }, () => "1010101"));
});
