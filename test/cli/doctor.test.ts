import { release } from "node:os";
import { nobody, tapbook } from "./tapbook.js";

/** Marks by subject. */
function marks(report: string): Record<string, string> {
  const lines = [...report.matchAll(/^(ok|no|MISSING) {2,}(\S+(?: \S+)*?) {2,}\S/gm)];
  return Object.fromEntries(lines.map(([, mark, subject]) => [subject, mark]));
}

test("a machine that may trace is usable, and every line says what was found", async () => {
  const { status, stdout, stderr } = await tapbook(["doctor"]);
  const report = stdout.toString();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(report).toContain(release());
  expect(marks(report)).toMatchObject({
    kernel: "ok",
    capabilities: "ok",
    BTF: "ok",
    "ring buffer": "ok",
    perf_event: "ok",
    bpf_loop: "ok",
  });
  expect(Object.keys(marks(report))).toEqual(
    expect.arrayContaining([
      "tp_btf",
      "raw tracepoint",
      "kprobe",
      "fentry",
      "files",
      "tracefs",
      "RLIMIT_MEMLOCK",
      "Jupyter",
      "kernelspec",
      "lockdown",
    ]),
  );
});

test("without privilege the kernel's answer stands behind each trial, and the status is 1", async () => {
  const { status, stdout } = await tapbook(["doctor"], nobody);
  const report = stdout.toString();
  expect(status).toBe(1);
  expect(marks(report)).toMatchObject({
    capabilities: "MISSING",
    "raw tracepoint": "MISSING",
    "ring buffer": "MISSING",
  });
  expect(report).toMatch(/^MISSING {2}ring buffer .*EPERM/m);
});

test("a kernelspec that is not there is told, with the way to have it", async () => {
  const { stdout } = await tapbook(["doctor"], { env: { PATH: "", HOME: "/nonexistent" } });
  expect(stdout.toString()).toMatch(/^no {2,}Jupyter /m);
  expect(stdout.toString()).toMatch(/^no {2,}kernelspec .*\/nonexistent\/\.local\/share\/jupyter.*tapbook install/m);
});
