/** Scripts with hundreds of attachments: they come and go in the background, and nothing outlives them. */
import { execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { catalogue } from "../../kernel/session/catalogue.js";
import { ScriptRun } from "../../kernel/session/script_run.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative, type Native } from "../../kernel/tracing/native.js";
import { plainTexts, TestNotebook, traceback, WORKLOAD, workloadReport } from "./notebook.js";

const native = loadNative();
const PROBES = 100;
const LINKS = PROBES * native.onlineCpus();

/** So rare that they count nothing; each is an event of its own on every CPU. */
const rareEvents = Array.from(
  { length: PROBES },
  (_, index) => `probe perf.type(1).config(0).sample(${900_000_000_000 + index}) { if (pid() == target()) rare++ }`,
).join("\n");
const script = `global rare, calls
${rareEvents}
probe syscall.getppid { if (pid() == target()) calls++ }`;

/** The programs that were attached in the background, and what is left of their links, as bpftool tells. */
class Attached {
  readonly programs = new Set<number>();

  count(): number {
    const shown = JSON.parse(execFileSync("bpftool", ["link", "show", "-j"], { encoding: "utf8" })) as {
      prog_id: number;
    }[];
    return shown.filter(({ prog_id }) => this.programs.has(prog_id)).length;
  }
}

function observed(attached: Attached, change: Partial<Native>): Native {
  const { attachMany } = { ...native, ...change };
  return {
    ...native,
    ...change,
    attachMany: (attachments, onProgress) => {
      for (const { program } of attachments) attached.programs.add(program.id);
      return attachMany(attachments, onProgress);
    },
  };
}

async function inNotebook(changed: Native, work: (notebook: TestNotebook) => Promise<void>): Promise<void> {
  const before = native.openHandles();
  const notebook = new TestNotebook(changed);
  try {
    await work(notebook);
  } finally {
    await notebook.close();
  }
  expect(native.openHandles()).toBe(before);
}

test("an interrupt while they are attached leaves none, and the script has not run", async () => {
  const attached = new Attached();
  const interrupting: Native = observed(attached, {
    attachMany: (attachments, onProgress) =>
      native.attachMany(attachments, (done) => {
        onProgress?.(done);
        notebooks[0]?.notebook.interrupt();
      }),
  });
  const notebooks: TestNotebook[] = [];
  await inNotebook(interrupting, async (notebook) => {
    notebooks.push(notebook);
    const handles = native.openHandles();
    const cell = await notebook.run(`${script}\nprobe begin { println("begun") } probe end { println("ended") }`);
    expect(traceback(cell)).toEqual(["The cell was interrupted while its probes were attached: it has not run."]);
    expect(cell.stdout).toBe("");
    expect(attached.programs.size).toBe(PROBES + 1);
    expect(attached.count()).toBe(0);
    expect(native.openHandles()).toBe(handles);
    // What it declared is not known: it never ran.
    const later = await notebook.run("calls");
    expect(later.outcome.status).toBe("error");
  });
});

test("a refusal of one lets go of the others", async () => {
  const attached = new Attached();
  const refusing: Native = observed(attached, {
    attachMany: (attachments, onProgress) => {
      const [first, ...others] = attachments;
      const none = { mechanism: "tracepoint", group: "syscalls", name: "none" } as const;
      return native.attachMany([...others, { program: first!.program, options: none }], onProgress);
    },
  });
  await inNotebook(refusing, async (notebook) => {
    const cell = await notebook.run(script);
    expect(cell.outcome).toMatchObject({ status: "error", error: { name: "MachineError" } });
    expect(attached.count()).toBe(0);
  });
});

test("they count every call; progress is told, and the cell is over when they are gone, behind its results", async () => {
  const attached = new Attached();
  let areGone = false;
  const slow: Native = observed(attached, {
    attachMany: (attachments, onProgress) => {
      const attaching = native.attachMany(attachments, onProgress);
      const done = attaching.done.then((outcomes) => wait(800, outcomes));
      return { done, cancel: () => attaching.cancel() };
    },
    closeMany: async (links, onProgress) => {
      await native.closeMany(links, onProgress);
      await wait(800);
      areGone = true;
    },
  });
  await inNotebook(slow, async (notebook) => {
    const cell = await notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count 300'\n${script}`);
    expect(cell.outcome.status).toBe("ok");
    expect(areGone).toBe(true);
    expect(attached.count()).toBe(0);
    const shown = plainTexts(cell);
    const all = `${LINKS + 1}`;
    const position = (text: string): number => shown.findIndex((candidate) => candidate.startsWith(text));
    expect(shown[0]).toMatch(new RegExp(`^attaching \\d+ of ${all} probes$`));
    expect(workloadReport(cell.stdout).calls["getppid"]).toBe(300);
    expect(shown).toContain("calls=300");
    expect(position("detaching ")).toBeGreaterThan(position("calls=300"));
    // What told of it is gone when it is done.
    const last = new Map(cell.updates.map(([id, { data }]) => [id, data["text/plain"]]));
    expect([...last.values()].filter((text) => /taching/.test(String(text)))).toEqual([]);
  });
});

describe("from the command line", () => {
  async function runScript(changed: Native, begin: (run: ScriptRun) => void = () => undefined) {
    const before = native.openHandles();
    let [stdout, stderr] = ["", ""];
    const run = new ScriptRun({
      session: new Session({ native: changed, catalogue, mode: "script" }),
      source: { name: "many.stp", text: `${script}\nprobe begin { println("begun") } probe timer.ms(1) { exit() }` },
      output: {
        stdout: (text) => (stdout += text),
        stderr: (text) => (stderr += text),
        flushed: () => Promise.resolve(),
        descriptor: 1,
      },
      alwaysShowFidelity: false,
    });
    begin(run);
    const status = await run.run();
    expect(native.openHandles()).toBe(before);
    return { status, stdout, stderr };
  }

  test("^C while they are attached leaves none, and the script has not run", async () => {
    const attached = new Attached();
    let interrupt: () => void = () => undefined;
    const interrupting = observed(attached, {
      attachMany: (attachments, onProgress) =>
        native.attachMany(attachments, (done) => {
          onProgress?.(done);
          interrupt();
          interrupt = () => undefined;
        }),
    });
    const told = await runScript(interrupting, (run) => (interrupt = () => run.interrupt()));
    expect(told).toEqual({
      status: 1,
      stdout: "",
      stderr: "Interrupted while its probes were attached: the script has not run.\n",
    });
    expect(attached.programs.size).toBe(PROBES + 1);
    expect(attached.count()).toBe(0);
  });

  test("a line tells how far it is when that takes more than a second, and the run is over when all are gone", async () => {
    const attached = new Attached();
    let areGone = false;
    const slow = observed(attached, {
      attachMany: (attachments, onProgress) => {
        const attaching = native.attachMany(attachments);
        const done = attaching.done.then(async (outcomes) => {
          await wait(1100);
          onProgress?.(20);
          onProgress?.(30);
          return outcomes;
        });
        return { done, cancel: () => attaching.cancel() };
      },
      closeMany: async (links, onProgress) => {
        await native.closeMany(links, onProgress);
        await wait(300);
        areGone = true;
      },
    });
    const { status, stdout, stderr } = await runScript(slow);
    expect(areGone).toBe(true);
    expect(stderr).toBe(`attaching 20 of ${LINKS + 1} probes\n`);
    expect([status, stdout]).toEqual([0, "begun\nrare=0\ncalls=0\n"]);
    expect(attached.count()).toBe(0);
  });
});
