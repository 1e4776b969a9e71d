/** Real events on all CPUs at once: what handlers count is what the workload says it did, to the last one. */
import { availableParallelism } from "node:os";
import { SCRATCH_MAP } from "../../kernel/compiler/compiled.js";
import { Session } from "../../kernel/session/session.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { loadNative } from "../../kernel/tracing/native.js";
import type { Trace } from "../../kernel/tracing/trace.js";
import { WaitingWorkload } from "../native/workload.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const THREADS = 8;
/** Of each thread: ten million of all. */
const CALLS = 1_250_000;

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

test("ten million additions of eight threads on all CPUs, and others from user space meanwhile, all count", async () => {
  const words = ["threads", "--threads", String(THREADS), "--count", String(CALLS)];
  const workload = await WaitingWorkload.start(...words);
  const session = new Session({ native, catalogue, mode: "script" });
  try {
    const trace = prepare(
      session,
      `global x, same, own, s, each_s, distinct, on
       probe syscall.getppid {
         if (pid() != ${workload.pid}) next
         x++; same["k", 1]++; own[tid()] += 2; on[cpu()]++
         s <<< 3; each_s[tid()] <<< own[tid()]; distinct[own[tid()] % 100, tid()]++
       }`,
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
    const report = await workload.run();
    clearInterval(meanwhile);
    trace.stop();
    const { fidelity } = await trace.finished;
    const total = BigInt(THREADS * CALLS);
    expect(report.calls).toEqual({ getppid: THREADS * CALLS });
    expect(fromHere).toBeGreaterThan(2000n);
    expect(store("x").get([])).toBe(total + fromHere);
    expect(store("same").get(["k", 1n])).toBe(total + fromHere);
    expect(store("s").getStatistic([])).toMatchObject({
      count: total + fromHere,
      sum: 3n * (total + fromHere),
      min: 3n,
      max: 3n,
    });
    const threads = store("own").entries();
    expect(threads).toHaveLength(THREADS);
    for (const { key, value } of threads) {
      expect(value).toBe(BigInt(2 * CALLS));
      // 2 + 4 + … + 2,500,000
      expect(store("each_s").getStatistic(key)).toMatchObject({
        count: BigInt(CALLS),
        min: 2n,
        max: BigInt(2 * CALLS),
        sum: BigInt(CALLS) * BigInt(CALLS + 1),
      });
      for (let rest = 0n; rest < 100n; rest += 2n)
        expect(store("distinct").get([rest, ...key])).toBe(BigInt(CALLS / 50));
    }
    const onEachCpu = store("on").entries();
    expect(onEachCpu.length).toBeGreaterThanOrEqual(Math.min(2, availableParallelism()));
    expect(onEachCpu.reduce((sum, { value }) => sum + BigInt(value), 0n)).toBe(total);
    expect(fidelity).toMatchObject({ lost: 0n, mapFull: 0n, errors: 0n });
  } finally {
    session.close();
  }
}, 120_000);

test("eight threads on all CPUs find room in full arrays that wrap, and each keeps the newest", async () => {
  const count = 20_000;
  const workload = await WaitingWorkload.start("threads", "--threads", String(THREADS), "--count", String(count));
  const session = new Session({ native, catalogue, mode: "script" });
  try {
    const trace = prepare(
      session,
      `global calls, latest%[${THREADS}], texts%[3], sizes%[5]
       probe syscall.getppid {
         if (pid() != ${workload.pid}) next
         n = ++calls[tid()]
         latest[tid(), n] = n; texts[tid(), n] = execname(); sizes[tid(), n] <<< n
       }`,
    );
    trace.start();
    await workload.run();
    trace.stop();
    const { fidelity } = await trace.finished;
    const entries = (name: string) => session.globals.get(name)!.store.entries();
    expect(fidelity).toMatchObject({ lost: 0n, mapFull: 0n, errors: 0n });
    expect(entries("calls").map(({ value }) => value)).toEqual(Array(THREADS).fill(BigInt(count)));
    expect(entries("latest")).toHaveLength(THREADS);
    expect(entries("texts")).toHaveLength(3);
    expect(entries("sizes")).toHaveLength(5);
    // Whoever came last inserted last.
    const last = entries("latest").at(-1)!;
    expect(last.key[1]).toBe(BigInt(count));
    expect(entries("texts").at(-1)?.key[1]).toBe(BigInt(count));
    expect(entries("sizes").at(-1)?.statistic).toMatchObject({ count: 1n, sum: BigInt(count) });
  } finally {
    workload.stop();
    session.close();
  }
}, 120_000);

test("a handler whose scratch memory is wider than per-CPU maps grant counts its hits on all CPUs", async () => {
  const workload = await WaitingWorkload.start("threads", "--threads", "4", "--count", "2000");
  const session = new Session({ native, catalogue, mode: "script" });
  try {
    const names = Array.from({ length: 50 }, (_, index) => `s${index}`);
    const texts = names.map((name, index) => `${name} = text . "${index}"`).join("; ");
    const uses = names.map((name) => `strlen(${name})`).join(" + ");
    const trace = prepare(
      session,
      `global text, hits, lengths
       probe begin { text = "a" }
       probe syscall.getppid { if (pid() == ${workload.pid}) { text .= ""; ${texts}; lengths += ${uses}; hits++ } }`,
    );
    expect(session.lastScript?.maps.find(({ name }) => name === SCRATCH_MAP)?.type).toBe("array");
    trace.start();
    await workload.run();
    trace.stop();
    const { fidelity } = await trace.finished;
    const number = (name: string) => session.globals.get(name)!.store.get([]);
    expect(number("hits")).toBe(8000n);
    // "a0" to "a9" and "a10" to "a49".
    expect(number("lengths")).toBe(8000n * BigInt(10 * 2 + 40 * 3));
    expect(fidelity).toMatchObject({ lost: 0n, errors: 0n });
    expect(Number(fidelity.events)).toBeGreaterThanOrEqual(8000);
  } finally {
    workload.stop();
    session.close();
  }
}, 120_000);

afterAll(() => expect(native.openHandles()).toBe(openBefore));
