/** `%save` and `%load`: what one session saves, another has, to the last bit; what is damaged changes nothing. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Accumulator } from "../../kernel/compiler/closures/accumulator.js";
import type { StoreEntry, Value } from "../../kernel/compiler/closures/runtime.js";
import type { GlobalType, StatisticParts } from "../../kernel/compiler/check/program.js";
import { decodeFile } from "../../kernel/session/saved_globals/decode.js";
import { encodeFile } from "../../kernel/session/saved_globals/encode.js";
import { UnreadableFile, type SavedFile, type SavedGlobal } from "../../kernel/session/saved_globals/format.js";
import { WaitingWorkload } from "../native/workload.js";
import { plainTexts, TestNotebook, traceback, WORKLOAD } from "./notebook.js";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "tapbook-saved-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const notebooks: TestNotebook[] = [];
function open(): TestNotebook {
  const notebook = new TestNotebook();
  notebooks.push(notebook);
  return notebook;
}
afterEach(async () => {
  for (const notebook of notebooks.splice(0)) await notebook.close();
});

async function printed(notebook: TestNotebook, code: string): Promise<string> {
  const cell = await notebook.run(code);
  if (cell.outcome.status === "error") throw new Error(traceback(cell).join("\n"));
  return cell.stdout;
}

describe("the format", () => {
  const long = fc.oneof(fc.bigInt(-(1n << 63n), (1n << 63n) - 1n), fc.bigInt(-5n, 5n));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array).toString("latin1")),
    fc.string({ unit: "grapheme" }).map((text) => Buffer.from(text, "utf8").toString("latin1")),
  );
  const parts: fc.Arbitrary<StatisticParts> = fc.record({
    log: fc.boolean(),
    variance: fc.boolean(),
    linear: fc.constantFrom([], [{ low: -10n, high: 90n, step: 7n }]),
    percentiles: fc.boolean(),
  });
  const statistic = (kept: StatisticParts) =>
    fc.array(long, { maxLength: 12 }).map((values) => {
      const accumulator = new Accumulator(kept);
      for (const value of values) accumulator.record(value);
      return accumulator.toStatistic();
    });
  const global: fc.Arbitrary<SavedGlobal> = fc
    .record({
      name: fc.stringMatching(/^[a-z_]\w{0,8}$/),
      keys: fc.array(fc.constantFrom("long" as const, "string" as const), { maxLength: 3 }),
      value: fc.constantFrom("long" as const, "string" as const, "statistic" as const),
      parts,
    })
    .chain(({ name, keys, value, parts: kept }) => {
      const type: GlobalType =
        keys.length > 0
          ? { kind: "array", keys, value }
          : value === "statistic"
            ? { kind: value }
            : { kind: "scalar", value };
      const key = fc.tuple(...keys.map((part): fc.Arbitrary<Value> => (part === "long" ? long : bytes)));
      const content =
        value === "statistic"
          ? statistic(kept).map((found) => ({ value: "", statistic: found }))
          : (value === "long" ? long : bytes).map((found: Value) => ({ value: found, statistic: null }));
      const entry: fc.Arbitrary<StoreEntry> = fc
        .tuple(key, content)
        .map(([columns, held]) => ({ key: columns, ...held }));
      const entries =
        keys.length === 0
          ? fc.tuple(entry)
          : fc.uniqueArray(entry, {
              maxLength: 6,
              selector: (one) => one.key.map((part) => `${typeof part}${part}`).join("\0"),
            });
      const stacks = fc.array(
        fc.record({
          space: fc.constantFrom("kernel" as const, "user" as const),
          text: bytes,
          functions: fc.array(bytes),
        }),
        { maxLength: 2 },
      );
      return fc.record({
        known: fc.record({
          name: fc.constant(name),
          type: fc.constant(type),
          size: fc.option(fc.nat()),
          wrap: fc.boolean(),
          parts: fc.constant(kept),
        }),
        spaces: fc.constant(keys.map((part) => (part === "string" ? ("user" as const) : null))),
        stacks,
        entries,
      });
    });
  const file: fc.Arbitrary<SavedFile> = fc.record({
    tapbook: fc.string(),
    kernel: fc.string(),
    machine: fc.string(),
    architecture: fc.string(),
    time: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
    globals: fc.uniqueArray(global, { maxLength: 3, selector: ({ known }) => known.name }),
  });

  test("whatever is written is read back the same, byte strings and 64-bit numbers among it", () => {
    fc.assert(
      fc.property(file, (saved) => {
        const read = decodeFile(encodeFile(saved));
        // Parts that are not kept are absent in one form and false in the other.
        const plain = (one: SavedFile): unknown => ({
          ...one,
          globals: one.globals.map(({ known, ...rest }) => ({
            ...rest,
            known: { ...known, parts: { ...known.parts, percentiles: known.parts.percentiles ?? false } },
          })),
        });
        expect(plain(read)).toEqual(plain(saved));
      }),
      { numRuns: 200 },
    );
  });

  test("a file that is cut off or changed anywhere is refused", () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.nat(), (saved, place, change) => {
        const text = encodeFile(saved);
        const at = place % text.length;
        expect(() => decodeFile(text.slice(0, at))).toThrow(UnreadableFile);
        const other = String.fromCharCode(32 + ((text.charCodeAt(at) - 31 + (change % 90)) % 94));
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        if (changed !== text) expect(() => decodeFile(changed)).toThrow(UnreadableFile);
      }),
      { numRuns: 200 },
    );
  });
});

/** A file with a right end, whatever stands in it. */
function sealed(lines: readonly unknown[]): string {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const sha256 = createHash("sha256").update(body).digest("hex");
  return `${body}${JSON.stringify({ end: { lines: lines.length, sha256 } })}\n`;
}

const HEAD = {
  format: "tapbook-globals",
  version: 1,
  tapbook: "0.1.0",
  kernel: "6.1",
  machine: "host",
  architecture: "x64",
  time: "2026-01-01T00:00:00.000Z",
  globals: 1,
};
const KEEPS = { log: false, linear: [], variance: false, percentiles: false };
const GLOBAL = {
  global: "n",
  type: { kind: "array", keys: ["string"], value: "long" },
  size: null,
  wrap: false,
  keeps: KEEPS,
  stackColumns: [],
  stacks: 0,
  elements: 1,
};

describe("a file as docs/reference/saved-globals.md describes it", () => {
  test("is loaded, whoever has written it", async () => {
    const path = join(folder, "by-hand");
    writeFileSync(path, sealed([HEAD, GLOBAL, { key: ["schlüssel"], value: "-9223372036854775808" }]));
    const notebook = open();
    expect(await printed(notebook, `%load ${path}\nforeach (k in n) printf("%s %d", k, n[k])`)).toBe(
      `from ${path}\n    n: array of long by string (1)\nschlüssel -9223372036854775808`,
    );
  });

  test.each<[string, readonly unknown[], RegExp]>([
    [
      "of a newer version",
      [{ ...HEAD, version: 2, globals: "many" }],
      /it is of version 2 of the format, and this Tapbook reads up to version 1/,
    ],
    ["of another kind", [{ format: "else" }], /this is no file of saved globals/],
    ["with too few lines", [HEAD], /it ends where a global should be/],
    ["with too many", [{ ...HEAD, globals: 0 }, GLOBAL], /there is more in it than it says/],
    [
      "with a number beyond 64 bits",
      [HEAD, GLOBAL, { key: ["a"], value: "9223372036854775808" }],
      /line 3: `value` is beyond 64 bits/,
    ],
    ["with a rounded number", [HEAD, GLOBAL, { key: ["a"], value: 12 }], /line 3: `value` is no whole number/],
    [
      "with a key of another length",
      [HEAD, GLOBAL, { key: ["a", "b"], value: "1" }],
      /line 3: its key has not as many parts/,
    ],
    [
      "with one key twice",
      [HEAD, { ...GLOBAL, elements: 2 }, { key: ["a"], value: "1" }, { key: ["a"], value: "2" }],
      /line 2: two of its elements have one key/,
    ],
    ["with a name that is none", [HEAD, { ...GLOBAL, global: "a b" }], /line 2: `a b` names no global/],
    [
      "with a bucket that there is not",
      [
        HEAD,
        { ...GLOBAL, type: { kind: "statistic" }, keeps: { ...KEEPS, log: true } },
        { statistic: { count: "1", sum: "1", min: "1", max: "1", log: [[128, "1"]] } },
      ],
      /line 3: `log` has a bucket that there is not/,
    ],
  ])("%s is refused, and nothing changes", async (_, lines, problem) => {
    const path = join(folder, "refused");
    writeFileSync(path, sealed(lines));
    const notebook = open();
    await notebook.run('global n; n["here"] = 1');
    const failed = traceback(await notebook.run(`%load ${path}`));
    expect(failed[0]).toMatch(problem);
    expect(failed[1]).toBe("hint: nothing of the session has changed");
    expect(await printed(notebook, 'println(n["here"])')).toBe("1\n");
  });
});

test("what one session saves another has: numbers, texts, statistics whole", async () => {
  const path = join(folder, "all.tapbook");
  const first = open();
  await first.run(`global n, label, total, lat, by[7]
n["a"] = 9223372036854775807; n["\\xff\\n\\"x"] = -1; label = "a label"; total = 42
for (i = 1; i <= 1000; i++) { lat <<< i; by[i % 3, "k"] <<< i }
printf("%d %d %d", @percentile(lat, 99), @variance(by[1, "k"]), @hist_linear(lat, 0, 1000, 100)[3])`);
  const ask = `printf("%d %d %s %d\\n", n["a"], n["\\xff\\n\\"x"], label, total)
printf("%d %d %d %d %d\\n", @percentile(lat, 99), @count(lat), @min(lat), @max(lat), @sum(lat))
printf("%d %d", @variance(by[1, "k"]), @hist_linear(lat, 0, 1000, 100)[3])
print(@hist_log(by[2, "k"]))
foreach ([a, b] in by) printf("%d%s ", a, b)`;
  const told = await printed(first, ask);
  expect(told).toMatch(/^9223372036854775807 -1 a label 42\n/);
  expect(await printed(first, `%save ${path}`)).toContain("    by: array of statistic by long, string (3)\n");
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  const second = open();
  await second.run(`%load ${path}`);
  expect(await printed(second, ask)).toBe(told);
  const histograms = plainTexts(await second.run("print(@hist_log(lat))"));
  expect(histograms).toEqual(plainTexts(await first.run("print(@hist_log(lat))")));
  // It is as large as it was declared, and probes go on with it.
  expect(traceback(await second.run('for (i = 0; i < 9; i++) by[100 + i, ""] <<< 1')).join()).toContain(
    "size limit (7)",
  );
  await second.run(`%%trace -c '${WORKLOAD} syscalls getppid --count 5 --name tapsaved'
probe syscall.getppid { if (execname() == "tapsaved") { total++; lat <<< 1; n[execname()]++ } }`);
  expect(await printed(second, 'printf("%d %d %d %d", total, @count(lat), n["tapsaved"], n["a"])')).toBe(
    "47 1005 5 9223372036854775807",
  );
});

test("loading declares afresh; -a adds; as NAME keeps a snapshot; names choose", async () => {
  const path = join(folder, "rules.tapbook");
  const notebook = open();
  await notebook.run('global n, s, text; n["a"] = 1; n["b"] = 2; s <<< 10; text = "saved"');
  await notebook.run(`%save ${path}`);
  await notebook.run('n["a"] = 100; n["c"] = 3; s <<< 20; text = "now"');
  const state = 'printf("%d %d %d %d/%d %s", n["a"], n["b"], n["c"], @count(s), @sum(s), text)';
  await notebook.run(`%load ${path} -a`);
  expect(await printed(notebook, state)).toBe("101 4 3 3/40 saved");
  await notebook.run(`%load ${path} as monday`);
  expect(await printed(notebook, 'printf("%d %d", n["a"], n@monday["a"])')).toBe("101 1");
  expect((await notebook.run("%diff n n@monday")).bundles[0]?.data["text/plain"]).toContain("+100");
  await notebook.run(`%load ${path} n`);
  expect(await printed(notebook, state)).toBe("1 2 0 3/40 saved");
  await notebook.run(`%load ${path}`);
  expect(await printed(notebook, state)).toBe("1 2 0 1/10 saved");
  // What a snapshot holds is saved under the global's own name.
  await notebook.run(`%save ${path} n@monday`);
  const other = open();
  await other.run(`%load ${path}`);
  expect(await printed(other, 'printf("%d", n["b"])')).toBe("2");
});

test("a trace in the background that uses what is loaded is stopped, and says so", async () => {
  const path = join(folder, "running.tapbook");
  const notebook = open();
  await notebook.run("%%bg going\nglobal n probe syscall.getppid { n[pid()]++ }");
  await notebook.run("n[1] = 1");
  await notebook.run(`%save ${path}`);
  expect((await notebook.run(`%load ${path}`)).stderr).toContain("The trace of cell 1 was stopped: it uses n");
});

test("stacks keep their names where nobody could find them any more", async () => {
  const path = join(folder, "stacks.tapbook");
  const workload = await WaitingWorkload.start("chain", "--count", "40");
  const first = open();
  await first.run(`%%bg chain -x ${workload.pid}
global stacks
probe syscall.getppid { if (pid() == target()) stacks[execname(), ubacktrace()]++ }`);
  await workload.run();
  await first.run("%stop chain");
  await first.run(`%save ${path} stacks`);
  const shown = async (notebook: TestNotebook, code: string): Promise<string[]> =>
    plainTexts(await notebook.run(code)).toSorted();
  const before = await shown(first, "stacks");
  expect(before.join("\n")).toMatch(/workload;.*main;.*chain_outer;.*chain_middle/);
  const second = open();
  await second.run(`%load ${path}`);
  expect(await shown(second, "stacks")).toEqual(before);
  await second.run(`%load ${path} as old`);
  expect((await shown(second, "stacks@old")).join("\n")).toContain("chain_middle");
  // Probes know stacks by numbers that this session gave them.
  for (const name of ["stacks", "stacks@old"]) {
    const refused = traceback(
      await second.run(`probe syscall.getppid { println([execname(), ubacktrace()] in ${name}) }`),
    );
    expect(refused[0]).toContain(`\`${name}\` holds call stacks that were taken before`);
  }
});

describe("mistakes", () => {
  test.each([
    ["%save", "%save needs a file to write to"],
    ["%save FOLDER/x/y n", "cannot write FOLDER/x/y: ENOENT: no such file or directory"],
    ["%save FOLDER/f m", "there is no global m"],
    ["%save FOLDER/f n n", "n is named twice"],
    ["%load", "%load needs a file to read"],
    ["%load FOLDER/none", "cannot read FOLDER/none: ENOENT: no such file or directory"],
    ["%load FOLDER/other as", "as needs a name"],
    ["%load FOLDER/other as count", "count cannot name a snapshot"],
    ["%load FOLDER/other m", "FOLDER/other holds no global m"],
    ["%load FOLDER/other -a", "FOLDER/other cannot be added to what is there: n is of another type in the file"],
  ])("%s", async (code, message) => {
    const notebook = open();
    await notebook.run("global n; n = 5");
    await notebook.run(`%save ${join(folder, "other")}`);
    await notebook.run('global n; n["text"] = "here"');
    const failed = traceback(await notebook.run(code.replaceAll("FOLDER", folder)));
    expect(failed[0]).toContain(message.replaceAll("FOLDER", folder));
    // No name of a file that nobody has named.
    expect(failed[0]).not.toContain("open '");
    expect(await printed(notebook, 'println(n["text"])')).toBe("here\n");
  });

  test("a file that cannot be replaced stays as it is", async () => {
    const path = join(folder, "stays");
    const notebook = open();
    await notebook.run("global n; n = 5");
    await notebook.run(`%save ${path}`);
    const before = readFileSync(path, "utf8");
    expect(traceback(await notebook.run(`%save ${path} m`))[0]).toContain("there is no global m");
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });
});
