/** The distribution's jupyter_kernel_test, which checks every message against the protocol's own description. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { DataFolder, describeUnless, kernelIsMissing, python, pythonModuleIsMissing } from "./checkout.js";

const samples = fileURLToPath(new URL("./jupyter_kernel_test_samples.py", import.meta.url));
const missing = kernelIsMissing() ?? pythonModuleIsMissing("jupyter_kernel_test", "python3-jupyter-kernel-test");

// Those that need what our language has not are not in the list: a pager (payloads are deprecated) and clearing outputs.
const expected = [
  "test_completion",
  "test_display_data",
  "test_error",
  "test_execute_result",
  "test_execute_stderr",
  "test_execute_stdout",
  "test_history",
  "test_inspect",
  "test_is_complete",
  "test_kernel_info",
];

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

  test.each(expected)("%s", (name) => {
    const outcome = new RegExp(`^${name} .* \\.\\.\\. (ok|FAIL|ERROR|skipped.*)$`, "m").exec(report.text)?.[1];
    if (outcome !== "ok") throw new Error(`${name}: ${outcome ?? "did not run"}\n${report.text}`);
  });

  test("has no other test that fails", () => {
    expect(report.text).toMatch(/^OK \(skipped=\d+\)$/m);
  });
});
