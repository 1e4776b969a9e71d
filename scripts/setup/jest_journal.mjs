/**
 * A reporter for Jest that writes down what becomes of each file at once, so that it is known when a test takes Jest itself
 * down: a line of JSON in the file TAPBOOK_JEST_JOURNAL for each that starts, for what came of it, and at the end.
 */
import { appendFileSync } from "node:fs";

export default class JestJournal {
  onTestFileStart({ path }) {
    this.#write({ path });
  }

  onTestFileResult({ path }, result) {
    const { numPassingTests, numFailingTests, testExecError, testResults } = result;
    this.#write({
      path,
      passed: numPassingTests,
      // A file that could not even be loaded holds no test that could fail.
      failed: numFailingTests + (testExecError ? 1 : 0),
      skipped: testResults
        .filter(({ status }) => status === "pending" || status === "todo")
        .map(({ fullName }) => fullName),
    });
  }

  onRunComplete() {
    this.#write({ isComplete: true });
  }

  #write(entry) {
    appendFileSync(process.env.TAPBOOK_JEST_JOURNAL, `${JSON.stringify(entry)}\n`);
  }
}
