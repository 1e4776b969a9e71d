/** Runs Jest and counts, from what it writes down file by file, what passed, failed and was skipped, and why. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runForeground } from "./commands.mjs";
import { cache, root } from "./paths.mjs";
import { failed, note } from "./terminal.mjs";

const reporter = fileURLToPath(new URL("jest_journal.mjs", import.meta.url));

/** Jest ends at once after its last test, unless one has left something open. */
const patience = 20_000;

/** With this set, a test that cannot run here counts as one that failed. */
export const everythingIsRequired = () => process.env.TAPBOOK_REQUIRE_ALL === "1";

/** What the journal tells so far; see jest_journal.mjs. */
function readJournal(file) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const entries = lines.map((line) => JSON.parse(line));
  const results = entries.filter(({ passed }) => passed !== undefined);
  const hasResult = new Set(results.map(({ path }) => path));
  const sum = (count) => results.reduce((total, result) => total + result[count], 0);
  return {
    isComplete: entries.some(({ isComplete }) => isComplete),
    passed: sum("passed"),
    failed: sum("failed"),
    skipped: results.flatMap(({ skipped }) => skipped),
    unfinished: entries.flatMap(({ path }) => (path === undefined || hasResult.has(path) ? [] : [path])),
  };
}

/** Ends Jest when it stays although all tests have run: a run that hangs would tell nobody anything. */
function endWhenComplete(child, file, milliseconds) {
  let timer = setInterval(() => {
    if (!readJournal(file).isComplete) return;
    clearInterval(timer);
    timer = setTimeout(() => {
      failed("Jest does not end: a test has left something open (`--detectOpenHandles` tells what)");
      child.kill("SIGKILL");
    }, milliseconds);
  }, milliseconds / 10);
  child.on("close", () => clearTimeout(timer));
}

/**
 * Runs Jest with more arguments, its output the user's.
 * @param {string} name of the run, for its journal in `.cache`
 * @returns {Promise<{passed: number, failed: number, skipped: number}>}
 */
export async function runJest(name, args, milliseconds = patience) {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `jest-${name}.jsonl`);
  rmSync(file, { force: true });
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  const flags = ["--experimental-vm-modules", "--no-warnings"];
  // Behind the rest: the option would take the paths that follow it for reporters.
  const reporters = ["--reporters=default", `--reporters=${reporter}`];
  const status = await runForeground(process.execPath, [...flags, jest, ...args, ...reporters], {
    environment: { ...process.env, TAPBOOK_JEST_JOURNAL: file },
    onStart: (child) => endWhenComplete(child, file, milliseconds),
  });
  const counts = readJournal(file);
  for (const path of counts.unfinished) failed(`Jest ended while it ran ${relative(root, path)}`);
  const required = everythingIsRequired();
  for (const title of counts.skipped) (required ? failed : note)(`skipped: ${title}`);
  const failures = counts.failed + counts.unfinished.length + (required ? counts.skipped.length : 0);
  // Jest may also be unhappy about something that is no test, such as a configuration that matches none.
  const unexplained = (status !== 0 || !counts.isComplete) && failures === 0 ? 1 : 0;
  if (unexplained) failed(`Jest ended with status ${status}`);
  return {
    passed: counts.passed,
    failed: failures + unexplained,
    skipped: required ? 0 : counts.skipped.length,
  };
}

/** The line that closes every test run, and the exit status that goes with it. */
export function closingLine({ passed, failed: failures, skipped }) {
  console.log(`${passed} passed, ${failures} failed, ${skipped} skipped`);
  return failures === 0 && passed > 0 ? 0 : 1;
}
