/** The distribution's jupyter_kernel_test, which checks every message against the protocol's own description. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { DataFolder, describeUnless, kernelIsMissing, python, pythonModuleIsMissing } from "./checkout.js";
import { allPassed, expectPassed, kernelTests } from "./kernel-test-report.js";

const samples = fileURLToPath(new URL("./jupyter_kernel_test_samples.py", import.meta.url));
const missing = kernelIsMissing() ?? pythonModuleIsMissing("jupyter_kernel_test", "python3-jupyter-kernel-test");

describeUnless(missing, "jupyter_kernel_test", () => {
  const data = new DataFolder();
  const report = { text: "" };

  beforeAll(() => {
    // Some of its waits have no limit of their own.
    const limits = { timeout: 120_000, killSignal: "SIGKILL" as const };
    const result = spawnSync(python, [samples, "-v"], { env: data.environment, encoding: "utf8", ...limits });
    report.text = `${result.stderr}${result.stdout}`;
  }, 130_000);

  afterAll(() => data.remove());

  test.each(kernelTests)("%s", (name) => expectPassed(report.text, name));

  test("has no other test that fails", () => expect(report.text).toMatch(allPassed));
});
