/** Every example of the reference's page on magics, run as written, in an hour's session that has what it builds on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { magics } from "../../kernel/magics/index.js";
import { TestNotebook, traceback } from "../session/notebook.js";

/** The cells before it, by the magic's name as it is written. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  "%reset": ['global calls\ncalls["read"]++'],
  "%stop": ["%%bg reads\nprobe syscall.read { }"],
  "%pause": ["%%bg reads\nprobe syscall.read { }"],
  "%resume": ["%%bg reads\nprobe syscall.read { }", "%pause reads"],
  "%probe": ["%%bg reads\nprobe syscall.read { }"],
  "%perfetto": [
    '%%timeline time_ns tid\nprobe begin { printf("%d %d\\n", gettimeofday_ns(), tid()); printf("%d %d\\n", gettimeofday_ns(), tid()) }',
  ],
  "%snapshot": ['global calls\ncalls["read"]++'],
  "%snapshots": ['global calls\ncalls["read"]++', "%snapshot before"],
  "%diff": ["global lat\nlat <<< 3", "%snapshot before lat", "lat <<< 9"],
  "%save": ['global lat, calls\nlat <<< 3\ncalls["read"]++'],
  "%load": ["global lat\nlat <<< 3", "%save monday.tapbook lat"],
  "%export": ["global lat\nlat <<< 3"],
  "%limits": ["global sizes"],
  "%verifier": ["%%trace for=10ms\nprobe syscall.read { }"],
};

/** A cell that no time ends: it is interrupted when it has run for a little. */
const INTERRUPTED_AFTER_MS = 1000;

let notebook: TestNotebook;
const home = process.cwd();
let folder: string;

beforeEach(() => {
  notebook = new TestNotebook();
  folder = mkdtempSync(join(tmpdir(), "tapbook-examples-"));
  process.chdir(folder);
});

afterEach(async () => {
  await notebook.close();
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

async function run(code: string) {
  const timer = setTimeout(() => notebook.notebook.interrupt(), INTERRUPTED_AFTER_MS);
  const cell = await notebook.run(code);
  clearTimeout(timer);
  const error = cell.outcome.status === "error" ? traceback(cell).join("\n") : null;
  return { ...cell, error };
}

/** Those that only change how things are; all others show something. */
const SILENT: readonly string[] = ["%pause", "%resume", "%probe", "%reset"];

const written = magics.map(({ kind, name, example }) => [`${kind === "cell" ? "%%" : "%"}${name}`, example] as const);

test.each(written)("%s", async (name, example) => {
  expect(example).toMatch(new RegExp(`^${name}\\b`, "m"));
  for (const cell of BEFORE[name] ?? []) expect((await run(cell)).error).toBeNull();
  const { error, stdout, stderr, bundles } = await run(example);
  expect(error).toBeNull();
  expect(stderr).toBe("");
  // What goes on in the background shows its results when it ends.
  await notebook.run("%stop *");
  expect(stdout !== "" || bundles.length > 0).toBe(!SILENT.includes(name));
});
