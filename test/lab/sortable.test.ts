/** Tables in a browser: a click on a heading sorts them, with no script in the page. */
import { renderResult } from "../../kernel/render/index.js";
import { TABLE } from "../render/results.js";
import { describeUnless } from "../end_to_end/checkout.js";
import { browserIsMissing, openBrowser } from "./lab-page.js";

describeUnless(browserIsMissing(), "a table in a browser", () => {
  test("a click sorts, a second one turns the order around, and two tables do not disturb each other", async () => {
    const rows = [
      ["write", 2n, 30n],
      ["read", 3n, 10n],
      ["open", 1n, 20n],
    ] as const;
    const html = String((await renderResult({ ...TABLE, rows, totalRows: 3 })).data["text/html"]);
    const browser = await openBrowser();
    try {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.setContent(`${html}${html}`);
      const shown = async (table: number): Promise<string[]> => {
        const lines = await page.locator("form").nth(table).locator("tbody tr").all();
        const places = await Promise.all(
          lines.map(async (line) => ({
            top: (await line.boundingBox())!.y,
            name: await line.locator("td").first().innerText(),
          })),
        );
        return places.toSorted((left, right) => left.top - right.top).map(({ name }) => name);
      };
      const click = (table: number, column: number): Promise<void> =>
        page.locator("form").nth(table).locator("th").nth(column).locator("label:visible").click();
      expect(await shown(0)).toEqual(["write", "read", "open"]);
      await click(0, 2);
      expect(await shown(0)).toEqual(["write", "open", "read"]);
      await click(0, 2);
      expect(await shown(0)).toEqual(["read", "open", "write"]);
      await click(1, 0);
      expect(await shown(1)).toEqual(["open", "read", "write"]);
      expect(await shown(0)).toEqual(["read", "open", "write"]);
      await click(0, 1);
      expect(await shown(0)).toEqual(["read", "write", "open"]);
    } finally {
      await browser.close();
    }
  }, 60_000);
});
