/**
 * Runs compiled test files in this one process and writes what came of each test, a line of JSON each. Jest itself would
 * spend minutes of emulated time on workers, transforms and module registries: here are its test functions and its
 * `expect` without them. Arguments: the file to write to, then the test files.
 */
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Emulation is some twenty times slower than the machine. */
const testTimeout = 120_000;

const logLines = 20;

// Jest's own parts, in the versions that belong together.
const ofJest = createRequire(createRequire(import.meta.url).resolve("jest"));
const ofJestCore = createRequire(ofJest.resolve("@jest/core"));
const circus = ofJestCore("jest-circus");
const { expect } = ofJestCore("expect");
const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test });

const [output, ...files] = process.argv.slice(2);
const write = (entry) => appendFileSync(output, `${JSON.stringify(entry)}\n`);

function titleOf(entry) {
  // The outermost block has a name of Jest's own.
  return entry.parent?.parent ? `${titleOf(entry.parent)} › ${entry.name}` : entry.name;
}

function textOf(error) {
  const [cause] = Array.isArray(error) ? error : [error];
  // The engine's errors carry what the kernel's verifier said.
  const log = cause?.verifierLog ? `\n${cause.verifierLog.trimEnd().split("\n").slice(-logLines).join("\n")}` : "";
  return (cause?.stack ?? String(cause)) + log;
}

let file;
circus.addEventHandler(({ name, test: entry }) => {
  if (name === "test_skip" || name === "test_todo") write({ file, title: titleOf(entry), status: "skipped" });
  if (name !== "test_done") return;
  const status = entry.errors.length === 0 ? "passed" : "failed";
  write({ file, title: titleOf(entry), status, duration: entry.duration, error: entry.errors.map(textOf).join("\n") });
});

for (file of files) {
  circus.resetState();
  circus.setState({ ...circus.getState(), testTimeout, parentProcess: process });
  try {
    await import(pathToFileURL(file).href);
    const { unhandledErrors } = await circus.run();
    for (const error of unhandledErrors) write({ file, title: "outside of tests", status: "failed", error });
  } catch (error) {
    write({ file, title: "this file cannot be run", status: "failed", error: textOf(error) });
  }
}
// Not left to the event loop: what a test left open must not hold the machine.
process.exit(0);
