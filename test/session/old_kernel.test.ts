/** What a refusal says depends on the kernel that refuses: with the words of Linux 5.10's own verifier. */
import { oldKernelSentence } from "../../kernel/session/old_kernel.js";
import type { EngineError } from "../../kernel/tracing/native.js";

function refusal(code: string, verifierLog = ""): EngineError {
  const error = { name: "EngineError", errno: 22, code, operation: "load program", verifierLog } as const;
  return Object.assign(new Error("cannot load program"), error);
}

const LOOP = refusal("EINVAL", "12: (85) call unknown#181\ninvalid func unknown#181\nprocessed 13 insns");

test.each([
  ["5.10.0-32-amd64", "This script needs Linux 6.1 or newer for loops in probes; this is Linux 5.10."],
  ["5.4.0", "This script needs Linux 6.1 or newer for loops in probes; this is Linux 5.4."],
  ["6.0.19", "This script needs Linux 6.1 or newer for loops in probes; this is Linux 6.0."],
  ["6.1.0-50-amd64", null],
  ["6.12.107+deb13-amd64", null],
  ["7.0.1", null],
])("a loop on Linux %s", (kernel, sentence) => {
  expect(oldKernelSentence(LOOP, kernel)).toBe(sentence);
});

test.each([
  [
    "number of funcs in func_info doesn't match number of subprogs\nprocessed 0 insns (limit 1000000)",
    "loops in probes",
  ],
  ["BPF_STX uses reserved fields\nprocessed 0 insns (limit 1000000)", "globals other than counters"],
  ["68: (85) call unknown#165\ninvalid func unknown#165\nprocessed 63 insns", "sprintf in probes"],
])("%j is about %s", (log, purpose) => {
  expect(oldKernelSentence(refusal("EINVAL", log), "5.10.0-32-amd64")).toBe(
    `This script needs Linux 6.1 or newer for ${purpose}; this is Linux 5.10.`,
  );
});

test("what it is that is missing is said only where it is known", () => {
  const plain = "This script needs Linux 6.1 or newer; this is Linux 5.10.";
  expect(oldKernelSentence(refusal("EINVAL", "R1 invalid mem access"), "5.10.0")).toBe(plain);
  expect(oldKernelSentence(refusal("EINVAL"), "5.10.0")).toBe(plain);
});

test.each(["EPERM", "EACCES", "ENOMEM", "E2BIG"])("%s without a log has another reason", (code) => {
  expect(oldKernelSentence(refusal(code), "5.10.0")).toBeNull();
});
