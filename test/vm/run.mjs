/**
 * `npm run test:vm`: our tests on the kernels that users have, each under QEMU.
 *
 *   --kernel NAME   only this one (5.10, 6.1, 6.12, newest, host); may be given several times
 *   --list FILE     the tests to run, a path a line, instead of test/vm/tests.txt
 *   --refresh       look for newer kernels of the same suites
 *   --write         write what was seen to test/vm/families_seen.json, and to docs/kernels.md where all tests ran on all kernels
 *   --no-setup      take the native engine as it is
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, release } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runForeground, runLogged } from "../../scripts/setup/commands.mjs";
import { closingLine } from "../../scripts/setup/jest.mjs";
import { ensureDebianPackages } from "../../scripts/setup/packages.mjs";
import { root } from "../../scripts/setup/paths.mjs";
import { setUp } from "../../scripts/setup/setup.mjs";
import { SetupError, bold, dim, doing, green, red, runMain, yellow } from "../../scripts/setup/terminal.mjs";
import { compileTests, compiledTest } from "./build.mjs";
import { fetchKernel, kernels, vmCache } from "./kernels.mjs";
import { guestPackages, runInGuest } from "./machine.mjs";
import { writeFamilies } from "./families_seen.mjs";
import { writePage } from "./page.mjs";

const guest = join(root, "test", "vm", "guest.mjs");

/** Emulated, all tests take some minutes, and thousands of generated programs some more. */
const secondsPerKernel = 3600;

/** Loads what this machine has generated and compiled. */
const loadingTest = "test/vm/generated_programs.test.ts";
const programFile = join(vmCache, "programs");

/** Run, and not only loaded: a sample, the first ones. */
const programsThatRun = 15;

/** What runs where not even loops in probes do: what Tapbook says there. */
const testsForOldKernels = ["test/vm/old_kernels.test.ts"];

/** Guests need 2 GB each. */
const mostAtOnce = 2;

const thisMachine = { name: "host", suite: "", isSupported: true, generatedPrograms: 0 };

function testsIn(list) {
  const lines = readFileSync(list, "utf8").split("\n");
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== "");
}

const everything = join("test", "vm", "tests.txt");

const marks = { passed: green("✓"), failed: red("✗"), skipped: yellow("-") };

/** Shows what has been added to a file of results since the last look. */
class Results {
  results = [];
  #read = 0;

  constructor(file, tests, label) {
    this.file = file;
    this.label = label;
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
    console.log(
      `  ${this.label} ${marks[status]} ${result.test}: ${title} ${dim(`${(duration / 1000).toFixed(1)} s`)}`,
    );
    if (error !== "") console.log(error.replace(/^/gm, "      "));
  }
}

const quoted = (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Where a kernel writes what it made of each family of probe points. */
const familiesFile = ({ name }) => join(vmCache, "runs", name, "families");

/** What the tests take from the environment; fewer generated programs run than elsewhere. */
function environmentOf(kernel) {
  const ours = Object.entries(process.env).filter(([name]) => name.startsWith("TAPBOOK_"));
  return {
    ...Object.fromEntries(ours),
    TAPBOOK_PROGRAMS: String(programsThatRun),
    TAPBOOK_PROGRAM_FILE: programFile,
    TAPBOOK_PROGRAMS_LOADED: String(kernel.generatedPrograms),
    TAPBOOK_FAMILIES: familiesFile(kernel),
    PATH: process.env.PATH,
    HOME: "/root",
  };
}

function guestCommand(kernel, words) {
  const settings = Object.entries(environmentOf(kernel)).map(([name, value]) => quoted(`${name}=${value}`));
  return `cd ${quoted(root)} && ulimit -n 20000 && exec env ${[...settings, ...words.map(quoted)].join(" ")}`;
}

async function runOn(kernel, tests) {
  const share = join(vmCache, "runs", kernel.name);
  const file = join(share, "results");
  const results = new Results(file, tests, kernel.name);
  const words = [process.execPath, guest, file, ...tests.map(compiledTest)];
  const start = performance.now();
  if (kernel === thisMachine) {
    rmSync(share, { recursive: true, force: true });
    mkdirSync(share, { recursive: true });
    console.log(bold(`\nLinux ${release()}, this machine`));
    const settings = Object.entries(environmentOf(kernel)).map(([name, value]) => `${name}=${value}`);
    const status = await runForeground("env", [...settings, ...words]);
    results.look();
    if (status !== 0) results.add({ file: "the run", title: `ended with status ${status}`, status: "failed" });
  } else {
    const fetched = await fetchKernel(kernel);
    kernel = fetched;
    console.log(bold(`\nLinux ${fetched.release}, Debian ${fetched.suite}`));
    const command = guestCommand(kernel, words);
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
  console.log(dim(`  ${kernel.name}: ${results.results.length} tests in ${seconds.toFixed(0)} s`));
  return { kernel, release: kernel.release ?? release(), seen: familiesFile(kernel), results: results.results };
}

/** Compiled here, since in emulation that takes longer than the verifier. The environment says how many; see test/backends/generated.ts. */
async function writePrograms() {
  doing("programs", "generating and compiling");
  await runLogged("vm-programs", process.execPath, [compiledTest("test/vm/write_programs.ts"), programFile]);
}

/** Software emulation of a guest takes one processor: as many at once as there are, those that take longest first. */
async function runOnAll(chosen, run) {
  const waiting = chosen.toSorted((a, b) => b.generatedPrograms - a.generatedPrograms);
  const runs = new Map();
  const work = async () => {
    for (let kernel = waiting.shift(); kernel; kernel = waiting.shift()) runs.set(kernel, await run(kernel));
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), mostAtOnce) }, work));
  return chosen.map((kernel) => runs.get(kernel));
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      kernel: { type: "string", multiple: true },
      list: { type: "string", default: everything },
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
  await ensureDebianPackages(guestPackages);
  const testsOf = ({ isSupported, generatedPrograms }) =>
    isSupported ? tests.filter((test) => test !== loadingTest || generatedPrograms > 0) : testsForOldKernels;
  const compiled = new Set(chosen.flatMap(testsOf));
  await compileTests([...compiled]);
  // All programs of this run, generated here and in guests.
  process.env.TAPBOOK_SEED ??= String(Date.now() & 0x7fffffff);
  if (compiled.has(loadingTest)) await writePrograms();
  console.log(`programs are generated from TAPBOOK_SEED=${process.env.TAPBOOK_SEED}`);
  // One after the other where they may have to be fetched: apt works on one list at a time.
  for (const kernel of chosen) if (kernel !== thisMachine) await fetchKernel(kernel, values);
  const runs = await runOnAll(chosen, (kernel) => runOn(kernel, testsOf(kernel)));
  if (values.write) {
    if (chosen.length === known.length && values.list === everything) await writePage(runs);
    await writeFamilies(runs);
  }
  const all = runs.flatMap(({ results }) => results);
  const count = (wanted) => all.filter(({ status }) => status === wanted).length;
  console.log("");
  return closingLine({ passed: count("passed"), failed: count("failed"), skipped: count("skipped") });
});
