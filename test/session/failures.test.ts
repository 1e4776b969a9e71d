/** Errors of the machine in words, and that no kind of failure leaves anything in the kernel. */
import { loadNative, type EngineError, type Native, type NativeProgram } from "../../kernel/tracing/native.js";
import { TestNotebook, traceback, WORKLOAD } from "./notebook.js";

const native = loadNative();

/** As the addon throws it. */
function engineError(
  properties: Pick<EngineError, "errno" | "code" | "operation"> & { readonly verifierLog?: string },
): EngineError {
  return Object.assign(new Error(`cannot ${properties.operation}: ${properties.code} (so it is)`), {
    name: "EngineError" as const,
    ...properties,
  });
}

/** The engine of this machine with one of its functions replaced. */
function nativeWith(replaced: Partial<Native>): Native {
  return Object.assign(Object.create(native) as Native, replaced);
}

const SCRIPT = `global seen, total
probe syscall.getppid {
  if (execname() == "tapfailure") seen[name]++
}
probe begin { total["begin"] = 1 }`;

async function linesOf(engine: Native): Promise<string[]> {
  const notebook = new TestNotebook(engine);
  try {
    return traceback(await notebook.run(SCRIPT));
  } finally {
    await notebook.close();
  }
}

const refusesToLoad =
  (error: EngineError): Native["loadProgram"] =>
  (options) => {
    if (options.name === "tapbook_probe") return native.loadProgram(options);
    throw error;
  };

describe("what the machine refuses", () => {
  const denied = engineError({ errno: 1, code: "EPERM", operation: 'load program "sys_enter"' });

  test("a missing capability is named, with its purpose and how to grant it", async () => {
    const lines = await linesOf(
      nativeWith({ loadProgram: refusesToLoad(denied), capabilities: () => ["CAP_PERFMON"] }),
    );
    expect(lines[0]).toBe('error: cannot load program "sys_enter": EPERM (so it is)');
    expect(lines[1]).toBe("This process lacks CAP_BPF (to load eBPF programs).");
    expect(lines[2]).toMatch(/^hint: run the Jupyter server as root, or .* setcap cap_bpf\+ep .*node/);
    expect(lines).toHaveLength(3);
  });

  test("with all capabilities it is a policy, which is respected", async () => {
    const lines = await linesOf(
      nativeWith({ loadProgram: refusesToLoad(denied), capabilities: () => ["CAP_SYS_ADMIN"] }),
    );
    expect(lines[1]).toMatch(/security policy .*lockdown.* respects/);
    expect(lines).toHaveLength(2);
  });

  test("a refusal by the verifier shows one sentence, the line of the script, and the end of the log", async () => {
    // The instruction that increments `seen` is somewhere behind the comparison; the last line of all belongs to the block.
    const lastSlot = await lastInstruction();
    const log = `0: R1=ctx() R10=fp0\n0: (79) r6 = *(u64 *)(r1 +8)\n${lastSlot}: (0f) r1 += r2\nR1 pointer arithmetic prohibited\nprocessed 12 insns (limit 1000000)\n`;
    const refused = engineError({ errno: 13, code: "EACCES", operation: 'load program "sys_enter"', verifierLog: log });
    const lines = await linesOf(nativeWith({ loadProgram: refusesToLoad(refused) }));
    expect(lines[1]).toMatch(/^The kernel's verifier did not accept .*please report it/);
    expect(lines[2]).toMatch(/^ --> cell 1:3:\d+$/);
    expect(lines[3]).toBe('3 |   if (execname() == "tapfailure") seen[name]++');
    expect(lines.slice(-6)).toEqual(["The end of the verifier's log:", ...log.trimEnd().split("\n")]);
  });

  /** A slot of the program that the increment has become: the last that has a line of the script. */
  async function lastInstruction(): Promise<number> {
    let slots = 0;
    const measuring = nativeWith({
      loadProgram: (options) => {
        if (options.name !== "tapbook_probe") slots = options.instructions.length / 8;
        return native.loadProgram(options);
      },
    });
    const notebook = new TestNotebook(measuring);
    const running = notebook.run(`%%trace for=50ms\n${SCRIPT}`);
    expect((await running).outcome.status).toBe("ok");
    await notebook.close();
    return slots - 1;
  }

  test("anything else is a defect of ours, and says so", async () => {
    const lines = await linesOf(
      nativeWith({
        loadProgram: () => {
          throw new TypeError("out of cheese");
        },
      }),
    );
    expect(lines[0]).toMatch(/defect of Tapbook: please report/);
    expect(lines[1]).toBe("TypeError: out of cheese");
  });
});

describe("nothing is left in the kernel", () => {
  let notebook: TestNotebook;
  const open = (): number => native.openHandles();

  /** Waits until a cell that runs has opened something. */
  async function opensMoreThan(before: number): Promise<void> {
    while (open() <= before) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Handles that a cell leaves open, beyond those that were open before it. */
  async function left(code: string, engine: Native = native, wanted = "MachineError"): Promise<number> {
    const before = open();
    notebook = new TestNotebook(engine);
    const { outcome } = await notebook.run(code);
    expect(outcome.status === "error" ? outcome.error.name : "ok").toBe(wanted);
    const after = open();
    await notebook.close();
    expect(open()).toBe(before);
    return after - before;
  }

  const NO_GLOBALS = 'probe syscall.getppid { if (execname() == "tapfailure") exit() }\nprobe begin { }';
  const refusal = engineError({ errno: 22, code: "EINVAL", operation: "attach" });

  test("of a cell that does not compile", async () => {
    expect(await left("global n\nprobe syscall.getppid { n[1] = nonsense() }", native, "SemanticError")).toBe(0);
  });

  test("of a cell that the kernel does not load", async () => {
    expect(await left(NO_GLOBALS, nativeWith({ loadProgram: refusesToLoad(refusal) }))).toBe(0);
  });

  test("of a cell whose second program is not loaded", async () => {
    let loads = 0;
    const second: Native["loadProgram"] = (options) => {
      if (options.name !== "tapbook_probe" && ++loads === 2) throw refusal;
      return native.loadProgram(options);
    };
    expect(await left(`${NO_GLOBALS}\nprobe syscall.getppid.return { }`, nativeWith({ loadProgram: second }))).toBe(0);
    expect(loads).toBe(2);
  });

  test("of a cell that cannot attach", async () => {
    let attachments = 0;
    const unattachable: Native["loadProgram"] = (options) => {
      const program = native.loadProgram(options);
      const attach: NativeProgram["attach"] = (how) => {
        if (++attachments === 2) throw refusal;
        return program.attach(how);
      };
      return {
        id: program.id,
        name: program.name,
        verifierLog: program.verifierLog,
        statistics: () => program.statistics(),
        testRun: (how) => program.testRun(how),
        attach,
        close: () => program.close(),
      };
    };
    expect(
      await left(`${NO_GLOBALS}\nprobe syscall.getppid.return { }`, nativeWith({ loadProgram: unattachable })),
    ).toBe(0);
    expect(attachments).toBe(2);
  });

  test("of a cell whose ring buffer cannot be opened", async () => {
    const openRingBuffer = (): never => {
      throw refusal;
    };
    expect(await left(NO_GLOBALS, nativeWith({ openRingBuffer }))).toBe(0);
  });

  test("of a cell that fails in begin, or aborts, beyond its globals", async () => {
    expect(await left(`${NO_GLOBALS}\nprobe begin(1) { println(1 / 0) }`, native, "ScriptError")).toBe(0);
    expect(await left(`${NO_GLOBALS}\nprobe begin(1) { abort() }`, native, "ok")).toBe(0);
    expect(
      await left(
        'global n\nprobe syscall.getppid { if (execname() == "tapfailure") n["k"]++ }\nprobe begin { println(1 / 0) }',
        native,
        "ScriptError",
      ),
    ).toBe(1);
  });

  test("of a cell that fails in a probe or is interrupted twice", async () => {
    const command = `%%trace -c '${WORKLOAD} syscalls getppid --count 3 --name tapfailure'\n`;
    expect(
      await left(
        `${command}probe syscall.getppid { if (execname() == "tapfailure") println(1 / (pid() - pid())) }`,
        native,
        "ScriptError",
      ),
    ).toBe(0);
    const before = open();
    notebook = new TestNotebook();
    const running = notebook.run(`${NO_GLOBALS}\nprobe end { system("sleep 20") }`);
    await opensMoreThan(before);
    notebook.notebook.interrupt();
    notebook.notebook.interrupt();
    expect((await running).outcome.status).toBe("error");
    expect(open()).toBe(before);
    await notebook.close();
  });

  test("of a notebook that is shut down while a cell runs", async () => {
    const before = open();
    notebook = new TestNotebook();
    const running = notebook.run(`global n\n${NO_GLOBALS.replace("exit()", 'n["k"]++')}`);
    await opensMoreThan(before);
    await notebook.close();
    await notebook.close();
    await running;
    expect(open()).toBe(before);
  });
});
