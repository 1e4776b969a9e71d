/** The kernel with fewer rights than root's: just those that tracing needs, and none. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../scripts/setup/kernelspec.mjs";
import { DataFolder, describeUnless, kernelIsMissing, workload } from "./checkout.js";
import { codeCells, notebookOf, textOf, type Notebook } from "./notebooks.js";

function setprivIsMissing(): string | null {
  if (process.getuid?.() !== 0) return "only root can give up capabilities one by one";
  return existsSync("/usr/bin/setpriv") ? null : "no setpriv (Debian package util-linux)";
}

describeUnless(kernelIsMissing() ?? setprivIsMissing(), "capabilities", () => {
  const data = new DataFolder();
  const folder = mkdtempSync(join(tmpdir(), "tapbook-privilege-"));
  afterAll(() => {
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs cells in a kernel that has these capabilities and can get no others. */
  function run(capabilities: readonly string[], sources: readonly string[]) {
    const path = join(folder, "a.ipynb");
    writeFileSync(path, JSON.stringify(notebookOf(sources)));
    const bounding = ["-all", ...capabilities.map((name) => `+${name}`)].join(",");
    const runner = [process.execPath, commandLine, "notebook", "run", "--show", path, "--timeout", "30"];
    const { status, stderr } = spawnSync("/usr/bin/setpriv", [`--bounding-set=${bounding}`, ...runner], {
      env: data.environment,
      encoding: "utf8",
      timeout: 60_000,
    });
    const notebook = JSON.parse(readFileSync(join(folder, "a.executed.ipynb"), "utf8")) as Notebook;
    return { status, stderr, cells: codeCells(notebook) };
  }

  const count = [
    `%%trace -c '${workload} syscalls getppid --count 600 --rate 300 --name counted'`,
    "global n",
    'probe syscall.getppid { if (execname() == "counted") n++ }',
    'probe end { printf("n=%d\\n", n) }',
  ].join("\n");

  test("CAP_BPF and CAP_PERFMON are enough", () => {
    // Longer than the time after which the overhead is measured, which wants more than these two.
    const { status, stderr, cells } = run(["bpf", "perfmon"], [count, "n"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^written to [^\n]*\n$/) });
    expect(cells[0]?.text).toContain("n=600\n");
    expect(textOf(cells[1]?.outputs[0]?.data?.["text/plain"])).toContain("600");
  }, 70_000);

  test("without any, a cell says which are missing and how to grant them; statements run all the same", () => {
    const { status, cells } = run([], ["println(6 * 7)", count]);
    expect(status).toBe(1);
    expect(cells[0]?.text).toBe("42\n");
    const error = cells[1]?.outputs.find(({ output_type }) => output_type === "error");
    const shown = JSON.stringify(error);
    for (const word of ["CAP_BPF", "CAP_PERFMON", "setcap"]) expect(shown).toContain(word);
  }, 70_000);
});
