/** Runs Jest and counts, from its own report, what passed, failed and was skipped, and why. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runForeground } from "./commands.mjs";
import { cache, root } from "./paths.mjs";
import { failed, note } from "./terminal.mjs";

/** With this set, a test that cannot run here counts as one that failed. */
export const everythingIsRequired = () => process.env.TAPBOOK_REQUIRE_ALL === "1";

function countsFrom(report) {
  const skipped = report.testResults.flatMap((file) =>
    file.assertionResults.filter(({ status }) => status === "pending" || status === "todo"),
  );
  return {
    passed: report.numPassedTests,
    // A file that could not even be loaded holds no test that could fail.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: skipped.map(({ fullName }) => fullName),
  };
}

/**
 * Runs Jest with more arguments, its output the user's.
 * @param {string} name of the run, for its report in `.cache`
 * @returns {Promise<{passed: number, failed: number, skipped: number}>}
 */
export async function runJest(name, args) {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `jest-${name}.json`);
  rmSync(file, { force: true });
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  const flags = ["--experimental-vm-modules", "--no-warnings"];
  const status = await runForeground(process.execPath, [...flags, jest, "--json", `--outputFile=${file}`, ...args]);
  if (!existsSync(file)) {
    failed(`Jest ended with status ${status} and left no report`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counts = countsFrom(JSON.parse(readFileSync(file, "utf8")));
  const required = everythingIsRequired();
  for (const title of counts.skipped) (required ? failed : note)(`skipped: ${title}`);
  const failures = counts.failed + (required ? counts.skipped.length : 0);
  // Jest may also be unhappy about something that is no test, such as a configuration that matches none.
  const unexplained = status !== 0 && failures === 0 ? 1 : 0;
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
