/** What jupyter_kernel_test says, as Python's unittest prints it. */

// The pager's test is not in the list: nothing of ours opens one, and the payloads that do are deprecated.
export const kernelTests = [
  "test_clear_output",
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

/** Throws, with all of the report, where a test did not end well. */
export function expectPassed(report: string, name: string): void {
  // A test with a docstring has it on a line of its own before the outcome.
  const outcome = new RegExp(`^${name} \\(.*\\)(?:\\n.*)? \\.\\.\\. (ok|FAIL|ERROR|skipped.*)$`, "m").exec(report)?.[1];
  if (outcome !== "ok") throw new Error(`${name}: ${outcome ?? "did not run"}\n${report}`);
}

export const allPassed = /^OK( \(skipped=\d+\))?$/m;
