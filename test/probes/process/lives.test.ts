/** Processes and threads that come and go while a script watches, and their system calls. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const traced = programs.build("traced", "-O1");
const other = programs.build("other", "-O1");

afterAll(() => programs.remove());

const END = 'probe end { foreach (text+ in seen) printf("%s: %d\\n", text, seen[text]) }';

/** One after the other, to their ends. */
async function run(path: string, times: number): Promise<void> {
  for (let turn = 0; turn < times; turn++) {
    const child = spawn(path, ["1"], { stdio: ["pipe", "ignore", "ignore"] });
    child.stdin.end("\n");
    await once(child, "close");
  }
}

test("of a program, told by its file", async () => {
  const script = `global seen
    probe process("${traced}").begin { seen["begin " . execname()]++ }
    probe process("${traced}").end { seen["end"]++ }
    probe process("${traced}").thread.begin { seen["thread begin"]++ }
    probe process("${traced}").thread.end { if (tid() != pid()) seen["thread end"]++ }
    ${END}`;
  const { printed, failures } = await traceProgram(script, [traced], {}, async () => {
    await run(traced, 3);
    await run(other, 2);
  });
  // One more had begun before and ended with the others.
  expect(printed).toBe("begin traced: 3\nend: 4\nthread begin: 4\nthread end: 4\n");
  expect(failures).toEqual([]);
});

test("of the target alone, and of all", async () => {
  const script = `global seen
    probe process.end { seen[pid() == target() ? "target" : "others"]++ }
    probe process.thread.begin { seen["thread"]++ }
    ${END}`;
  const { printed } = await traceProgram(script, [traced], {}, async () => run(other, 2));
  expect(printed).toBe("target: 1\nthread: 1\n");
});

test("system calls of a program by number, arguments and result", async () => {
  const getppid = process.arch === "x64" ? 110 : 173;
  const script = `global seen
    probe process("${traced}").syscall { if ($syscall == ${getppid}) seen["entry"]++ }
    probe process("${traced}").syscall.return {
      if ($syscall == ${getppid}) seen[sprintf("return %d", $return == ppid())]++
    }
    probe process.syscall.return { if ($syscall == 1 && $arg1 == 1) seen[sprintf("write %d", $return == $arg3)]++ }
    ${END}`;
  const { printed } = await traceProgram(script, [traced, "6"], {}, async () => run(other, 1));
  const write = process.arch === "x64" ? "write 1: 1\n" : "";
  expect(printed).toBe(`entry: 6\nreturn 1: 6\n${write}`);
});
