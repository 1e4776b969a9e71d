/** The tour in a real JupyterLab 4 in a real browser: cells run, charts are drawn, in both themes, and are saved. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { describeUnless, kernelIsMissing } from "../end_to_end/checkout.js";
import { codeCells, textOf, type Notebook } from "../end_to_end/notebooks.js";
import { LabPage, browserIsMissing, openBrowser, type DrawnChart } from "./lab-page.js";
import { laboratoryIsMissing, startLaboratory, type Laboratory } from "./laboratory.js";

const vega = "application/vnd.vegalite.v5+json";
const missing = kernelIsMissing() ?? laboratoryIsMissing() ?? browserIsMissing();

describeUnless(missing, "the tour in JupyterLab 4", () => {
  const open = {} as { laboratory: Laboratory; browser: Browser; page: LabPage };

  beforeAll(async () => {
    open.laboratory = await startLaboratory();
    open.browser = await openBrowser();
    open.page = await LabPage.open(open.browser, open.laboratory.address("notebooks/tour.ipynb")).catch((error) => {
      throw new Error(`the notebook did not open; the server says:\n${open.laboratory.server.log}`, { cause: error });
    });
  }, 150_000);

  afterAll(async () => {
    await open.browser?.close();
    await open.laboratory?.server.close();
  });

  const saved = (): Notebook =>
    JSON.parse(readFileSync(join(open.laboratory.work, "notebooks", "tour.ipynb"), "utf8")) as Notebook;
  const chartsOf = (notebook: Notebook) =>
    codeCells(notebook).flatMap((cell) => cell.outputs.filter((output) => output.data && vega in output.data));

  test("all cells run", async () => {
    await open.page.runAll(120);
    const complaints = await open.page.texts('[data-mime-type="application/vnd.jupyter.stderr"]');
    expect(complaints.join("\n")).not.toContain("ERROR");
  }, 130_000);

  test("what cells print is on the page", async () => {
    const printed = (await open.page.texts('[data-mime-type="application/vnd.jupyter.stdout"]')).join("\n");
    expect(printed.match(/^\d+\tclockwatcher$/gm)).toHaveLength(6);
    expect(printed).toContain("-> -2 (ENOENT)");
  });

  const expectDrawn = (charts: readonly DrawnChart[]): void => {
    for (const chart of charts) {
      expect(chart.width).toBeGreaterThan(200);
      expect(chart.height).toBeGreaterThan(80);
      // A bar of the narrowest histogram covers more than this; axes and text are grey and do not count.
      expect(chart.colouredPixels).toBeGreaterThan(500);
    }
  };

  test("every chart of the notebook is drawn, in light and in dark", async () => {
    await open.page.photograph("tour-light");
    expect(await open.page.backgroundLuminance()).toBeGreaterThan(0.8);
    const light = await open.page.charts();
    expectDrawn(light);

    await open.page.changeTheme("JupyterLab Dark");
    await open.page.photograph("tour-dark");
    expect(await open.page.backgroundLuminance()).toBeLessThan(0.3);
    expectDrawn(await open.page.charts());

    await open.page.command("docmanager:save");
    const inNotebook = chartsOf(saved());
    expect(light).toHaveLength(inNotebook.length);
    // The bar chart of all system calls, a histogram for each reader, and the two that are looked at later.
    expect(inNotebook.length).toBeGreaterThanOrEqual(4);
  }, 180_000);

  test("the saved notebook keeps for each chart its data, a picture and text", () => {
    for (const { data } of chartsOf(saved())) {
      expect(textOf(data?.["image/svg+xml"])).toMatch(/^<svg[\s>]/);
      expect(textOf(data?.["text/plain"]).trim()).not.toBe("");
      expect(JSON.stringify(data?.[vega])).toContain('"values"');
    }
  });

  test("the page had no errors", () => {
    expect(open.page.problems).toEqual([]);
    expect(open.laboratory.server.log).not.toContain("rate exceeded");
  });
});
