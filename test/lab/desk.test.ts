/** A notebook as somebody works with it in JupyterLab 4: typing, completing, asking, stopping, looking at a saved one. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { describeUnless, kernelIsMissing } from "../end_to_end/checkout.js";
import { codeCells, notebookOf, textOf, type Notebook } from "../end_to_end/notebooks.js";
import { LabPage, browserIsMissing, openBrowser } from "./lab-page.js";
import { laboratoryIsMissing, startLaboratory, type Laboratory } from "./laboratory.js";

const missing = kernelIsMissing() ?? laboratoryIsMissing() ?? browserIsMissing();

const workload = "../native/build/Release/workload";

const coloured = `# who reads, and how much
global reads
probe syscall.read.return, timer.s(3600) {
  if (execname() == "reader" && $return > 0)
    reads[execname()] <<< $return
}`;

/** For as long as the Lab needs: ends with its command, which does not end by itself. */
const background = (
  name: string,
): string => `%%bg ${name} -c '${workload} read --count 1000000 --rate 500 --name ${name}'
global sizes_${name}
probe syscall.read { if (execname() == "${name}") sizes_${name} <<< randint(4000) }`;

describeUnless(missing, "working in JupyterLab 4", () => {
  const open = {} as { laboratory: Laboratory; browser: Browser; page: LabPage };

  beforeAll(async () => {
    open.laboratory = await startLaboratory();
    open.browser = await openBrowser();
    const folder = join(open.laboratory.work, "notebooks");
    writeFileSync(join(folder, "desk.ipynb"), JSON.stringify(notebookOf([coloured, ""])));
    writeFileSync(join(folder, "reader.stp"), coloured);
    open.page = await LabPage.open(open.browser, open.laboratory.address("notebooks/desk.ipynb")).catch((error) => {
      throw new Error(`the notebook did not open; the server says:\n${open.laboratory.server.log}`, { cause: error });
    });
  }, 150_000);

  afterAll(async () => {
    await open.browser?.close();
    await open.laboratory?.server.close();
  });

  /** Each kind of word of the script has a colour of its own, and of comments and keywords the right ones. */
  async function expectColoured(editor: string): Promise<void> {
    // The Lab asks the kernel for its language first.
    await open.page.waitUntil(async () => (await open.page.colours(editor)).has("probe"));
    const colours = await open.page.colours(editor);
    const words = ["# who reads, and how much", "probe", "syscall", '"reader"', "$return", "execname", "3600"];
    const found = words.map((word) => colours.get(word));
    expect(found).not.toContain(undefined);
    // Four at least in every theme: comment, keyword, string, number.
    expect(
      new Set(["# who reads, and how much", "probe", '"reader"', "3600"].map((word) => colours.get(word))).size,
    ).toBe(4);
    expect(colours.get("$return")).not.toBe(colours.get("reads"));
    expect(colours.get("if")).toBe(colours.get("probe"));
  }

  test("a cell is coloured as SystemTap, in light and in dark", async () => {
    const cell = ".jp-Notebook .jp-CodeCell:first-child .cm-content";
    await expectColoured(cell);
    await open.page.screenshot("desk-highlighting");
    const light = await open.page.colours(cell);
    await open.page.changeTheme("JupyterLab Dark");
    await open.page.waitUntil(async () => (await open.page.backgroundLuminance()) < 0.3);
    await expectColoured(cell);
    await open.page.screenshot("desk-highlighting-dark");
    expect((await open.page.colours(cell)).get("probe")).not.toBe(light.get("probe"));
    await open.page.changeTheme("JupyterLab Light");
    await open.page.waitUntil(async () => (await open.page.backgroundLuminance()) > 0.8);
  });

  test("lines are indented as one types", async () => {
    await open.page.type('probe begin {\nif (1)\nprintln("é")\nexit()\n}');
    expect((await open.page.cellText()).split("\n").map((line) => line.trimEnd())).toEqual([
      "probe begin {",
      "    if (1)",
      '        println("é")',
      "    exit()",
      "}",
    ]);
  });

  test("the bracket at the cursor and its partner are marked", async () => {
    await open.page.press("Control+End");
    await open.page.press("ArrowLeft");
    await open.page.press("ArrowRight");
    expect(await open.page.texts(".jp-mod-active .cm-matchingBracket")).toEqual(["{", "}"]);
  });

  test("Tab offers what could stand there, with its kind; Enter takes it", async () => {
    await open.page.clearCell();
    await open.page.type("probe syscall.getti");
    await open.page.press("Tab");
    const offered = await open.page.completions();
    expect(offered.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["syscall.gettid", "syscall.gettimeofday"]),
    );
    for (const { kind } of offered) expect(kind).not.toBe("");
    await open.page.screenshot("desk-completion");
    await open.page.press("Enter");
    expect(await open.page.cellText()).toBe(`probe ${offered[0]?.label}`);
  });

  test("Shift+Tab tells what a name is", async () => {
    await open.page.clearCell();
    await open.page.type("execname");
    await open.page.press("Shift+Tab");
    const [tooltip = ""] = await open.page.waitForTexts(".jp-Tooltip");
    expect(tooltip).toContain("execname");
    expect(tooltip.length).toBeGreaterThan(40);
    await open.page.screenshot("desk-hover");
    await open.page.press("Escape");
  });

  test("the stop button ends a trace in good order, and the next cell runs", async () => {
    await open.page.clearCell();
    await open.page.type(
      'probe begin { println("listening") } probe timer.s(1000) { exit() } probe end { println("ended") }',
    );
    await open.page.runCell();
    await open.page.waitForTexts('.jp-Notebook [data-mime-type="application/vnd.jupyter.stdout"]');
    await open.page.command("notebook:interrupt-kernel");
    await open.page.idle();
    const [shown = ""] = await open.page.texts('.jp-Notebook [data-mime-type="application/vnd.jupyter.stdout"]');
    expect(shown.trim().split("\n")).toEqual(["listening", "ended"]);
    expect(await open.page.texts('[data-mime-type="application/vnd.jupyter.error"]')).toEqual([]);
  });

  test("two background traces draw side by side while another cell runs", async () => {
    for (const name of ["one", "two"]) {
      await open.page.addCell(background(name));
      await open.page.runCell();
      await open.page.idle();
    }
    const moving = async (): Promise<readonly string[]> => open.page.pictures(".jp-RenderedVegaCommon5 .vega-embed");
    await open.page.waitUntil(async () => (await moving()).length >= 2);
    const before = await moving();
    await open.page.addCell("%traces");
    await open.page.runCell();
    await open.page.idle();
    const listed =
      (await open.page.texts('.jp-Notebook [data-mime-type="application/vnd.jupyter.stdout"]')).at(-1) ?? "";
    expect(listed).toMatch(/^one \(.*running/m);
    expect(listed).toMatch(/^two \(.*running/m);
    await open.page.waitUntil(async () => {
      const now = await moving();
      return before.every((picture, index) => picture !== now[index]);
    });
    await open.page.screenshot("desk-two-traces");
    await open.page.addCell("%stop *");
    await open.page.runCell();
    await open.page.idle();
  }, 120_000);

  test("a .stp file is a SystemTap script with an icon, coloured in the editor", async () => {
    await open.page.command("docmanager:open", { path: "notebooks/reader.stp" });
    await open.page.waitForTexts(".jp-FileEditor .cm-content");
    await expectColoured(".jp-FileEditor .cm-content");
    await open.page.command("filebrowser:go-to-path", { path: "notebooks" });
    expect(await open.page.fileType("reader.stp")).toMatchObject({ type: "SystemTap Script", hasIcon: true });
    await open.page.screenshot("desk-stp-file");
  });

  test("the saved notebook shows its charts in a Lab that has no kernel", async () => {
    await open.page.command("docmanager:open", { path: "notebooks/desk.ipynb" });
    await open.page.command("docmanager:save");
    const file = join(open.laboratory.work, "notebooks", "desk.ipynb");
    const saved = JSON.parse(readFileSync(file, "utf8")) as Notebook;
    const outputs = codeCells(saved).flatMap((cell) => cell.outputs);
    const charts = outputs.filter(({ data }) => data && "application/vnd.vegalite.v5+json" in data);
    expect(charts.length).toBeGreaterThanOrEqual(2);
    for (const { data } of charts) expect(textOf(data?.["image/svg+xml"])).toMatch(/^<svg[\s>]/);
    writeFileSync(
      join(open.laboratory.work, "notebooks", "kept.ipynb"),
      JSON.stringify({ ...saved, metadata: { kernelspec: { name: "absent", display_name: "Absent" } } }),
    );
    const page = await LabPage.openWithoutKernel(
      open.browser,
      open.laboratory.address("notebooks/kept.ipynb", "reader"),
    );
    await page.waitUntil(async () => (await page.charts()).length >= charts.length);
    for (const chart of await page.charts()) expect(chart.colouredPixels).toBeGreaterThan(500);
    await page.screenshot("desk-without-kernel");
    expect(page.problems).toEqual([]);
  }, 120_000);

  test("the page had no errors", () => {
    expect(open.page.problems).toEqual([]);
    expect(open.laboratory.server.log).not.toContain("rate exceeded");
  });
});
