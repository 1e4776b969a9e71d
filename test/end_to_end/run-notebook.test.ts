/** The notebook runner: what it shows, what it writes, how it ends. nbformat's own validator judges what it writes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFolder, describeUnless, kernelIsMissing, project, python, pythonModuleIsMissing } from "./checkout.js";
import { codeCells, notebookOf, type Notebook } from "./notebooks.js";

describeUnless(kernelIsMissing(), "run-notebook", () => {
  const data = new DataFolder();
  const folder = mkdtempSync(join(tmpdir(), "tapbook-run-"));
  afterAll(() => {
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(sources: readonly string[], ...options: string[]) {
    const path = join(folder, "a.ipynb");
    writeFileSync(path, JSON.stringify(notebookOf(sources)));
    const args = [join(project, "scripts", "run-notebook.mjs"), path, ...options];
    const result = spawnSync(process.execPath, args, { env: data.environment, encoding: "utf8", timeout: 60_000 });
    const executed = join(folder, "a.executed.ipynb");
    return { ...result, executed, notebook: JSON.parse(readFileSync(executed, "utf8")) as Notebook };
  }

  test("executes cells, shows them and ends with status 0", () => {
    const { status, stdout, notebook } = run(["global n = 20", 'printf("n is %d\\n", n + 1)']);
    expect(status).toBe(0);
    expect(stdout).toContain("n is 21");
    const [first, second] = codeCells(notebook);
    expect(first).toMatchObject({ execution_count: 1, outputs: [] });
    expect(second).toMatchObject({
      execution_count: 2,
      outputs: [{ output_type: "stream", name: "stdout", text: ["n is 21\n"] }],
    });
    expect(notebook.metadata.language_info).toMatchObject({ name: "systemtap", file_extension: ".stp" });
  });

  test("stops at a cell with an error, says which, keeps what ran", () => {
    const { status, stderr, notebook } = run(['println("before")', "println(1 / 0)", 'println("after")']);
    expect(status).toBe(1);
    expect(stderr).toContain("cell 2 failed");
    const [before, failing, after] = codeCells(notebook);
    expect(before?.outputs).toHaveLength(1);
    expect(failing?.outputs.at(-1)).toMatchObject({ output_type: "error" });
    expect(after?.outputs).toHaveLength(0);
  });

  test("interrupts a cell that runs too long", () => {
    const { status, stderr } = run(["probe timer.s(1000) { exit() }"], "--timeout", "1");
    expect(status).toBe(1);
    expect(stderr).toContain("ran longer than 1 s");
  });

  describeUnless(pythonModuleIsMissing("nbformat", "python3-nbformat"), "nbformat's own validator", () => {
    test("accepts what is written", () => {
      const chart = "global s\nprobe begin { s <<< 3; print(@hist_log(s)); exit() }";
      const { executed } = run(['println("x")', "1 + 1", chart]);
      const check =
        "import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT))";
      const { status, stderr } = spawnSync(python, ["-W", "error", "-c", check, executed], { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    });
  });

  test("names the folders that it looked in when there is no such kernel", () => {
    const { status, stderr } = run(["1"], "--kernel", "no-such-kernel");
    expect(status).toBe(1);
    expect(stderr).toContain(join(data.path, "kernels"));
    expect(stderr).not.toContain("    at ");
  });
});
