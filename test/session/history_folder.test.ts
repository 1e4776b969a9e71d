import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HistoryRequest } from "../../kernel/protocol/interpreter.js";
import { History } from "../../kernel/session/history.js";
import { HistoryFolder } from "../../kernel/session/history_folder.js";
import { stateFolder } from "../../kernel/session/state_folder.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tapbook-history-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, "deep", "history");
/** A kernel that starts. */
const start = (): History => new History(new HistoryFolder(path()));

const request = (more: Partial<HistoryRequest>): HistoryRequest => ({
  access: "tail",
  output: false,
  session: 0,
  start: 0,
  stop: undefined,
  count: 100,
  pattern: "*",
  unique: false,
  ...more,
});

const found = (history: History, more: Partial<HistoryRequest> = {}): string[] =>
  history.find(request(more)).map(({ session, line, input }) => `${session}/${line} ${input}`);

describe("over restarts", () => {
  test("the tail goes back into earlier sessions, in their order", () => {
    const first = start();
    first.add(1, "a = 1", "");
    first.add(2, 'println("é\n")', "é\n");
    const second = start();
    expect(found(second)).toEqual(["1/1 a = 1", '1/2 println("é\n")']);
    second.add(1, "b", "");
    expect(found(second)).toEqual(["1/1 a = 1", '1/2 println("é\n")', "2/1 b"]);
    expect(found(second, { count: 2 })).toEqual(['1/2 println("é\n")', "2/1 b"]);
    expect(found(start(), { count: 1 })).toEqual(["2/1 b"]);
  });

  test("a range names a session by its number, or counts back from this one", () => {
    for (const name of ["one", "two", "three"]) {
      const history = start();
      history.add(1, `${name} a`, "");
      history.add(2, `${name} b`, "");
      history.add(3, `${name} c`, "");
    }
    const now = start();
    now.add(1, "now", "");
    const range = (session: number, from = 1, stop?: number) =>
      found(now, { access: "range", session, start: from, stop });
    expect(range(0)).toEqual(["4/1 now"]);
    expect(range(4)).toEqual(["4/1 now"]);
    expect(range(-1, 2)).toEqual(["3/2 three b", "3/3 three c"]);
    expect(range(-3, 1, 2)).toEqual(["1/1 one a"]);
    expect(range(2, 2, 3)).toEqual(["2/2 two b"]);
    expect(range(-4)).toEqual([]);
    expect(range(9)).toEqual([]);
  });

  test("before its first cell a kernel counts back from the session it will be", () => {
    start().add(1, "earlier", "");
    expect(found(start(), { access: "range", session: -1 })).toEqual(["1/1 earlier"]);
    expect(found(start(), { access: "range", session: 0 })).toEqual([]);
  });

  test("a search finds in all sessions, each text once and where it was typed last if wanted", () => {
    const first = start();
    first.add(1, "probe begin {}", "");
    first.add(2, "x", "");
    const second = start();
    second.add(1, "probe begin {}", "");
    const search = (more: Partial<HistoryRequest>) => found(second, { access: "search", ...more });
    expect(search({ pattern: "probe*" })).toEqual(["1/1 probe begin {}", "2/1 probe begin {}"]);
    expect(search({ pattern: "probe*", unique: true })).toEqual(["2/1 probe begin {}"]);
    expect(search({ pattern: "*", count: 2 })).toEqual(["1/2 x", "2/1 probe begin {}"]);
    expect(search({ pattern: "*", count: 1, unique: true })).toEqual(["2/1 probe begin {}"]);
  });

  test("what earlier cells showed is not kept; this session's is there", () => {
    start().add(1, "1 + 1", "2");
    const now = start();
    now.add(1, "2 + 2", "4");
    expect(now.find(request({ output: true })).map(({ output }) => output)).toEqual([null, "4"]);
    expect(readFileSync(join(path(), "1.jsonl"), "utf8")).toBe('{"line":1,"input":"1 + 1"}\n');
  });
});

test("kernels that run at once have sessions of their own and see each other's cells", () => {
  const [a, b] = [start(), start()];
  a.add(1, "a1", "");
  b.add(1, "b1", "");
  a.add(2, "a2", "");
  expect(found(a)).toEqual(["1/1 a1", "1/2 a2", "2/1 b1"]);
  b.add(2, "b2", "");
  expect(found(a)).toEqual(["1/1 a1", "1/2 a2", "2/1 b1", "2/2 b2"]);
  expect(found(b)).toEqual(found(a));
});

test("only its owner may read it", () => {
  start().add(1, "secret", "");
  expect(statSync(path()).mode & 0o777).toBe(0o700);
  expect(statSync(join(path(), "1.jsonl")).mode & 0o777).toBe(0o600);
});

test("a session in which nothing was run leaves no file", () => {
  start().find(request({}));
  expect(() => readdirSync(path())).toThrow("ENOENT");
});

test("lines that are no cells, and other files, are passed over", () => {
  const first = start();
  first.add(1, "good", "");
  // As a kernel leaves it that is killed while it writes.
  appendFileSync(join(path(), "1.jsonl"), '{"line":2,"input":"ha');
  writeFileSync(join(path(), "2.jsonl"), 'null\n7\n{"line":"x","input":"y"}\n{"line":3,"input":"also good"}\n');
  writeFileSync(join(path(), "notes.txt"), "mine");
  expect(found(start())).toEqual(["1/1 good", "2/3 also good"]);
});

test("where nothing can be written the session is remembered all the same, and the log says why", () => {
  writeFileSync(join(folder, "deep"), "a file where the folder should be");
  const problems: string[] = [];
  const history = new History(new HistoryFolder(path()), (sentence) => problems.push(sentence));
  history.add(1, "a", "");
  history.add(2, "b", "");
  expect(found(history)).toEqual(["1/1 a", "1/2 b"]);
  expect(problems).toEqual([expect.stringMatching(/^The history of this session is not kept: E\w+: .*\.$/)]);
});

describe("is bounded", () => {
  const limits = { bytes: 3000, fileBytes: 1000, sessions: 4 };
  const bounded = (): History => new History(new HistoryFolder(path(), limits));
  const names = (): string[] => readdirSync(path()).toSorted();

  test("by sessions: those that were not written to for longest go", () => {
    for (let session = 1; session <= 4; session++) {
      bounded().add(1, "x", "");
      // The first was written to last.
      utimesSync(join(path(), `${session}.jsonl`), 1000, session === 1 ? 9000 : 1000 + session);
    }
    bounded().add(1, "x", "");
    expect(names()).toEqual(["1.jsonl", "3.jsonl", "4.jsonl", "5.jsonl"]);
  });

  test("by size: the newest half of a long session stays, whole lines in their order", () => {
    const history = bounded();
    const input = (line: number): string => `line ${line} ${"x".repeat(40)}`;
    for (let line = 1; line <= 100; line++) history.add(line, input(line), "");
    expect(statSync(join(path(), "1.jsonl")).size).toBeLessThanOrEqual(1000);
    const kept = found(bounded());
    expect(kept.at(-1)).toBe(`1/100 ${input(100)}`);
    expect(kept.length).toBeGreaterThan(5);
    kept.forEach((text, index) =>
      expect(text).toBe(`1/${100 - kept.length + 1 + index} ${input(100 - kept.length + 1 + index)}`),
    );
    expect(found(history)).toHaveLength(100);
  });

  test("a cell that would fill the file alone is remembered, but not kept", () => {
    const history = bounded();
    history.add(1, "y".repeat(600), "");
    history.add(2, "short", "");
    expect(found(history)).toHaveLength(2);
    expect(found(bounded())).toEqual(["1/2 short"]);
  });

  test("by the size of all", () => {
    for (let session = 1; session <= 4; session++) {
      const history = bounded();
      for (let line = 1; line <= 9; line++) history.add(line, "z".repeat(70), "");
    }
    bounded().add(1, "x", "");
    const total = names().reduce((sum, name) => sum + statSync(join(path(), name)).size, 0);
    expect(total).toBeLessThanOrEqual(3000);
    expect(names()).toContain("4.jsonl");
  });
});

test.each([
  [{ XDG_STATE_HOME: "/state", HOME: "/home/a" }, "/state/tapbook"],
  [{ HOME: "/home/a" }, "/home/a/.local/state/tapbook"],
  // The XDG base directory specification: relative paths are invalid and to be ignored.
  [{ XDG_STATE_HOME: "state", HOME: "/home/a" }, "/home/a/.local/state/tapbook"],
])("the state of %j lies in %s", (environment, expected) => expect(stateFolder(environment)).toBe(expected));
