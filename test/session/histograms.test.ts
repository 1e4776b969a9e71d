import { TestNotebook, plainTexts } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

test("an array of statistics shows a table, and the histograms of its keys with the same buckets", async () => {
  const cell = await notebook.run(
    'global lat\nlat["fast"] <<< 3\nlat["fast"] <<< 5\nlat["slow"] <<< 1\nlat["slow"] <<< 40\nlat["slow"] <<< 41',
  );
  expect(cell.outcome.status).toBe("ok");
  const [table, histograms] = plainTexts(cell);
  expect(table).toMatch(/^lat\nkey/);
  // By hand, from the rules: 1 | 2-3 | 4-7 | … | 32-63, two empty rows on either side.
  expect(histograms).toMatch(/^lat\[slow\]\nvalue \|-{50} count\n/);
  expect(histograms).toMatch(/\n {3}32 \|@@ +2\n/);
  expect(histograms).toMatch(/lat\[fast\]\n/);
  const spec = cell.bundles[1]?.data["application/vnd.vegalite.v5+json"] as {
    data: { values: { key: string; position: number; exact: string }[] };
  };
  const counts = (key: string): string[] => spec.data.values.filter((row) => row.key === key).map(({ exact }) => exact);
  // From 1 to 63 there are six buckets.
  expect(counts("slow")).toEqual(["1", "0", "0", "0", "0", "2"]);
  expect(counts("fast")).toEqual(["0", "1", "1", "0", "0", "0"]);
});
