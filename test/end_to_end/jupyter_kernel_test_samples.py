"""The distribution's jupyter_kernel_test, with cells of our language. Run by jupyter-kernel-test.test.ts."""

import unittest

import jupyter_kernel_test


class TapbookTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tapbook"
    language_name = "systemtap"
    file_extension = ".stp"

    code_hello_world = 'println("hello, world")'
    code_stderr = 'warn("something is odd")'
    code_generate_error = "println(no_such_function())"
    code_inspect_sample = "execname"

    completion_samples = [
        {"text": "println(execn", "matches": {"execname"}},
        {"text": "probe syscall.getti", "matches": {"syscall.gettid", "syscall.gettimeofday"}},
    ]
    complete_code_samples = ["println(1)", "probe begin { exit() }", "global x"]
    incomplete_code_samples = ["probe begin {", 'println("a",', "foreach (x in y) {"]
    invalid_code_samples = ["probe begin }", "println(1))"]

    code_execute_result = [{"code": "6 * 7", "mime": "text/plain"}, {"code": '"a" . "b"', "mime": "text/plain"}]
    code_display_data = [
        {
            "code": "global s\nprobe begin { s <<< 3; s <<< 5; print(@hist_log(s)); exit() }",
            "mime": "application/vnd.vegalite.v5+json",
        },
        {
            "code": "global s\nprobe begin { s <<< 3; s <<< 5; print(@hist_log(s)); exit() }",
            "mime": "image/svg+xml",
        },
    ]
    code_clear_output = "ansi_clear_screen()"
    support_iopub_welcome = True
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main()
