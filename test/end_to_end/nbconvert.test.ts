/** nbconvert from the distribution: runs notebooks without a front end, and shows them to those who have no Jupyter. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataFolder, describeUnless, kernelIsMissing, project, python, pythonModuleIsMissing } from "./checkout.js";
import { codeCells, keepExecuted, notebookOf, textOf, type Notebook } from "./notebooks.js";

const missing = kernelIsMissing() ?? pythonModuleIsMissing("nbconvert", "jupyter-nbconvert");

describeUnless(missing, "nbconvert", () => {
  const data = new DataFolder();
  const folder = join(data.path, "notebooks");
  mkdirSync(folder, { recursive: true });
  // The tour calls its workload by a path from the notebook's folder.
  symlinkSync(join(project, "native"), join(data.path, "native"));
  afterAll(() => data.remove());

  function nbconvert(...args: string[]) {
    const result = spawnSync(python, ["-m", "nbconvert", ...args], {
      cwd: folder,
      env: data.environment,
      encoding: "utf8",
      timeout: 150_000,
    });
    if (result.status !== 0) throw new Error(`nbconvert ${args.join(" ")} failed:\n${result.stderr}`);
    return result;
  }

  test("--execute runs the whole tour", () => {
    cpSync(join(project, "notebooks", "tour.ipynb"), join(folder, "tour.ipynb"));
    nbconvert("--to", "notebook", "--execute", "tour.ipynb", "--output", "executed.ipynb");
    keepExecuted(join(folder, "executed.ipynb"), "tour");
    const cells = codeCells(JSON.parse(readFileSync(join(folder, "executed.ipynb"), "utf8")) as Notebook);
    const cell = (id: string) => {
      const found = cells.find((candidate) => candidate.id === id);
      if (!found) throw new Error(`the tour has no cell ${id}`);
      return found;
    };
    const outputs = cells.flatMap((each) => each.outputs);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);

    // The workload makes six calls, and says so itself.
    expect(cell("time").text.match(/^\d+\tclockwatcher$/gm)).toHaveLength(6);
    // 500 calls a second for two seconds; the timer and the workload need not start in the same instant.
    const [, count, rate] = /^clockwatcher\t(\d+)\t(\d+)$/m.exec(cell("progs").text) ?? [];
    expect(Number(count)).toBeGreaterThan(800);
    expect(Number(count)).toBeLessThanOrEqual(1100);
    expect(Number(rate)).toBe(Math.floor(Number(count) / 2));
    // Four misses of each of the three calls, none of the files that exist.
    const misses = cell("bad-stat")
      .text.split("\n")
      .filter((line) => line.startsWith("careless("));
    expect(misses).toHaveLength(12);
    for (const line of misses) expect(line).toMatch(/"\/dev\/null\.missing".* -> -2 \(ENOENT\)$/);
    // What the workload did is among what the whole system did.
    const calls = new Map<string, number>(
      cell("calls")
        .outputs.flatMap((output) => textOf(output.data?.["text/plain"]).split("\n"))
        .map((line) => line.trim().split(/\s+/))
        .map(([name = "", number]) => [name, Number(number)]),
    );
    expect(calls.get("getppid")).toBeGreaterThanOrEqual(1000);
    // 4000 reads of the one, and later 400 of the other beside them.
    const shown = (id: string): string =>
      cell(id)
        .outputs.map((output) => textOf(output.data?.["text/plain"]))
        .join("\n");
    expect(shown("later-lat")).toMatch(/^reader\s+4000\s/m);
    const more = shown("later-more");
    expect(more).toMatch(/^reader\s+4000\s/m);
    expect(more).toMatch(/^bigreader\s+400\s/m);
    expect(cell("later-foreach").text.trim().split("\n")).toHaveLength(5);
  }, 160_000);

  test("HTML without a kernel and without Jupyter shows charts and text", () => {
    const cells = ["global s\nprobe begin { s <<< 3; s <<< 300; print(@hist_log(s)); exit() }", 'println("in words")'];
    writeFileSync(join(folder, "chart.ipynb"), JSON.stringify(notebookOf(cells)));
    nbconvert("--to", "html", "--execute", "chart.ipynb");
    const html = readFileSync(join(folder, "chart.html"), "utf8");
    expect(html).toMatch(/<svg[^>]*class="marks"|<img[^>]*src="data:image\/svg\+xml/);
    expect(html).toContain("in words");
  }, 60_000);

  test("--to script writes a .stp file", () => {
    writeFileSync(join(folder, "plain.ipynb"), JSON.stringify(notebookOf(['probe begin { println("x"); exit() }'])));
    nbconvert("--to", "notebook", "--execute", "--inplace", "plain.ipynb");
    nbconvert("--to", "script", "plain.ipynb");
    expect(readFileSync(join(folder, "plain.stp"), "utf8")).toContain('probe begin { println("x"); exit() }');
  }, 60_000);
});
