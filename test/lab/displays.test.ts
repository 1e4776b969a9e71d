/** Displays over time, rows and trees in a real JupyterLab 4: each is drawn, in both themes, and a table sorts where it stands. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { describeUnless, kernelIsMissing } from "../end_to_end/checkout.js";
import { notebookOf } from "../end_to_end/notebooks.js";
import { LabPage, browserIsMissing, openBrowser } from "./lab-page.js";
import { laboratoryIsMissing, startLaboratory, type Laboratory } from "./laboratory.js";

const workload = "../native/build/Release/workload";

const cells = [
  `%%trace -c '${workload} syscalls getppid --count 2000 --rate 700'
%plot lat as heatmap
%plot n rate
global lat, n
probe syscall.getppid.return {
  if (pid() == target()) { lat <<< gettimeofday_ns() - @entry(gettimeofday_ns()); n[name]++ }
}`,
  `%%table number square parity
%plot rows as scatter number square parity
for (i = 1; i <= 200; i++) printf("%d %d %s\\n", i, i * i, i % 2 ? "odd" : "even")`,
  `%%timeline end_ns duration_ns tid name -c '${workload} syscalls getppid --count 300'
probe syscall.getppid.return {
  if (pid() == target()) printf("%d %d %d %s\\n", gettimeofday_ns(), gettimeofday_ns() - @entry(gettimeofday_ns()), tid(), name)
}`,
  `%%trace -c '${workload} chain --count 200'
%plot stacks as flame
%plot stacks as tree
global stacks
probe syscall.getppid { if (pid() == target()) stacks[ubacktrace()]++ }`,
  `%%table name size
printf("%s %d\\n", "small", 1)
printf("%s %d\\n", "large", 300)
printf("%s %d\\n", "middle", 20)`,
];

const missing = kernelIsMissing() ?? laboratoryIsMissing() ?? browserIsMissing();

describeUnless(missing, "displays in JupyterLab 4", () => {
  const open = {} as { laboratory: Laboratory; browser: Browser; page: LabPage };

  beforeAll(async () => {
    open.laboratory = await startLaboratory();
    open.browser = await openBrowser();
    writeFileSync(join(open.laboratory.work, "notebooks", "displays.ipynb"), JSON.stringify(notebookOf(cells)));
    open.page = await LabPage.open(open.browser, open.laboratory.address("notebooks/displays.ipynb"));
    await open.page.runAll(100);
  }, 300_000);

  afterAll(async () => {
    await open.browser?.close();
    await open.laboratory?.server.close();
  });

  test.each([
    ["light", "JupyterLab Light"],
    ["dark", "JupyterLab Dark"],
  ] as const)(
    "all are drawn on %s",
    async (name, theme) => {
      await open.page.changeTheme(theme);
      await open.page.photograph(`displays-${name}`);
      const charts = await open.page.charts();
      // Heat map, series, scatter, timeline and flame graph.
      expect(charts).toHaveLength(5);
      for (const { width, height, colouredPixels } of charts) {
        expect(width).toBeGreaterThan(300);
        expect(height).toBeGreaterThan(60);
        expect(colouredPixels).toBeGreaterThan(100);
      }
      expect(open.page.problems).toEqual([]);
    },
    120_000,
  );

  test("the call tree has its functions, each beside what it took", async () => {
    const [tree = ""] = await open.page.texts(".tapbook-calls");
    expect(tree).toMatch(/300\s+0\s+100\.0 %\s+main\n/);
  });

  test("a click on a heading sorts the table", async () => {
    const names = async (): Promise<string[]> => open.page.topDown(".tapbook-sortable tbody tr");
    expect((await names()).map((row) => row.split(/\s/)[0])).toEqual(["small", "large", "middle"]);
    await open.page.click(".tapbook-sortable th:nth-child(2) label.first");
    expect((await names()).map((row) => row.split(/\s/)[0])).toEqual(["large", "middle", "small"]);
  });
});
