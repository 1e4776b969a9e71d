import { type Clock, OutputBudget } from "../../kernel/protocol/budget.js";
import type { MimeBundle } from "../../kernel/protocol/interpreter.js";
import { type OutputMessage, OutputPacer } from "../../kernel/protocol/pacing.js";

/** A clock that stands still until it is advanced. */
class TestClock implements Clock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  /** Lets time pass, waking who has to be woken on the way. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      this.#timers.sort((a, b) => a.at - b.at);
      const next = this.#timers[0];
      if (!next || next.at > end) break;
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
  }
}

interface Sent {
  readonly at: number;
  readonly message: OutputMessage;
}

let clock: TestClock;
let sent: Sent[];
let pacer: OutputPacer;

beforeEach(() => {
  clock = new TestClock();
  sent = [];
  pacer = new OutputPacer(clock, new OutputBudget(clock), (message) => sent.push({ at: clock.now(), message }));
});

const bundle = (text: string): MimeBundle => ({ data: { "text/plain": text }, metadata: {} });
const texts = (name = "stdout"): string[] =>
  sent.flatMap(({ message }) => (message.kind === "stream" && message.name === name ? [message.text] : []));

const updates = (): [number, unknown][] =>
  sent.flatMap(({ at, message }) => (message.kind === "update" ? [[at, message.bundle.data["text/plain"]]] : []));

/** The server's own count: what is in the worst window of three seconds, bytes of streams as JSON. */
function worstWindow(): { bytes: number; messages: number } {
  const worst = { bytes: 0, messages: 0 };
  const sizes = sent.map(({ message }) => (message.kind === "stream" ? JSON.stringify(message).length : 0));
  let bytes = 0;
  let end = 0;
  sent.forEach(({ at }, first) => {
    for (; end < sent.length && (sent[end]?.at ?? 0) < at + 3000; end++) bytes += sizes[end] ?? 0;
    worst.bytes = Math.max(worst.bytes, bytes);
    worst.messages = Math.max(worst.messages, end - first);
    bytes -= sizes[first] ?? 0;
  });
  return worst;
}

describe("text", () => {
  test("the first is sent at once, what follows is gathered for 50 ms", () => {
    pacer.stream("stdout", "a");
    pacer.stream("stdout", "b");
    clock.advance(1);
    expect(texts()).toEqual(["ab"]);
    for (let index = 0; index < 1000; index++) {
      pacer.stream("stdout", ".");
      clock.advance(1);
    }
    clock.advance(50);
    expect(texts().join("")).toBe(`ab${".".repeat(1000)}`);
    expect(sent.length).toBeGreaterThanOrEqual(18);
    expect(sent.length).toBeLessThanOrEqual(22);
  });

  test("stdout and stderr keep their order", () => {
    pacer.stream("stdout", "1");
    pacer.stream("stderr", "2");
    pacer.stream("stdout", "3");
    clock.advance(1);
    expect(sent.map(({ message }) => message)).toEqual([
      { kind: "stream", name: "stdout", text: "1" },
      { kind: "stream", name: "stderr", text: "2" },
      { kind: "stream", name: "stdout", text: "3" },
    ]);
  });

  test("but not at any price: 10,000 turns do not make 10,000 messages", () => {
    const expected = { stdout: "", stderr: "" };
    for (let index = 0; index < 10_000; index++) {
      const name = index % 2 ? "stdout" : "stderr";
      pacer.stream(name, `${index} `);
      expected[name] += `${index} `;
    }
    clock.advance(1000);
    expect(texts("stdout").join("")).toBe(expected.stdout);
    expect(texts("stderr").join("")).toBe(expected.stderr);
    expect(sent.length).toBeLessThan(20);
  });

  test("is sent before a display, at once", () => {
    pacer.stream("stdout", "first");
    clock.advance(1);
    pacer.stream("stdout", "second");
    pacer.message({ kind: "display", bundle: bundle("third"), displayId: undefined });
    expect(sent.map(({ message }) => message.kind)).toEqual(["stream", "stream", "display"]);
    expect(texts()).toEqual(["first", "second"]);
  });

  test("a flood stays below nine tenths of what a server allows, in messages below 1 MB, and is complete", async () => {
    const line = `${"\u0001é𝒳\\".repeat(20)}\n`;
    const flood = line.repeat(60_000);
    pacer.stream("stdout", flood);
    let drained = false;
    void pacer.drain().then(() => (drained = true));
    clock.advance(60_000);
    await Promise.resolve();
    expect(drained).toBe(true);
    expect(texts().join("")).toBe(flood);
    expect(worstWindow().bytes).toBeLessThan(2_700_000);
    for (const text of texts()) {
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(1_000_000);
      expect(text.endsWith("\n")).toBe(true);
    }
    // And not slower than it has to be: 60 s would bear 45 MB, this is about 20.
    expect(sent.at(-1)?.at).toBeLessThan(40_000);
  });

  test("a long line is cut between characters", () => {
    const line = "x".repeat(65_535) + "𝒳".repeat(100_000);
    pacer.stream("stdout", line);
    clock.advance(10_000);
    expect(texts().length).toBeGreaterThan(3);
    for (const text of texts()) expect(Buffer.from(text).toString()).toBe(text);
    expect(texts().join("")).toBe(line);
  });
});

test("10,000 displays keep below the server's message rate, and their order", () => {
  for (let index = 0; index < 10_000; index++)
    pacer.message({ kind: "display", bundle: bundle(String(index)), displayId: undefined });
  clock.advance(20_000);
  expect(sent.map(({ message }) => message.kind === "display" && message.bundle.data["text/plain"])).toEqual(
    Array.from({ length: 10_000 }, (_, index) => String(index)),
  );
  expect(worstWindow().messages).toBeLessThanOrEqual(2_700);
  expect(sent.at(-1)?.at).toBeLessThan(15_000);
});

describe("updates", () => {
  test("one display is replaced at most four times a second, by the newest", () => {
    pacer.message({ kind: "display", bundle: bundle("0"), displayId: "a" });
    for (let index = 1; index <= 100; index++) {
      clock.advance(10);
      pacer.update("a", bundle(String(index)));
    }
    clock.advance(1000);
    expect(updates()).toEqual([
      [250, "24"],
      [500, "49"],
      [750, "74"],
      [1000, "99"],
      [1250, "100"],
    ]);
  });

  test("two displays do not wait for each other", () => {
    pacer.update("a", bundle("a1"));
    clock.advance(100);
    pacer.update("b", bundle("b1"));
    clock.advance(0);
    expect(updates()).toEqual([
      [0, "a1"],
      [100, "b1"],
    ]);
  });

  test("the last one is delivered by a drain", async () => {
    pacer.update("a", bundle("1"));
    clock.advance(10);
    pacer.update("a", bundle("2"));
    await pacer.drain();
    expect(updates()).toEqual([
      [0, "1"],
      [10, "2"],
    ]);
  });

  test("go on beside a flood of text", () => {
    pacer.message({ kind: "display", bundle: bundle("0"), displayId: "a" });
    pacer.stream("stdout", "x".repeat(5_000_000));
    for (let tenth = 0; tenth < 50; tenth++) {
      pacer.update("a", bundle(String(tenth)));
      clock.advance(100);
    }
    expect(updates().length).toBeGreaterThanOrEqual(10);
    expect(updates().length).toBeLessThanOrEqual(20);
  });

  test("of a display that is not yet sent takes its place", () => {
    for (let index = 0; index < 601; index++)
      pacer.message({ kind: "display", bundle: bundle("old"), displayId: `display ${index}` });
    pacer.update("display 600", bundle("new"));
    clock.advance(1000);
    expect(updates()).toEqual([]);
    expect(sent.at(-1)?.message).toMatchObject({ displayId: "display 600", bundle: { data: { "text/plain": "new" } } });
  });
});

test("two cells share one budget", () => {
  const budget = new OutputBudget(clock);
  for (const _cell of [1, 2])
    new OutputPacer(clock, budget, (message) => sent.push({ at: clock.now(), message })).stream(
      "stdout",
      "x".repeat(4_000_000),
    );
  clock.advance(30_000);
  expect(texts().join("").length).toBe(8_000_000);
  expect(worstWindow().bytes).toBeLessThan(2_700_000);
});

test("closing sends the rest at once and resolves who waits", async () => {
  pacer.stream("stdout", "x".repeat(3_000_000));
  const drained = pacer.drain();
  pacer.close();
  await drained;
  expect(texts().join("").length).toBe(3_000_000);
  expect(clock.now()).toBe(0);
});

describe("clearing", () => {
  const kinds = (): string[] => sent.map(({ message }) => (message.kind === "stream" ? message.text : message.kind));

  test("comes between what was shown and what is shown later", () => {
    pacer.stream("stdout", "old");
    pacer.message({ kind: "display", bundle: bundle("chart"), displayId: "a" });
    pacer.clear(true);
    pacer.stream("stdout", "new");
    clock.advance(1000);
    expect(kinds()).toEqual(["old", "display", "clear", "new"]);
  });

  test("a screen redrawn ten thousand times a second is sent as often as text is, its last state at last", () => {
    for (let frame = 0; frame < 10_000; frame++) {
      pacer.clear(true);
      pacer.stream("stdout", `frame ${frame}`);
      clock.advance(0.1);
    }
    clock.advance(1000);
    expect(sent.length).toBeLessThanOrEqual(2 * 21);
    expect(kinds().slice(-2)).toEqual(["clear", "frame 9999"]);
    for (const [index, kind] of kinds().entries()) expect(kind === "clear").toBe(index % 2 === 0);
  });
});
