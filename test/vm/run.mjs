/**
 * `npm run test:vm`: our tests on the kernels that users have, each under QEMU.
 *
 *   --kernel NAME   only this one (5.10, 6.1, 6.12, newest, host); may be given several times
 *   --list FILE     the tests to run, a path a line, instead of test/vm/tests.txt
 *   --refresh       look for newer kernels of the same suites
 *   --write         write the results to docs/kernels.md
 *   --no-setup      take the native engine as it is
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { release } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runForeground } from "../../scripts/setup/commands.mjs";
import { closingLine } from "../../scripts/setup/jest.mjs";
import { ensureDebianPackages } from "../../scripts/setup/packages.mjs";
import { root } from "../../scripts/setup/paths.mjs";
import { setUp } from "../../scripts/setup/setup.mjs";
import { SetupError, bold, dim, green, red, runMain, yellow } from "../../scripts/setup/terminal.mjs";
import { compileTests, compiledTest } from "./build.mjs";
import { fetchKernel, kernels, vmCache } from "./kernels.mjs";
import { runInGuest } from "./machine.mjs";
import { writePage } from "./page.mjs";

const packages = ["qemu-system-x86", "busybox-static", "cpio"];
const guest = join(root, "test", "vm", "guest.mjs");

/** Emulated, all tests take some minutes. */
const secondsPerKernel = 600;

/** What runs where not even loops in probes do: what Tapbook says there. */
const testsForOldKernels = ["test/vm/old_kernels.test.ts"];

const thisMachine = { name: "host", suite: "", isSupported: true };

function testsIn(list) {
  const lines = readFileSync(list, "utf8").split("\n");
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== "");
}

const marks = { passed: green("✓"), failed: red("✗"), skipped: yellow("-") };

/** Shows what has been added to a file of results since the last look. */
class Results {
  results = [];
  #read = 0;

  constructor(file, tests) {
    this.file = file;
    this.tests = new Map(tests.map((test) => [compiledTest(test), test]));
  }

  look() {
    if (!existsSync(this.file)) return;
    const text = readFileSync(this.file, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    for (const line of whole.slice(this.#read).split("\n").filter(Boolean)) this.add(JSON.parse(line));
    this.#read = whole.length;
  }

  add({ file, title, status, duration = 0, error = "" }) {
    const result = { test: this.tests.get(file) ?? file, title, status, error };
    this.results.push(result);
    console.log(`  ${marks[status]} ${result.test}: ${title} ${dim(`${(duration / 1000).toFixed(1)} s`)}`);
    if (error !== "") console.log(error.replace(/^/gm, "      "));
  }
}

const quoted = (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** What the tests take from the environment: fewer generated programs than elsewhere, unless it says how many. */
function guestCommand(words) {
  const ours = Object.entries(process.env).filter(([name]) => name.startsWith("TAPBOOK_"));
  const environment = { TAPBOOK_PROGRAMS: "15", ...Object.fromEntries(ours), PATH: process.env.PATH, HOME: "/root" };
  const settings = Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`));
  return `cd ${quoted(root)} && ulimit -n 20000 && exec env ${[...settings, ...words.map(quoted)].join(" ")}`;
}

async function runOn(kernel, tests, options) {
  const share = join(vmCache, "runs", kernel.name);
  const file = join(share, "results");
  const results = new Results(file, tests);
  const words = [process.execPath, guest, file, ...tests.map(compiledTest)];
  const start = performance.now();
  if (kernel === thisMachine) {
    rmSync(share, { recursive: true, force: true });
    mkdirSync(share, { recursive: true });
    console.log(bold(`\nLinux ${release()}, this machine`));
    const status = await runForeground(words[0], words.slice(1));
    results.look();
    if (status !== 0) results.add({ file: "the run", title: `ended with status ${status}`, status: "failed" });
  } else {
    const fetched = await fetchKernel(kernel, options);
    kernel = fetched;
    console.log(bold(`\nLinux ${fetched.release}, Debian ${fetched.suite}`));
    const command = guestCommand(words);
    const run = await runInGuest(fetched, {
      command,
      share,
      seconds: secondsPerKernel,
      whileRunning: () => results.look(),
    });
    if (!run.ended)
      results.add({ file: "the run", title: "did not end", status: "failed", error: `${run.output}\n${run.console}` });
    else if (run.status !== 0)
      results.add({ file: "the run", title: `ended with status ${run.status}`, status: "failed", error: run.output });
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(dim(`  ${results.results.length} tests in ${seconds.toFixed(0)} s`));
  return { kernel, release: kernel.release ?? release(), results: results.results };
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      kernel: { type: "string", multiple: true },
      list: { type: "string", default: join("test", "vm", "tests.txt") },
      refresh: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      "no-setup": { type: "boolean", default: false },
    },
  });
  const known = [thisMachine, ...kernels];
  for (const name of values.kernel ?? []) {
    if (!known.some((kernel) => kernel.name === name))
      throw new SetupError(`--kernel is one of ${known.map((kernel) => kernel.name).join(", ")}`);
  }
  const chosen = known.filter(({ name }) => values.kernel?.includes(name) ?? true);
  const tests = testsIn(resolve(values.list));
  if (!values["no-setup"]) await setUp();
  await ensureDebianPackages(packages);
  const testsOf = (kernel) => (kernel.isSupported ? tests : testsForOldKernels);
  await compileTests([...new Set(chosen.flatMap(testsOf))]);
  const runs = [];
  for (const kernel of chosen) runs.push(await runOn(kernel, testsOf(kernel), values));
  if (values.write) await writePage(runs);
  const all = runs.flatMap(({ results }) => results);
  const count = (wanted) => all.filter(({ status }) => status === wanted).length;
  console.log("");
  return closingLine({ passed: count("passed"), failed: count("failed"), skipped: count("skipped") });
});
