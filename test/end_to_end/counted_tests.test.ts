/** What the last line of a test run says, also where a test takes Jest down with it: tried on test files made for it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { project } from "./checkout.js";

const FILES = {
  good: 'test("one", () => {}); test("two", () => {});',
  bad: 'test("one", () => {}); test("two", () => { throw new Error("wrong"); });',
  skips: 'test("one", () => {}); test.skip("not here", () => {}); test.todo("not yet");',
  unloadable: 'require("./nowhere"); test("one", () => {});',
  empty: "",
  "before-all": 'beforeAll(() => { throw new Error("wrong"); }); test("one", () => {}); test("two", () => {});',
  "after-all": 'afterAll(() => { throw new Error("wrong"); }); test("one", () => {});',
  // As a fault in the engine does.
  killed: 'test("one", () => {}); test("two", () => process.kill(process.pid, "SIGSEGV"));',
  exits: 'test("one", () => process.exit(0));',
  rejects: 'test("one", () => void Promise.reject(new Error("nobody hears")));',
  open: 'test("one", () => void setInterval(() => {}, 1000));',
};

const folder = mkdtempSync(join(tmpdir(), "tapbook-counted-"));
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.test.js`), text);
const run = basename(folder);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(project, ".cache", `jest-${run}.jsonl`), { force: true });
});

/** Runs the files in this order, and answers the last line, the exit status, and what was said on stderr. */
function runFiles(names: readonly string[], requireAll = false) {
  const sequencer = join(folder, "given-order.js");
  const order = JSON.stringify(names.map((name) => `${name}.test.js`));
  writeFileSync(
    sequencer,
    `module.exports = class { cacheResults() {} sort(tests) { const at = ({ path }) => ${order}.indexOf(require("path").basename(path)); return tests.sort((a, b) => at(a) - at(b)); } };`,
  );
  const config = JSON.stringify({ rootDir: folder, testMatch: names.map((name) => `${folder}/${name}.test.js`) });
  const patience = 500;
  const args = JSON.stringify([folder, "--runInBand", "--config", config, "--testSequencer", sequencer]);
  const code = `import("${project}/scripts/setup/jest.mjs").then(async ({ closingLine, runJest }) => {
    process.exitCode = closingLine(await runJest("${run}", ${args}, ${patience}));
  })`;
  const { TAPBOOK_REQUIRE_ALL: _, ...environment } = process.env;
  const env = requireAll ? { ...environment, TAPBOOK_REQUIRE_ALL: "1" } : environment;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", code], { encoding: "utf8", env });
  return { line: stdout.trimEnd().split("\n").at(-1), status, stderr };
}

test("what fails in and around tests is counted beside what passes", () => {
  // By hand: 2 + 1 + 1 have passed; a test, a file that cannot be loaded, an empty one, two tests and the end of a file have failed.
  const { line, status } = runFiles(["good", "bad", "unloadable", "empty", "before-all", "after-all"]);
  expect({ line, status }).toEqual({ line: "4 passed, 6 failed, 0 skipped", status: 1 });
});

test.each(["killed", "exits", "rejects"] as const)(
  "a test that takes Jest down has failed, and its file is named: %s",
  (name) => {
    const { line, status, stderr } = runFiles(["good", name, "bad"]);
    expect({ line, status }).toEqual({ line: "2 passed, 1 failed, 0 skipped", status: 1 });
    expect(stderr).toMatch(new RegExp(`✗.* Jest ended while it ran .*${name}\\.test\\.js$`, "m"));
  },
);

test("a test that leaves something open does not hold the run, and has failed", () => {
  const { line, status, stderr } = runFiles(["good", "open"]);
  expect({ line, status }).toEqual({ line: "3 passed, 1 failed, 0 skipped", status: 1 });
  expect(stderr).toContain("a test has left something open");
});

test("what is skipped is counted, or has failed where all is required", () => {
  expect(runFiles(["skips"])).toMatchObject({ line: "1 passed, 0 failed, 2 skipped", status: 0 });
  expect(runFiles(["skips"], true)).toMatchObject({ line: "1 passed, 2 failed, 0 skipped", status: 1 });
});

test("a run that finds no test has failed", () => {
  expect(runFiles(["nowhere"])).toMatchObject({ line: "0 passed, 1 failed, 0 skipped", status: 1 });
});
