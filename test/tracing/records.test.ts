/** Batches made by hand, byte for byte as compiled.ts says that programs send them. */
import type { PrintSite } from "../../kernel/compiler/compiled.js";
import { parseFormat, type FormatPiece } from "../../kernel/compiler/text/format.js";
import { HeldOutput } from "../../kernel/tracing/held_output.js";
import { readRecords } from "../../kernel/tracing/records.js";

function pieces(format: string): readonly FormatPiece[] {
  const parsed = parseFormat(format);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return parsed.pieces;
}

const SITES: readonly PrintSite[] = [
  {
    kind: "format",
    pieces: pieces("%d %s;"),
    arguments: [{ kind: "long" }, { kind: "bytes", size: 16 }],
    stream: "stdout",
  },
  {
    kind: "format",
    pieces: pieces("[%s|%s|%x]"),
    arguments: [{ kind: "bytes", size: 64 }, { kind: "bytes", size: 512 }, { kind: "long" }],
    stream: "stderr",
  },
  {
    kind: "format",
    pieces: pieces("%s."),
    arguments: [{ kind: "names", set: { id: "calls", names: new Map([[39, "getpid"]]) } }],
    stream: "stdout",
  },
];

const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
const i64 = (...values: bigint[]): Buffer => Buffer.from(BigInt64Array.from(values).buffer);
const padded = (text: string, size: number): Buffer => Buffer.concat([Buffer.from(text, "latin1")], size);
/** A text longer than 32 bytes' buffer: its length, its bytes with terminator, up to a whole word. */
const long = (text: string): Buffer =>
  Buffer.concat([i64(BigInt(text.length)), padded(text, Math.ceil((text.length + 1) / 8) * 8)]);

function entry(site: number, ...data: Buffer[]): Buffer {
  const content = Buffer.concat(data);
  return Buffer.concat([u32(site, content.length), content]);
}

function record(...data: Buffer[]): Buffer {
  const content = Buffer.concat(data);
  return Buffer.concat([u32(content.length, 0), content], 8 + Math.ceil(content.length / 8) * 8);
}

function read(...records: Buffer[]): unknown[] {
  const events: unknown[] = [];
  // At an odd place of a larger buffer, as batches may come.
  const batch = Buffer.concat([Buffer.alloc(8), ...records]).subarray(8);
  readRecords(batch, SITES, {
    output: (handler, text, stream) => events.push(["output", handler, text, stream]),
    error: (handler, site, number, text) => events.push(["error", handler, site, number, text]),
    exit: (handler) => events.push(["exit", handler]),
    abort: (handler) => events.push(["abort", handler]),
  });
  return events;
}

test("one record holds several prints of one handler", () => {
  const output = record(
    u32(1, 7),
    entry(0, i64(-5n), padded("abc", 16)),
    entry(2, i64(39n)),
    entry(0, i64(6n), padded("", 16)),
  );
  expect(read(output)).toEqual([
    ["output", 7, "-5 abc;", "stdout"],
    ["output", 7, "getpid.", "stdout"],
    ["output", 7, "6 ;", "stdout"],
  ]);
});

test("long texts take the room they need", () => {
  expect(read(record(u32(1, 0), entry(1, long("a".repeat(40)), long(""), i64(255n))))).toEqual([
    ["output", 0, `[${"a".repeat(40)}||ff]`, "stderr"],
  ]);
  expect(read(record(u32(1, 0), entry(1, long("1234567"), long("12345678"), i64(1n))))).toEqual([
    ["output", 0, "[1234567|12345678|1]", "stderr"],
  ]);
});

test("bytes beyond ASCII stay bytes", () => {
  expect(read(record(u32(1, 0), entry(0, i64(0n), padded("\xc3\xa4", 16))))).toEqual([
    ["output", 0, "0 \xc3\xa4;", "stdout"],
  ]);
});

test("errors bring a number and perhaps a text, exits nothing", () => {
  expect(
    read(
      record(u32(2, 3), i64(4n, -14n), padded("", 16)),
      record(u32(2, 0), i64(1n, 0n), padded("own text", 512)),
      record(u32(3, 2)),
      record(u32(4, 1)),
    ),
  ).toEqual([
    ["error", 3, 4, -14n, ""],
    ["error", 0, 1, 0n, "own text"],
    ["exit", 2],
    ["abort", 1],
  ]);
});

test("records whose length is no whole word are followed by padding", () => {
  expect(read(record(u32(2, 3), i64(4n, 0n), Buffer.from("abc\0")), record(u32(3, 1)))).toEqual([
    ["error", 3, 4, 0n, "abc"],
    ["exit", 1],
  ]);
});

describe("a run that prints more than a buffer", () => {
  /** Prints a number: a part of a run's output, its end, or all of it. Above the kind stands one more than the CPU. */
  const prints = (kind: number, handler: number, number: bigint): Buffer =>
    record(u32(kind, handler), entry(0, i64(number), padded("", 16)));
  const part = (cpu: number, handler: number, number: bigint): Buffer => prints(6 | ((cpu + 1) << 8), handler, number);
  const end = (cpu: number, handler: number, number: bigint): Buffer => prints(1 | ((cpu + 1) << 8), handler, number);
  const whole = (handler: number, number: bigint): Buffer => prints(1, handler, number);

  function printed(held: HeldOutput, ...batches: Buffer[]): string {
    let text = "";
    for (const batch of batches) {
      readRecords(batch, SITES, {
        held,
        output: (_, part) => (text += part),
        error: () => undefined,
        exit: () => undefined,
        abort: () => undefined,
      });
      // As the engine does, which uses the memory again.
      batch.fill(0xff);
    }
    return text;
  }

  test("comes as one, at its end, whatever other CPUs and handlers print meanwhile", () => {
    const text = printed(
      new HeldOutput(),
      part(0, 3, 1n),
      whole(3, 50n),
      part(1, 3, 10n),
      part(0, 3, 2n),
      part(0, 4, 20n),
      end(0, 3, 3n),
      end(1, 3, 11n),
      end(0, 4, 21n),
      end(0, 3, 4n),
    );
    expect(text).toBe("50 ;1 ;2 ;3 ;10 ;11 ;20 ;21 ;4 ;");
  });

  test("is not lost where its end was", () => {
    const held = new HeldOutput();
    expect(printed(held, part(0, 3, 1n), whole(4, 2n))).toBe("2 ;");
    const texts: string[] = [];
    held.hold(9, 0, () => texts.push("last"));
    held.releaseAll();
    held.releaseAll();
    expect(texts).toEqual(["last"]);
  });
});

test("a record of no known kind is a mistake of ours", () => {
  expect(() => read(record(u32(9, 0)))).toThrow("unknown kind 9");
});
