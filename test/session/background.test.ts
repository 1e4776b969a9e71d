/** `%%bg`, and the magics for what it starts. */
import { WaitingWorkload } from "../native/workload.js";
import { TestNotebook, traceback, WORKLOAD } from "./notebook.js";

let notebook: TestNotebook;
const waiting: WaitingWorkload[] = [];
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(async () => {
  await notebook.close();
  for (const program of waiting.splice(0)) program.stop();
});

const CALLS = 300;

async function workload(): Promise<WaitingWorkload> {
  const program = await WaitingWorkload.start("syscalls", "getppid", "--count", String(CALLS));
  waiting.push(program);
  return program;
}

function counting(name: string, { pid }: WaitingWorkload): string {
  return `%%bg ${name}\nglobal n_${name}; probe syscall.getppid { if (pid() == ${pid}) n_${name}++ }`;
}

async function texts(code: string): Promise<string> {
  const { outcome, stdout, shown } = await notebook.run(code);
  expect(outcome.status).toBe("ok");
  return stdout + shown.flatMap(([kind, text]) => (kind === "result" ? [text] : [])).join("");
}

test("the cell is done at once, its trace goes on, and other cells read what it gathers", async () => {
  const program = await workload();
  const cell = await notebook.run(counting("calls", program));
  expect(cell.outcome.status).toBe("ok");
  expect(await texts("n_calls")).toBe("0");
  await program.run();
  expect(await texts("n_calls")).toBe(String(CALLS));
  expect(await texts("%traces")).toMatch(
    new RegExp(
      `^calls \\(cell 1\\): running · events \\d+ · lost 0 .*\\n    syscall.getppid  by .*sys_enter  hits \\d+.*\\n$`,
    ),
  );
  expect(await texts("%stop calls")).toMatch(/^calls \(cell 1\): ended · events \d+ · lost 0 .*\n$/);
  // Its results stand where the cell is.
  expect(cell.shown.map(([, text]) => text)).toEqual([
    `n_calls=${CALLS}`,
    expect.stringMatching(/^events \d+ · lost 0/),
  ]);
  expect(await texts("%traces")).toBe("no trace runs in the background\n");
});

test("two traces run at the same time, and each stops alone", async () => {
  const program = await workload();
  await notebook.run(counting("one", program));
  await notebook.run(counting("two", program));
  await notebook.run("%stop one");
  await program.run();
  expect(await texts("%traces")).toMatch(/^two \(cell 2\): running/);
  expect(await texts("n_two")).toBe(String(CALLS));
  expect(await texts("n_one")).toBe("0");
  await notebook.run("%stop *");
  expect(await texts("%traces")).toBe("no trace runs in the background\n");
});

test("what happens while a trace is paused is not counted", async () => {
  const [first, second] = [await workload(), await workload()];
  await notebook.run(
    `%%bg calls\nglobal n; probe syscall.getppid { if (pid() == ${first.pid} || pid() == ${second.pid}) n++ }`,
  );
  await notebook.run("%pause calls");
  expect(await texts("%traces")).toMatch(/^calls \(cell 1\): paused · events/);
  await first.run();
  await notebook.run("%resume calls");
  await second.run();
  expect(await texts("n")).toBe(String(CALLS));
});

test("a name is used again, and a cell is run again: the earlier trace ends first", async () => {
  const program = await workload();
  const code = counting("calls", program);
  const first = await notebook.run(code, { cellId: "a" });
  const second = await notebook.run(code.replace("%%bg calls", "%%bg other"), { cellId: "a" });
  expect(first.bundles.length).toBeGreaterThan(0);
  expect(await texts("%traces")).toMatch(/^other \(cell 2\)/);
  await notebook.run(code.replace("%%bg calls", "%%bg other"), { cellId: "b" });
  expect(second.bundles.length).toBeGreaterThan(0);
  expect(await texts("%traces")).toMatch(/^other \(cell 4\)/);
});

test("mistakes are told in the reply, and nothing is left running", async () => {
  expect(traceback(await notebook.run("%%bg calls\nprobe syscall.nonsense { n++ }"))[0]).toMatch(
    /there is no system call nonsense/,
  );
  expect(traceback(await notebook.run("%%bg\nprobe timer.s(1) { }"))[0]).toMatch(/%%bg needs a name/);
  expect(traceback(await notebook.run("%%bg calls for=never\nprobe timer.s(1) { }"))[0]).toMatch(
    /%%bg does not understand `for=never`/,
  );
  expect(traceback(await notebook.run("%stop nothing"))).toEqual([
    "error: no trace nothing runs in the background",
    "hint: none runs",
  ]);
  expect(await texts("%traces")).toBe("no trace runs in the background\n");
});

test("%reset ends the traces that run, with their results, before it forgets what they use", async () => {
  const cell = await notebook.run(
    '%%bg ticking\nglobal n\nprobe timer.ms(10) { n["ticks"]++ }\nprobe syscall.settimeofday { n["set"]++ }',
  );
  const watched = await notebook.run("%watch n every 250ms");
  // Long enough for displays to have begun to move.
  await new Promise((resolve) => setTimeout(resolve, 1300));
  const { outcome, stderr } = await notebook.run("%reset");
  expect(outcome.status).toBe("ok");
  expect(stderr).toBe("The trace of cell 1 was stopped: %reset forgets what it uses.\n");
  expect(await texts("%traces\n%globals")).toBe("no trace runs in the background\nno globals yet\n");
  const [last] = cell.updates.slice(-1).map(([, { data }]) => String(data["text/plain"]));
  expect(last).toMatch(/^events \d+ · lost 0/);
  const frames = watched.updates.length;
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(watched.updates).toHaveLength(frames);
});

test("an error after the reply is told in the cell's output", async () => {
  const cell = await notebook.run('%%bg fails\nprobe timer.ms(50) { error("too late") }');
  expect(cell.outcome.status).toBe("ok");
  for (let wait = 0; wait < 1000 && !cell.shown.some(([kind]) => kind === "stderr"); wait++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(cell.shown).toContainEqual(["stderr", expect.stringMatching(/ERROR: too late near/)]);
});

test("displays move where they stand while a trace runs, and keep the last word", async () => {
  const program = await workload();
  let frames = 0;
  const cell = await new Promise<{ ended: ReturnType<TestNotebook["run"]> }>((resolve) => {
    const ended = notebook.run(
      `%%trace for=3s\nglobal n; probe syscall.getppid { if (pid() == ${program.pid}) n[1]++ }\nprobe timer.ms(10) {}`,
      {},
      undefined,
      () => {
        if (frames++ === 0) resolve({ ended });
      },
    );
  });
  await program.run();
  const { bundles, updates } = await cell.ended;
  const displays = [...new Set(updates.map(([id]) => id))];
  const histories = displays.map((display) =>
    updates.filter(([id]) => id === display).map(([, { data }]) => String(data["text/plain"])),
  );
  // The table of n, and the status.
  expect(histories.map((history) => history.length > 1)).toEqual([true, true]);
  const [table = [], status = []] = histories;
  expect(table[0]).not.toContain(String(CALLS));
  expect(table.at(-1)).toContain(String(CALLS));
  expect(status[0]).toMatch(/^running \d\.\d of 3 s · \d+ events · \d+\/s\n/);
  // Each probe has a rate of its own: a hundred times a second, and what a timer misses it makes up for.
  const ticks = status.flatMap((text) => /\btimer\.ms\(10\) (\d+)\/s/.exec(text)?.[1] ?? []).map(Number);
  expect(ticks).toHaveLength(status.length - 1);
  const mean = ticks.reduce((sum, rate) => sum + rate, 0) / ticks.length;
  expect(mean).toBeGreaterThan(80);
  expect(mean).toBeLessThan(120);
  expect(status.at(-1)).toMatch(/^events \d+ · lost 0 · .* · [3-9]\.\d s$/);
  // Each is one output of the saved notebook.
  expect(bundles).toHaveLength(2);
  // At most four a second.
  expect(status.length).toBeLessThanOrEqual(2 + 4 * 2);
});

describe("%probe", () => {
  test("what happens while a probe is off it does not see, and the others go on", async () => {
    const programs = [await workload(), await workload(), await workload()];
    const mine = programs.map(({ pid }) => `pid() == ${pid}`).join(" || ");
    // Their bits fill the low half of the word.
    const others = Array.from({ length: 40 }, () => "probe syscall.lseek { seeks++ }").join("\n");
    await notebook.run(
      `%%bg two\nglobal off, always, seeks\n${others}\nprobe syscall.getppid { if (${mine}) off++ }\nprobe syscall.getppid.return { if (${mine}) always++ }`,
    );
    await programs[0]!.run();
    expect(await texts("%probe syscall.getppid off\n%traces")).toMatch(/ {4}syscall\.getppid {2}by .* · off$/m);
    await programs[1]!.run();
    expect(await texts("off")).toBe(String(CALLS));
    await notebook.run("%pause two\n%resume two");
    expect(await texts("%traces")).toMatch(/ {4}syscall\.getppid {2}by .* · off$/m);
    expect(await texts("%probe syscall.getppid on\n%traces")).not.toContain("· off");
    await programs[2]!.run();
    expect(await texts("off")).toBe(String(2 * CALLS));
    expect(await texts("always")).toBe(String(3 * CALLS));
  });

  test("each of many handlers has its switch, and beyond 64 of them the last ones have none", async () => {
    const probes = Array.from({ length: 70 }, (_, index) => `probe syscall.getppid, syscall.read { n[${index}]++ }`);
    await notebook.run(`%%bg many\nglobal n\n${probes.join("\n")}`);
    const { outcome } = await notebook.run("%probe syscall.read off");
    expect(outcome).toMatchObject({
      status: "error",
      error: { message: "many has too many probes for syscall.read to have a switch of its own" },
    });
  });

  test("a timer can be switched off too", async () => {
    await notebook.run("%%bg ticking\nglobal ticks\nprobe timer.ms(20) { ticks++ }");
    await notebook.run("%probe timer.ms(20) off");
    const before = await texts("ticks");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await texts("ticks")).toBe(before);
  });
});

describe("max=", () => {
  const flood = `'${WORKLOAD} syscalls getppid --count 2000000000'`;
  const script = "global n; probe syscall.getppid { if (pid() == target()) n[execname(), argstr]++ }";

  test("a trace whose probes cost more than is allowed is ended, its command with it, and its last line says so", async () => {
    const cell = await notebook.run(`%%trace for=60s max=0.01% -c ${flood}\n${script}`);
    expect(cell.outcome.status).toBe("ok");
    const [, last] = cell.shown.at(-1)!;
    expect(last).toMatch(/ · stopped at [\d.]+ % of the machine \(max <0\.1 %\) · /);
    const { fidelity } = cell.bundles.at(-1)!.metadata["tapbook"] as { fidelity: Record<string, unknown> };
    const { share, maxShare } = fidelity["overload"] as { share: number; maxShare: number };
    expect(maxShare).toBeCloseTo(0.0001, 9);
    expect(share).toBeGreaterThan(maxShare);
    expect(fidelity["seconds"]).toBeLessThan(30);
  });

  test("one that stays below runs to its end", async () => {
    const cell = await notebook.run(`%%trace for=1200ms max=100% -c ${flood}\n${script}`);
    expect(cell.shown.at(-1)![1]).not.toContain("stopped");
  });
});
