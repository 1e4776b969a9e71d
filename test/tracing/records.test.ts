/** Batches made by hand, byte for byte as compiled.ts says that programs send them. */
import type { PrintSite } from "../../kernel/compiler/compiled.js";
import { parseFormat, type FormatPiece } from "../../kernel/compiler/text/format.js";
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

test("a record of no known kind is a mistake of ours", () => {
  expect(() => read(record(u32(9, 0)))).toThrow("unknown kind 9");
});
