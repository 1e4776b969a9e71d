/** What `tapbook notebook run` writes is a notebook by nbformat's own validator, whatever the cells show. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../scripts/setup/kernelspec.mjs";
import { describeUnless, kernelIsMissing, python, pythonModuleIsMissing } from "./checkout.js";
import { notebookOf } from "./notebooks.js";

const missing = kernelIsMissing() ?? pythonModuleIsMissing("nbformat", "python3-nbformat");

describeUnless(missing, "tapbook notebook run", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-run-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    [
      "of all kinds of output",
      ['println("x")', "1 + 1", "global s\nprobe begin { s <<< 3; print(@hist_log(s)); exit() }"],
    ],
    ["whose last cell failed", ['println("before")', "println(1 / 0)", 'println("after")']],
  ])(
    "writes a valid notebook %s",
    (_, sources) => {
      const [input, output] = [join(folder, "in.ipynb"), join(folder, "out.ipynb")];
      writeFileSync(input, JSON.stringify(notebookOf(sources)));
      spawnSync(process.execPath, [commandLine, "notebook", "run", input, "-o", output], { timeout: 60_000 });
      const check =
        "import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT))";
      const { status, stderr } = spawnSync(python, ["-W", "error", "-c", check, output], { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    },
    70_000,
  );
});
