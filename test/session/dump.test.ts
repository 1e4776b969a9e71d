/** `%dump` and `%verifier` in a notebook, on this machine's kernel. */
import { loadNative } from "../../kernel/tracing/native.js";
import { TestNotebook } from "./notebook.js";

const native = loadNative();

/** Other test files of this process may have left some. */

const openBefore = native.openHandles();
let notebook: TestNotebook;
beforeEach(() => (notebook = new TestNotebook(native)));
afterEach(async () => {
  await notebook.close();
  expect(native.openHandles()).toBe(openBefore);
});

const PROBE = "probe syscall.getppid { n++ }";

test("the cell is printed and not run, and declares nothing", async () => {
  const { stdout, outcome, bundles } = await notebook.run(`%dump types bpf\nglobal n\n${PROBE}\nprintln("ran")`);
  expect(outcome.status).toBe("ok");
  expect(bundles).toEqual([]);
  expect(stdout).toMatch(/^== types ==\nglobal n: long, 1 entry\n/);
  expect(stdout).toMatch(/\n== bpf ==\n# program sys_enter .* for syscall\.getppid\nhandle:\n/);
  // Lines are those of the cell, the magic's counted.
  expect(stdout).toContain("; cell 1:3: probe syscall.getppid { n++ }");
  expect(stdout).not.toMatch(/^ran$/m);
  expect((await notebook.run("%globals")).stdout).toBe("no globals yet\n");
});

test("machine code is measured by loading it", async () => {
  const { stdout } = await notebook.run(`%dump jit\nglobal n\n${PROBE}`);
  const sizes =
    /^program sys_enter\n {2}(?<instructions>\d+) instructions .*\n {2}(?<bytes>\d+) bytes of machine code/.exec(
      stdout,
    )!.groups!;
  expect(Number(sizes["instructions"])).toBeGreaterThan(10);
  expect(Number(sizes["bytes"])).toBeGreaterThan(Number(sizes["instructions"]));
});

test("a mistake in the cell is the cell's error, behind what could be printed", async () => {
  const { stdout, outcome } = await notebook.run("%dump ast ir\nprobe begin { x = nosuch() }");
  expect(stdout).toMatch(/^== ast ==\nscript\n/);
  expect(stdout).not.toContain("== ir ==");
  expect(outcome).toMatchObject({ status: "error", error: { name: "SemanticError" } });
});

test.each(["%dump", "%dump everything", "%verifier now"])("%s is refused with its usage", async (magic) => {
  const { outcome } = await notebook.run(`${magic}\n`);
  expect(outcome).toMatchObject({ status: "error", error: { name: "MagicError" } });
});

test("the verifier's log of the last cell that had probes on events", async () => {
  expect((await notebook.run("%verifier")).outcome).toMatchObject({
    error: { message: "no cell has put anything into the kernel yet" },
  });
  await notebook.run(`%%trace for=100ms\nglobal n\n${PROBE}`);
  await notebook.run("n");
  const { stdout } = await notebook.run("%verifier");
  expect(stdout).toMatch(/^# program sys_enter\n/);
  expect(stdout).toMatch(/^\d+: \(..\) r/m);
  expect(stdout).toMatch(/^processed \d+ insns/m);
  await notebook.run("%reset");
  expect((await notebook.run("%verifier")).outcome.status).toBe("error");
});
