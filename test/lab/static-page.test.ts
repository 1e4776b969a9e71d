/** A notebook as a page that needs no Jupyter and no network, by nbconvert of Debian trixie: every chart is to be seen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeUnless, kernelIsMissing } from "../end_to_end/checkout.js";
import { codeCells, type Notebook } from "../end_to_end/notebooks.js";
import { browserIsMissing, drawnCharts, openBrowser, screenshots } from "./lab-page.js";
import { laboratoryIsMissing, pythonWork, runPython } from "./laboratory.js";

const missing = kernelIsMissing() ?? laboratoryIsMissing() ?? browserIsMissing();

describeUnless(missing, "notebooks as pages", () => {
  test.each(["latency", "cpu"])(
    "%s",
    async (name) => {
      const said = runPython("test/lab/static_page.py", [name]);
      const folder = join(pythonWork, "notebooks");
      const notebook = JSON.parse(readFileSync(join(folder, `${name}.executed.ipynb`), "utf8")) as Notebook;
      const outputs = codeCells(notebook).flatMap((cell) => cell.outputs);
      expect([said, outputs.filter(({ output_type }) => output_type === "error")]).toEqual([expect.anything(), []]);
      const pictures = outputs.filter(({ data }) => data && "image/svg+xml" in data && !("text/html" in data));
      expect(pictures.length).toBeGreaterThanOrEqual(4);

      const browser = await openBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
        // Nothing is to be fetched; what the page asks for beyond itself (its template asks for MathJax) it does not get.
        await page.route(/^https?:/, (route) => route.abort());
        await page.goto(`file://${join(folder, `${name}.html`)}`);
        const drawn = await drawnCharts(page, '[data-mime-type="image/svg+xml"] img, .jp-RenderedSVG img');
        expect(drawn).toHaveLength(pictures.length);
        for (const chart of drawn) {
          expect(chart.height).toBeGreaterThan(40);
          expect(chart.colouredPixels).toBeGreaterThan(500);
        }
        await page.screenshot({ path: join(screenshots, `page-${name}.png`), fullPage: true });
      } finally {
        await browser.close();
      }
    },
    200_000,
  );
});
