/** A small notebook as the README shows it. Its picture is `.cache/screenshots/readme.png`, which docs/images/notebook.png is a copy of. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeUnless, kernelIsMissing } from "../end_to_end/checkout.js";
import { notebookOf } from "../end_to_end/notebooks.js";
import { LabPage, browserIsMissing, openBrowser } from "./lab-page.js";
import { laboratoryIsMissing, startLaboratory } from "./laboratory.js";

/** Only programs of ours: what else runs on the machine that takes the picture is nobody's business. */
const readers = `#!/bin/sh
workload=../native/build/Release/workload
$workload read --count 6000 --rate 2000 --name reader > /dev/null &
$workload read --count 600 --rate 200 --size 1048576 --name bigreader > /dev/null
wait
`;

const trace = `%%trace -c ./readers
global t, lat
probe syscall.read {
  if (execname() == "reader" || execname() == "bigreader") t[tid()] = gettimeofday_ns()
}
probe syscall.read.return {
  if (tid() in t) {
    lat[execname()] <<< gettimeofday_ns() - t[tid()]
    delete t[tid()]
  }
}`;

const missing = kernelIsMissing() ?? laboratoryIsMissing() ?? browserIsMissing();

describeUnless(missing, "the picture of the README", () => {
  test("shows a table and a chart of the traced programs alone", async () => {
    const laboratory = await startLaboratory();
    const browser = await openBrowser();
    try {
      const folder = join(laboratory.work, "notebooks");
      writeFileSync(join(folder, "readers"), readers, { mode: 0o755 });
      writeFileSync(join(folder, "reads.ipynb"), JSON.stringify(notebookOf([trace])));
      const page = await LabPage.open(browser, laboratory.address("notebooks/reads.ipynb"), {
        width: 940,
        height: 1000,
        scale: 1.5,
      });
      await page.runAll(60);
      const rows = await page.texts(".tapbook-table tbody tr");
      expect(rows.map((row) => row.split(/\s/)[0])).toEqual(["reader", "bigreader"]);
      // The histograms of both, one above the other.
      expect(await page.charts()).toHaveLength(1);
      await page.photographCells("readme");
      expect(page.problems).toEqual([]);
    } finally {
      await browser.close();
      await laboratory.server.close();
    }
  }, 240_000);
});
