/** The notebooks as they are kept with their outputs: for the notebook as it is now, whole, and drawn for those who run nothing. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { project } from "./checkout.js";
import { codeCells, executedFolder, textOf, type Notebook } from "./notebooks.js";

const folder = join(project, "notebooks");
const read = (path: string): Notebook => JSON.parse(readFileSync(path, "utf8")) as Notebook;
const vega = /^application\/vnd\.vega(lite)?\./;

const MOST_BYTES = 5_000_000;

test("all are there", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb") && !name.endsWith(".executed.ipynb"));
  expect(names.toSorted()).toEqual(
    ["cpu", "first-hour", "latency", "three-investigations", "tour"].map((name) => `${name}.ipynb`),
  );
  expect(readdirSync(executedFolder).toSorted()).toEqual(names.toSorted());
});

describe.each(readdirSync(executedFolder))("%s", (name) => {
  const executed = read(join(executedFolder, name));
  const cells = codeCells(executed);

  test("is the notebook as it is now (UPDATE_NOTEBOOKS=1 npm run test:unit -- test/end_to_end)", () => {
    const sources = ({ cells }: Notebook): string[] => cells.map(({ source }) => textOf(source));
    expect(sources(executed)).toEqual(sources(read(join(folder, name))));
  });

  test("was run to its end without an error, and lost nothing", () => {
    expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_, index) => index + 1));
    const outputs = cells.flatMap((cell) => cell.outputs);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const fidelity = outputs
      .map(({ data }) => textOf(data?.["text/plain"]))
      .filter((text) => text.startsWith("events "));
    expect(fidelity.length).toBeGreaterThan(3);
    for (const line of fidelity) expect(line).toMatch(/ · lost 0 · map-full 0 · missed 0 · errors 0 /);
  });

  test("shows its charts where nothing draws them, and is of a size that is opened gladly", () => {
    const charts = cells
      .flatMap((cell) => cell.outputs)
      .filter(({ data }) => Object.keys(data ?? {}).some((type) => vega.test(type)));
    expect(charts.length).toBeGreaterThan(2);
    for (const { data } of charts) expect(textOf(data?.["image/svg+xml"])).toMatch(/^<svg[\s>]/);
    expect(statSync(join(executedFolder, name)).size).toBeLessThan(MOST_BYTES);
  });
});
