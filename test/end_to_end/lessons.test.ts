/**
 * The notebooks from which people learn, each run by nbclient as a student would: what they find is what the workloads say they did.
 * With their outputs they are in `notebooks/executed` (`UPDATE_NOTEBOOKS=1 npm run test:unit -- test/end_to_end` writes them anew).
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataFolder, describeUnless, kernelIsMissing, project, python, pythonModuleIsMissing } from "./checkout.js";
import { codeCells, keepExecuted, textOf, type Notebook, type Output } from "./notebooks.js";

const runner = fileURLToPath(new URL("./execute_notebook.py", import.meta.url));
const vega = "application/vnd.vegalite.v5+json";
const missing =
  kernelIsMissing() ??
  pythonModuleIsMissing("nbclient", "python3-nbclient") ??
  pythonModuleIsMissing("nbconvert", "jupyter-nbconvert");

/** Largest output of a notebook that front ends still open without complaint. */
const MOST_BYTES = 5_000_000;

class Lesson {
  readonly outputs: readonly Output[];
  readonly #texts: ReadonlyMap<string, string>;

  constructor(
    notebook: Notebook,
    readonly html: string,
  ) {
    const cells = codeCells(notebook);
    this.outputs = cells.flatMap((cell) => cell.outputs);
    const shown = ({ data }: Output): string => textOf(data?.["text/plain"]);
    this.#texts = new Map(cells.map((cell) => [cell.id, [cell.text, ...cell.outputs.map(shown)].join("\n")]));
  }

  /** All that a cell printed and showed, as text. */
  text(id: string): string {
    const text = this.#texts.get(id);
    if (text === undefined) throw new Error(`the notebook has no cell ${id}`);
    return text;
  }

  /** The number behind a key in a table that a cell shows. */
  number(id: string, ...keys: string[]): number {
    const row = new RegExp(`^\\s*${keys.join("\\s+")}\\s+(\\d+)\\b`, "m").exec(this.text(id));
    return Number(row?.[1]);
  }

  /** The reports of the workloads that a cell ran, in their order. */
  reports(id: string): readonly { readonly calls: Record<string, number>; readonly errors: Record<string, unknown> }[] {
    return this.text(id)
      .split("\n")
      .filter((line) => line.startsWith('{"pid"'))
      .map((line) => JSON.parse(line) as ReturnType<Lesson["reports"]>[number]);
  }

  /** What the rows of the histogram in a cell come to. */
  counted(id: string): number {
    const rows = [...this.text(id).matchAll(/^\s*[<>]?\d+ \|[@ ]*(\d+)$/gm)];
    return rows.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  matches(id: string, pattern: RegExp): number {
    return this.text(id).match(pattern)?.length ?? 0;
  }
}

describeUnless(missing, "lessons", () => {
  const data = new DataFolder();
  const folder = join(data.path, "notebooks");
  mkdirSync(folder, { recursive: true });
  // Their workload is called by a path from the notebook's folder.
  symlinkSync(join(project, "native"), join(data.path, "native"));
  afterAll(() => data.remove());

  function call(...args: readonly string[]): void {
    const result = spawnSync(python, args, { cwd: folder, env: data.environment, encoding: "utf8", timeout: 150_000 });
    if (result.status !== 0) throw new Error(`${args.join(" ")} failed:\n${result.stderr}`);
  }

  function study(name: string): Lesson {
    cpSync(join(project, "notebooks", `${name}.ipynb`), join(folder, `${name}.ipynb`));
    const executed = join(folder, `${name}.executed.ipynb`);
    // What nbformat would mend in silence is an error.
    call("-W", "error:::nbformat", runner, `${name}.ipynb`, executed);
    call("-m", "nbconvert", "--to", "html", executed, "--output", `${name}.html`);
    keepExecuted(executed, name);
    const notebook = JSON.parse(readFileSync(executed, "utf8")) as Notebook;
    return new Lesson(notebook, readFileSync(join(folder, `${name}.html`), "utf8"));
  }

  /** What holds of every notebook: nothing failed or was lost, and every chart is there for every reader. */
  function expectSound({ outputs, html }: Lesson, charts: number): void {
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    expect(outputs.filter(({ name }) => name === "stderr").map(({ text }) => textOf(text))).toEqual([]);
    for (const output of outputs) expect(JSON.stringify(output).length).toBeLessThan(MOST_BYTES);
    const fidelity = outputs
      .map(({ data }) => textOf(data?.["text/plain"]))
      .filter((text) => text.startsWith("events "));
    expect(fidelity.length).toBeGreaterThan(5);
    for (const line of fidelity) expect(line).toMatch(/^events \d+ · lost 0 · map-full 0 · missed 0 · errors 0 /);
    const drawn = outputs.filter((output) => output.data && vega in output.data);
    expect(drawn.length).toBeGreaterThanOrEqual(charts);
    for (const { data } of drawn) {
      expect(textOf(data?.["image/svg+xml"])).toMatch(/^<svg[\s>]/);
      expect(textOf(data?.["text/plain"]).trim()).not.toBe("");
    }
    // The same pictures in a page that needs no Jupyter. That they are whole there is looked at in test/lab: nbconvert of Debian 12
    // lets a cleaner of HTML loose on drawings, which leaves their frames.
    const pictures = html.match(/<svg[^>]*class="marks"|<img[^>]*src="data:image\/svg\+xml/g) ?? [];
    expect(pictures.length).toBeGreaterThanOrEqual(drawn.length);
  }

  test("my first hour", () => {
    const lesson = study("first-hour");
    expectSound(lesson, 4);
    expect(lesson.text("hello").trim()).toBe("hello, kernel");
    // After 200, 400, 600, 800 and 1000 ms; what a busy machine delays, it makes up for.
    expect(lesson.matches("timer", /^tick$/gm)).toBe(5);
    const opened = lesson.reports("open")[0]?.calls["openat"];
    expect(opened).toBe(6);
    expect(lesson.matches("open", /^pupil opens AT_FDCWD, "\/dev\/null"/gm)).toBeGreaterThanOrEqual(opened ?? NaN);
    expect(lesson.matches("return", /^asked for 100 bytes, got 100$/gm)).toBe(3);
    // 3000 = 2 × 1024 + 952.
    expect(lesson.matches("function", /^2 KB and 952 bytes$/gm)).toBe(4);
    for (const [name, count] of Object.entries(lesson.reports("count")[0]?.calls ?? {}))
      expect(lesson.number("count", name)).toBe(count);
    expect(lesson.text("look").trim()).toBe("300");
    expect(lesson.text("sorted").trim().split("\n")).toHaveLength(3);
    // Three calls, of which each misses as often as it was told to.
    expect(lesson.number("two-keys", "clumsy", "failed")).toBe(lesson.reports("two-keys")[0] ? 3 * 8 : NaN);
    expect(lesson.number("two-keys", "careful", "failed")).toBe(3);
    expect(lesson.text("grown").trim()).toBe("1300");
    expect(lesson.text("statistics")).toMatch(/^5000 reads: from \d+ to \d+ ns, \d+ on average\n/);
    for (const size of ["1024", "16384", "262144"]) expect(lesson.number("by-size", size)).toBe(500);
  }, 200_000);

  test("three investigations", () => {
    const lesson = study("three-investigations");
    expectSound(lesson, 5);
    const [, , , sum] = /^hoarder\s+(\d+)\s+(\d+)\s+\d+\s+262144\s+(\d+)$/m.exec(lesson.text("who-writes")) ?? [];
    // What dd tells at its end comes to less than one block.
    expect(Math.floor(Number(sum) / (256 * 1024))).toBe(96);
    expect(lesson.number("who-waits", "fsync")).toBe(1);
    expect(lesson.text("disk-latency")).toMatch(/^(\d+ requests, \d+ KB each on average|No request reached a disk)/m);
    expect(lesson.number("time-who", "clockwatcher", "\\d+")).toBe(
      lesson.reports("time-who")[0]?.calls["gettimeofday"],
    );
    expect(lesson.counted("time-between")).toBe(2000 - 1);
    expect(lesson.matches("time-stacks", /^chain_inner < chain_middle < chain_outer < .*300$/gm)).toBe(1);
    expect(lesson.matches("time-stacks", /^chain_inner < chain_shortcut < .*150$/gm)).toBe(1);
    for (const name of Object.keys(lesson.reports("stat-who")[0]?.errors ?? {})) {
      expect(lesson.number("stat-who", name, "ENOENT")).toBe(40);
      expect(lesson.number("stat-who", name, "found")).toBe(10);
    }
    const calls = Object.keys(lesson.reports("stat-what")[0]?.errors ?? {}).length;
    expect(lesson.number("stat-what", "seeker", "/dev/null\\.missing")).toBe(40 * calls);
    expect(lesson.number("stat-cost", "miss")).toBe(2000 * calls);
  }, 200_000);

  test("latency", () => {
    const lesson = study("latency");
    expectSound(lesson, 6);
    const of = (name: string): number => Number(new RegExp(`${name} +(\\d+) ns`).exec(lesson.text("average"))?.[1]);
    expect(of("average")).toBeGreaterThan(2 * of("median"));
    expect(lesson.counted("linear")).toBe(8000);
    for (const size of ["512", "65536", "1048576"]) expect(lesson.number("by-size", size)).toBe(1000);
    expect(lesson.text("diff")).toMatch(/^count +300 +300 +0 /m);
    // Nobody sleeps less than a millisecond.
    expect(Number(/^ *300 +(\d+) /m.exec(lesson.text("before"))?.[1])).toBeGreaterThanOrEqual(1000);
    expect(lesson.text("heat")).toMatch(/█ is \d+ /);
  }, 200_000);

  test("CPU", () => {
    const lesson = study("cpu");
    expectSound(lesson, 4);
    expect(lesson.number("profile", "in the program")).toBeGreaterThan(20);
    expect(lesson.text("flame")).toContain("main");
    expect(lesson.text("kernel-flame")).toContain("vfs_read");
    expect(lesson.number("on-off", "dozer")).toBeGreaterThanOrEqual(80);
    expect(lesson.number("why-off", "spinner", "was taken off")).toBeGreaterThan(10);
    expect(lesson.number("why-off", "dozer", "went by itself")).toBeGreaterThanOrEqual(80);
    // One for each sleep, but for those at whose end it was running already.
    const wakeUps = Number(/^(\d+) wake-ups: /m.exec(lesson.text("run-queue"))?.[1]);
    expect(wakeUps).toBeGreaterThan(250);
    expect(wakeUps).toBeLessThanOrEqual(310);
    expect(lesson.text("by-cpu")).toMatch(/^cpu \d+ +\d+$/m);
  }, 200_000);
});
