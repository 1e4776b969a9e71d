/** `%cost`: what is said of probes before they run. */
import { WaitingWorkload } from "../native/workload.js";
import { TestNotebook, traceback } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

/** A line such as `syscall.read  12 k hits/s × 60 ns ≈ 0.1 % of a CPU`, in numbers. */
function readLine(text: string, point: string): { perSecond: number; nanoseconds: number; percent: string } {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${point} `));
  const match = /^\S+ +([\d.]+)( [kM])? hits\/s × (\d+) ns ≈ ((?:<?[\d.]+)) % of a CPU$/.exec(line ?? "");
  if (!match) throw new Error(`no line for ${point} in: ${text}`);
  const [, number, scale = "", nanoseconds, percent = ""] = match;
  const factor = { "": 1, " k": 1e3, " M": 1e6 }[scale] ?? Number.NaN;
  return { perSecond: Number(number) * factor, nanoseconds: Number(nanoseconds), percent };
}

describe("under a load of a known rate", () => {
  // Of a call that nobody else makes often: all of the machine's are counted.
  const RATE = 20_000;
  let load: WaitingWorkload;
  beforeEach(async () => {
    load = await WaitingWorkload.start("syscalls", "lseek", "--rate", String(RATE), "--count", "100000000");
    void load.run().catch(() => undefined);
  });
  afterEach(() => load.stop());

  test("hits are counted, multiplied by what each costs, and the cell does not run", async () => {
    await notebook.run("global before\nbefore = 3");
    const code =
      '%%cost\nglobal n\nprobe begin { before = 4; println("it runs") }\nprobe syscall.lseek { n[execname(), pid()]++ }\nprobe syscall.settimeofday { n["", 0]++ }';
    let asked = await notebook.run(code);
    // After the machine stood still for a while, the load makes up for the calls that it owes.
    for (let attempt = 0; attempt < 3 && readLine(asked.stdout, "syscall.lseek").perSecond >= RATE * 3; attempt++)
      asked = await notebook.run(code);
    const { outcome, stdout } = asked;
    expect(outcome.status).toBe("ok");
    expect(stdout).not.toContain("it runs");
    const { perSecond, nanoseconds, percent } = readLine(stdout, "syscall.lseek");
    // A machine that does much else may not let the load keep its pace, and others make this call, too.
    expect(perSecond).toBeGreaterThan(RATE / 20);
    expect(perSecond).toBeLessThan(RATE * 3);
    expect(nanoseconds).toBeGreaterThan(20);
    expect(nanoseconds).toBeLessThan(1000);
    const expected = (perSecond * nanoseconds) / 1e7;
    if (percent.startsWith("<")) expect(expected).toBeLessThan(0.06);
    else expect(Math.abs(Number(percent) - expected)).toBeLessThan(0.06 + expected * 0.05);
    expect(readLine(stdout, "syscall.settimeofday").perSecond).toBe(0);
    expect(stdout).toMatch(/^in all about <?[\d.]+ % of a CPU, <?[\d.]+ % of this machine's \d+, .*for \d+ ms\)$/m);
    const { result } = await notebook.run("before");
    expect(result?.data["text/plain"]).toBe("3");
  });

  test("more to do costs more", async () => {
    const cost = async (body: string): Promise<number> => {
      const { stdout } = await notebook.run(`%%cost\nglobal n, s\nprobe syscall.lseek { ${body} }`);
      return readLine(stdout, "syscall.lseek").nanoseconds;
    };
    const [little, more, most] = [
      await cost("n[1]++"),
      await cost("n[1]++; n[2]++; n[3]++"),
      await cost("n[1]++; n[2]++; n[3]++; s[backtrace()]++"),
    ];
    expect(more).toBeGreaterThan(little);
    expect(most).toBeGreaterThan(more);
  });
});

test("%cost says it first, and then the cell runs", async () => {
  const { stdout, outcome } = await notebook.run(
    '%%trace for=100ms\n%cost\nprobe begin { println("it runs") }\nprobe syscall.settimeofday { println("never") }',
  );
  expect(outcome.status).toBe("ok");
  expect(stdout).toMatch(/^syscall\.settimeofday +0 hits\/s[^]*it runs\n$/);
});

test("what is on no event costs nothing that could be counted", async () => {
  expect((await notebook.run("%%cost\nprobe timer.s(1) { }")).stdout).toBe(
    "no probe of this cell is on an event: it costs what it does\n",
  );
});

test("a mistake in the cell is told as ever", async () => {
  const cell = await notebook.run("%%cost\nprobe syscall.getppid { nonsense() }");
  expect(traceback(cell)[0]).toContain("there is no function `nonsense`");
  expect(traceback(await notebook.run("%%cost now\nprobe begin { }"))[0]).toBe("error: %%cost takes no argument");
});
