/** What a cell shows, in which order, and what stays with it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { plainTexts, TestNotebook, traceback, WORKLOAD, type CellResult } from "./notebook.js";

let notebook: TestNotebook;
let folder: string;
beforeAll(() => {
  notebook = new TestNotebook();
  folder = mkdtempSync(join(tmpdir(), "tapbook-session-"));
});
afterAll(async () => {
  await notebook.close();
  rmSync(folder, { recursive: true });
});

const getppid = (count: number, name: string): string =>
  `%%trace -c '${WORKLOAD} syscalls getppid --count ${count} --name ${name}'`;

/** Consecutive texts of a stream are one: how they are cut is the wire's affair. */
function shown(cell: CellResult): string[] {
  const pieces: [string, string][] = [];
  for (const [kind, text] of cell.shown) {
    const last = pieces.at(-1);
    if (last && last[0] === kind && kind.startsWith("std")) last[1] += text;
    else pieces.push([kind, text]);
  }
  return pieces.map(([kind, text]) => `${kind}: ${text.split("\n").slice(0, 2).join("/")}`);
}

/** A process that has ended may still be waited for. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** A process that was sent a signal takes a moment to end. */
async function hasEnded(pid: string): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; isRunning(pid) && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return !isRunning(pid);
}

describe("the order", () => {
  test("text and charts as they come, unread globals, the result, and how far to trust it", async () => {
    const cell = await notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count 20 --name taporder > /dev/null'
global h, seen, x = 4
probe syscall.getppid { if (execname() == "taporder") { seen[name]++; h <<< 1 } }
probe begin { println("first"); h <<< 5; print(@hist_log(h)); println("second") }
probe end { println("third") }
x + 1`);
    expect(cell.outcome.status).toBe("ok");
    // Where the machine is slow, the table of `seen` and how the trace fares are displays that move before "third" is printed.
    const kinds = shown(cell).filter((kind) => !kind.startsWith("display: running"));
    expect(kinds[0]).toBe("stdout: first/");
    expect(kinds[1]).toMatch(/^display: value \|-+ count/);
    expect(kinds[2]).toMatch(/^stdout: second\//);
    const between = kinds.slice(2, -2).map((kind) => kind.replace(/ +/g, " "));
    expect([
      ["stdout: second/third", "display: seen/key value"],
      ["stdout: second/", "display: seen/key value", "stdout: third/"],
    ]).toContainEqual(between);
    expect(kinds.at(-2)).toBe("result: 5");
    expect(kinds.at(-1)).toMatch(/^display: events \d+ · lost 0/);
  });

  test("a cell that traces nothing has no such line, and no provenance", async () => {
    const cell = await notebook.run('global t\nprobe begin { t["a"] = 1 }');
    expect(plainTexts(cell)).toEqual([expect.stringMatching(/^t\nkey/)]);
    expect(cell.bundles[0]!.metadata).toEqual({});
  });

  test("warnings of the compiler and of the script are said once", async () => {
    const cell = await notebook.run('probe begin { for (i = 0; i < 3; i++) { warn("careful"); warn("é") } }');
    expect(cell.stderr).toBe("WARNING: careful\nWARNING: é\n");
  });

  test("a character may lie across two prints", async () => {
    expect(
      (await notebook.run('print("\\303"); print("\\251"); print_char(0xe2); print_char(0x82); print_char(0xac)'))
        .stdout,
    ).toBe("é€");
  });

  test("half a character at the end is not lost without a trace", async () => {
    expect((await notebook.run('print("a\\303")')).stdout).toBe("a\uFFFD");
  });

  test("a silent cell shows nothing and is not remembered", async () => {
    const cell = await notebook.run('println("unheard"); 3', { silent: true });
    expect(cell.outcome.status).toBe("ok");
    expect(cell.shown).toEqual([]);
  });
});

describe("errors while a script runs", () => {
  test("are said once, in the reply, with the line; what was gathered is shown before", async () => {
    const cell = await notebook.run(`global n
function divide(d) { return 10 / d }
probe begin {
  n["seen"] = 3
  println(divide(0))
}`);
    expect(cell.stderr).toBe("");
    expect(plainTexts(cell)[0]).toMatch(/^n\nkey.*\n.*\nseen +3/);
    const [first, ...excerpt] = traceback(cell);
    const executionCount = /cell (\d+):/.exec(first!)![1];
    expect(first).toMatch(
      /^ERROR: division by 0 near operator '\/' at cell \d+:2:32 \(called from cell \d+:5:11\) in probe begin$/,
    );
    expect(excerpt).toEqual([
      ` --> cell ${executionCount}:2:32`,
      "2 | function divide(d) { return 10 / d }",
      "  |                                ^",
    ]);
  });

  test("in a probe on events", async () => {
    const cell = await notebook.run(`${getppid(5, "taperror")}
global n
probe syscall.getppid { if (execname() == "taperror") { n++; println(10 / (n - 2)) } }`);
    expect(cell.stderr).toBe("");
    const lines = traceback(cell);
    expect(lines[0]).toMatch(/^ERROR: division by 0 near operator '\/' at cell \d+:3:73 in probe syscall\.getppid$/);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatch(/^ {2}\| +\^+$/);
    expect(plainTexts(cell).at(-1)).toMatch(/errors 1\b/);
    expect(cell.stdout).toContain("-10\n");
  });

  test("in what is displayed", async () => {
    await notebook.run("global none");
    const cell = await notebook.run('println("before"); 1 / 0');
    expect(cell.stdout).toBe("before\n");
    expect(cell.result).toBeNull();
    expect(traceback(cell)[0]).toMatch(/^ERROR: division by 0 near operator '\/' at cell \d+:1:22$/);
  });

  test("in an assignment that computes", async () => {
    const cell = await notebook.run("probe begin { n = 7; zero = 0; n %= zero }");
    expect(traceback(cell)[0]).toMatch(/^ERROR: division by 0 near operator '%=' at cell \d+:1:34 in probe begin$/);
  });
});

describe("commands", () => {
  test("say what they say, and how they ended where that was badly", async () => {
    expect(await notebook.run("!echo out; echo err >&2")).toMatchObject({
      stdout: "out\n",
      stderr: "err\n",
      outcome: { status: "ok" },
    });
    expect((await notebook.run("!exit 3")).stderr).toBe("(exit status 3)\n");
    const unknown = await notebook.run("!no-such-command-here");
    expect(unknown.stderr).toMatch(/not found/);
    expect(unknown.stderr).toMatch(/\(exit status 127\)\n$/);
    expect(unknown.outcome.status).toBe("ok");
  });

  test("an interrupt ends a command and all that it started, and the script behind it does not run", async () => {
    // Long beyond what a test may last.
    const command = '!sleep 300 & echo $!; sleep 300\nprintln("not reached")';
    const cell = await notebook.run(command, {}, () => notebook.notebook.interrupt());
    expect(cell.outcome).toMatchObject({ status: "error", error: { name: "Interrupted" } });
    expect(cell.stdout).toMatch(/^\d+\n$/);
    expect(await hasEnded(cell.stdout.trim())).toBe(true);
  });

  test("what a command leaves running does not keep its cell", async () => {
    const cell = await notebook.run("!sleep 300 & echo $!");
    expect(cell.stdout).toMatch(/^\d+\n$/);
    expect(isRunning(cell.stdout.trim())).toBe(true);
    process.kill(Number(cell.stdout));
  });

  test("a traced command that cannot be found ends its cell, with what the shell says", async () => {
    const cell = await notebook.run(
      "%%trace -c no-such-command-here\nglobal n\nprobe syscall.getppid { if (pid() == target()) n++ }",
    );
    expect(cell.stderr).toMatch(/not found\n.*WARNING: Child process exited with status 127\n$/s);
    expect(cell.outcome.status).toBe("ok");
  });

  test("a traced command ends with its cell", async () => {
    const cell = await notebook.run(
      "%%trace for=1s -c 'echo $$; sleep 300; echo no'\nglobal n\nprobe syscall.getppid { if (pid() == target()) n++ }",
    );
    expect(cell.stderr).toBe("");
    const pid = cell.stdout.trim();
    expect(pid).toMatch(/^\d+$/);
    expect(await hasEnded(pid)).toBe(true);
  });

  test("system() runs behind its handler, before the results", async () => {
    const cell = await notebook.run(
      'global n\nprobe begin { n["k"] = 1; system("echo from the shell; exit 4"); println("first") }',
    );
    expect(shown(cell)).toEqual(["stdout: first/from the shell", "display: n/key  value"]);
  });
});

describe("interrupts", () => {
  const waiting =
    'global n\nprobe syscall.getppid { if (execname() == "tapnobody") n["k"]++ }\nprobe begin { println("begun") }\nprobe end { println("the end") }';

  test("the first is ^C to stap: end probes run, results are shown, the reply is ok", async () => {
    const cell = await notebook.run(waiting, {}, (text) => {
      if (text === "begun\n") notebook.notebook.interrupt();
    });
    expect(cell.outcome.status).toBe("ok");
    expect(cell.stdout).toBe("begun\nthe end\n");
    expect(plainTexts(cell).at(-1)).toMatch(/^events/);
  });

  test("the second ends what the first could not", async () => {
    const cell = await notebook.run(
      'probe timer.s(100) { }\nprobe begin { println("begun") }\nprobe end { println("ending"); system("sleep 300") }',
      {},
      () => notebook.notebook.interrupt(),
    );
    expect(cell.stdout).toBe("begun\nending\n");
    expect(cell.outcome).toMatchObject({ status: "error", error: { name: "Interrupted" } });
  });

  test("abort() ends the cell without its end probes, and is no failure", async () => {
    const cell = await notebook.run(
      'global n\nprobe begin { n = 3; println("begin"); abort() }\nprobe end { println("end") }',
    );
    expect(shown(cell)).toEqual(["stdout: begin/"]);
    expect(cell.outcome.status).toBe("ok");
  });

  test("with nothing running nothing happens, and the next cell runs", async () => {
    notebook.notebook.interrupt();
    expect((await notebook.run('println("fine")')).stdout).toBe("fine\n");
  });
});

describe("%%trace", () => {
  test("for= ends the trace in time", async () => {
    const start = performance.now();
    const cell = await notebook.run('%%trace for=300ms\nprobe timer.s(100) { }\nprobe end { println("done") }');
    expect(cell.stdout).toBe("done\n");
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  });

  test("-x of a process that is not there is refused, and nothing is attached", async () => {
    const { outcome } = await notebook.run("%%trace -x 4194304\nprobe syscall.read { }");
    expect(outcome).toMatchObject({ status: "error", error: { message: "there is no process 4194304" } });
  });

  test("-x is target()", async () => {
    expect((await notebook.run("%%trace -x 1\nprintln(target())")).stdout).toBe("1\n");
  });

  test("out= keeps all that is printed, in bytes", async () => {
    const path = join(folder, "whole.txt");
    const cell = await notebook.run(`%%trace out=${path}\nfor (i = 0; i < 60000; i++) println("é", i)`);
    const expected = Array.from({ length: 60_000 }, (_, index) => `é${index}\n`).join("");
    expect(readFileSync(path, "utf8") === expected).toBe(true);
    expect(cell.stdout.startsWith("é0\né1\n")).toBe(true);
    expect(cell.stdout).toContain(`\n… 9800 lines (`);
    expect(cell.stdout).toContain(`all are in ${path}`);
    expect(cell.stdout.endsWith("é59998\né59999\n")).toBe(true);
  });

  test("out= that cannot be written is said before anything runs", async () => {
    const cell = await notebook.run(`%%trace out=${folder}/no/such/file\nprintln("not run")`);
    expect(cell.stdout).toBe("");
    expect(cell.outcome).toMatchObject({
      status: "error",
      error: { name: "MagicError", message: expect.stringContaining("ENOENT") },
    });
  });

  test("a file system that is full is said, and the trace goes on", async () => {
    const cell = await notebook.run('%%trace out=/dev/full\nprintln("shown")');
    expect(cell.stdout).toBe("shown\n");
    expect(cell.stderr).toMatch(/^WARNING: \/dev\/full is incomplete: ENOSPC/);
    expect(cell.outcome.status).toBe("ok");
  });
});

describe("a command that the cell ends itself is no failure of the command", () => {
  test.each([
    ["by its time limit", "%%trace -c 'sleep 100' for=300ms\nprobe end { println(1) }"],
    ["by exit()", "%%trace -c 'sleep 100'\nprobe timer.ms(300) { exit() } probe end { println(1) }"],
  ])("%s", async (_, code) => {
    const { stdout, stderr, outcome } = await notebook.run(code);
    expect({ stdout, stderr, status: outcome.status }).toEqual({ stdout: "1\n", stderr: "", status: "ok" });
  });
});

describe("provenance", () => {
  test("stays with a global that a trace has written, until something else writes it", async () => {
    const provenance = async (code: string): Promise<unknown> => {
      const { result } = await notebook.run(code);
      return (result!.metadata["tapbook"] as { provenance?: { probes: unknown } } | undefined)?.provenance;
    };
    const trace = `${getppid(3, "taporigin")}
global n probe syscall.getppid { if (execname() == "taporigin") n++ }`;
    await notebook.run(trace);
    expect(await provenance("n")).toMatchObject({ probes: [{ point: "syscall.getppid" }] });
    await notebook.run("n = 7");
    expect(await provenance("n")).toBeUndefined();
    await notebook.run(trace);
    await notebook.run("%reset n");
    expect(await provenance("n")).toBeUndefined();
  });

  test("is with every output of the cell that comes from the trace", async () => {
    const text = `global h, seen
probe syscall.getppid { if (execname() == "tapprove") { seen[name]++; h <<< 3 } }
probe end { print(@hist_log(h)) }
seen`;
    const before = Date.now();
    const cell = await notebook.run(`${getppid(4, "tapprove")}\n${text}`);
    expect(cell.bundles.length).toBeGreaterThanOrEqual(3);
    for (const { metadata } of cell.bundles) {
      const { provenance } = metadata["tapbook"] as { provenance: Record<string, unknown> };
      expect(provenance).toMatchObject({
        kernelRelease: release(),
        // The magic's line is blank in the script.
        scriptHash: createHash("sha256").update(`\n${text}`).digest("hex"),
        probes: [{ point: "syscall.getppid", mechanism: expect.stringContaining("sys_enter") }],
      });
      const [start, end] = [Date.parse(String(provenance["start"])), Date.parse(String(provenance["end"]))];
      expect(start).toBeGreaterThanOrEqual(before - 1);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(Date.now()).toBeGreaterThanOrEqual(end);
    }
  });
});
