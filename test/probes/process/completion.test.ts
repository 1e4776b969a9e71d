/** What completion offers and `tapbook list` shows of a program, and which program a command is. */
import { catalogue } from "../../../kernel/session/catalogue.js";
import { listPoints } from "../../../kernel/session/point_list.js";
import { processFamily } from "../../../kernel/probes/process/family.js";
import { Session } from "../../../kernel/session/session.js";
import { loadNative } from "../../../kernel/tracing/native.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const traced = programs.build("traced", "-O2", "-g");
// What the session holds open of the program is closed with it.
const session = new Session({ native: loadNative(), catalogue, mode: "script" });
const machine = session.target(0);

afterAll(() => {
  session.close();
  programs.remove();
});

const complete = (prefix: string): readonly string[] => processFamily.complete!(prefix, machine);

test("completion", () => {
  const head = `process("${traced}")`;
  expect(complete("proc")).toEqual(['process("', "process."]);
  expect(complete(`${head}.th`)).toEqual([`${head}.thread.begin`, `${head}.thread.end`]);
  expect(complete(`${head}.function("inner`)).toEqual([`${head}.function("inner_step")`]);
  expect(complete(`${head}.mark("`)).toEqual(
    ["counted", "counter", "operands", "text"].map((name) => `${head}.mark("${name}")`),
  );
  expect(complete(`${head}.library("libtraced.so").function("library_`)).toEqual(
    ["answer", "helper"].map((name) => `${head}.library("libtraced.so").function("library_${name}")`),
  );
  expect(complete('process("/no/such/file").function("m')).toEqual([]);
});

test("lists, with variables and their types", () => {
  const list = (pattern: string): readonly string[] =>
    [...listPoints(pattern, catalogue, machine)].map(({ point, variables }) =>
      [point.replace(/^process\("[^"]*"\)/, ""), ...variables].join(" "),
    );
  const [total] = list(`process("${traced}").function("item_t*")`);
  expect(total).toMatch(/^\.function\("item_total"\) \$item:struct Item\* \$factor:int /);
  const [marked] = list(`process("${traced}").provider("traced").mark("text")`);
  expect(marked).toMatch(/^\.provider\("traced"\)\.mark\("text"\) \$arg1:long \$arg2:long /);
  expect(list(`process("${traced}").plt("library_*")`)[0]).toMatch(/^\.plt\("library_answer"\)/);
});

describe("the command's program", () => {
  const attached = (targetProgram: string) => {
    const session = new Session({ native: loadNative(), catalogue, mode: "script" });
    try {
      const script = 'probe process.function("inner_step") {}';
      const compiled = session.compile(script, { name: "test.stp", targetPid: process.pid, targetProgram });
      return {
        attach: compiled.script?.programs[0]?.attach,
        messages: compiled.diagnostics.map(({ message }) => message),
      };
    } finally {
      session.close();
    }
  };

  test("is meant by a bare process, though its process is a shell's as yet", () => {
    expect(attached(traced)).toMatchObject({ attach: { path: traced }, messages: [] });
  });

  test("is asked for where only a shell knows it", () => {
    expect(attached("").messages[0]).toContain("that command is for a shell to read");
  });
});
