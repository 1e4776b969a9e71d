/** Real events on all CPUs at once: what handlers count is what the workload says it did, to the last one. */
import { availableParallelism } from "node:os";
import { Session } from "../../kernel/session/session.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { loadNative } from "../../kernel/tracing/native.js";
import type { Trace } from "../../kernel/tracing/trace.js";
import { WaitingWorkload } from "../native/workload.js";

const native = loadNative();
const CALLS = 1_000_000;
const PROCESSES = Math.max(2, Math.min(4, availableParallelism()));

function prepare(session: Session, text: string): Trace {
  const compiled = session.compile(text, { name: "<script>" });
  const { script } = compiled;
  if (!script) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
  const sink = {
    print: () => undefined,
    warn: () => undefined,
    histogram: () => undefined,
    failure: ({ message }: { message: string }) => {
      throw new Error(message);
    },
  };
  return session.prepare({ ...compiled, script }, sink, async () => undefined);
}

test("additions from several CPUs and from user space at once all count", async () => {
  const workloads = await Promise.all(
    Array.from({ length: PROCESSES }, () => WaitingWorkload.start("syscalls", "getppid", "--count", String(CALLS))),
  );
  const pids = workloads.map(({ pid }) => `pid() == ${pid}`).join(" || ");
  const session = new Session({ native, catalogue, mode: "script" });
  try {
    const trace = prepare(
      session,
      `global x, same, own, s, each_s, distinct
       probe syscall.getppid { if (${pids}) { x++; same["k", 1]++; own[pid()] += 2; s <<< 3; each_s[pid()] <<< own[pid()]; distinct[own[pid()] % 100, pid()]++ } }`,
    );
    trace.start();
    const store = (name: string) => session.globals.get(name)!.store;
    let fromHere = 0n;
    const meanwhile = setInterval(() => {
      for (let index = 0; index < 2000; index++) {
        store("same").add(["k", 1n], 1n);
        store("x").add([], 1n);
        store("s").record([], 3n);
        fromHere++;
      }
    }, 5);
    await Promise.all(workloads.map((workload) => workload.run()));
    clearInterval(meanwhile);
    trace.stop();
    const { fidelity } = await trace.finished;
    const total = BigInt(PROCESSES * CALLS);
    expect(fromHere).toBeGreaterThan(2000n);
    expect(store("x").get([])).toBe(total + fromHere);
    expect(store("same").get(["k", 1n])).toBe(total + fromHere);
    expect(store("s").getStatistic([])).toMatchObject({
      count: total + fromHere,
      sum: 3n * (total + fromHere),
      min: 3n,
      max: 3n,
    });
    for (const { pid } of workloads) {
      expect(store("own").get([BigInt(pid)])).toBe(BigInt(2 * CALLS));
      // 2 + 4 + … + 2,000,000
      expect(store("each_s").getStatistic([BigInt(pid)])).toMatchObject({
        count: BigInt(CALLS),
        min: 2n,
        max: BigInt(2 * CALLS),
        sum: BigInt(CALLS) * BigInt(CALLS + 1),
      });
      for (let rest = 0n; rest < 100n; rest += 2n)
        expect(store("distinct").get([rest, BigInt(pid)])).toBe(BigInt(CALLS / 50));
    }
    expect(fidelity).toMatchObject({ lost: 0n, mapFull: 0n, errors: 0n });
  } finally {
    session.close();
  }
}, 120_000);

afterAll(() => expect(native.openHandles()).toBe(0));
