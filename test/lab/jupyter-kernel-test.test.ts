/** jupyter_kernel_test in the version of Debian trixie, with its jupyter_client: two years newer than this machine's. */
import { describeUnless, kernelIsMissing } from "../end_to_end/checkout.js";
import { allPassed, expectPassed, kernelTests } from "../end_to_end/kernel-test-report.js";
import { laboratoryIsMissing, runPython } from "./laboratory.js";

describeUnless(kernelIsMissing() ?? laboratoryIsMissing(), "jupyter_kernel_test of Debian trixie", () => {
  const report = { text: "" };
  beforeAll(() => {
    report.text = runPython("test/end_to_end/jupyter_kernel_test_samples.py", ["-v"]);
  }, 130_000);

  test.each(kernelTests)("%s", (name) => expectPassed(report.text, name));

  test("has no other test that fails", () => expect(report.text).toMatch(allPassed));
});
