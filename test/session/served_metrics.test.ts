/** What monitoring reads of a script: text for Prometheus, JSON for others, each against what the script was told. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mountRefusal } from "../../kernel/tracing/script_files/fuse_mount.js";
import { TestNotebook } from "./notebook.js";

const notebook = new TestNotebook();
afterAll(() => notebook.notebook.shutdown());

const onThisMachine = mountRefusal() === null ? test : test.skip;

/** Runs a cell in the background, and reads one of its files, as often as told. */
async function served(script: string, file: string, times = 1): Promise<string[]> {
  const { stdout, outcome } = await notebook.run(`%%bg metrics\n${script}`);
  expect(outcome.status).toBe("ok");
  const folder = dirname(/(?<path>\/\S+\/(?:prometheus|data\.json))/.exec(stdout)?.groups?.["path"] ?? "/none/none");
  const texts = [];
  for (let time = 0; time < times; time++) texts.push(await readFile(join(folder, file), "utf8"));
  await notebook.run("%stop metrics");
  return texts;
}

onThisMachine("Prometheus reads arrays of numbers, with each key as a label", async () => {
  const [text] = await served(
    `global calls, sizes
     probe begin { calls["cat", 7] = 3; calls["a\\"b\\\\", -1] = 4; sizes[5] = 9223372036854775807 }
     probe prometheus {
       @prometheus_dump_array2(calls, "calls_total", "program", "number")
       @prometheus_dump_array1(sizes, "sizes", "of")
     }`,
    "prometheus",
  );
  // Escapes as in Prometheus's exposition format: backslash and quote.
  expect(text).toBe(
    'calls_total{program="cat",number="7"} 3\ncalls_total{program="a\\"b\\\\",number="-1"} 4\nsizes{of="5"} 9223372036854775807\n',
  );
});

const COUNTING = `global counts, reads
  probe begin {
    json_set_prefix("shop")
    json_add_numeric_metric("total", "all of them", "count")
    json_add_string_metric("state", "")
    json_add_array("parts", "one by one")
    json_add_array_numeric_metric("parts", "sold", "", "count")
    json_add_array_string_metric("parts", "note", "in words")
    counts["bolt"] = 3; counts["nut"] = 4
  }
  probe json_data {
    @json_output_data_start
    foreach ([part] in counts) {
      @json_output_array_numeric_value("parts", part, "sold", counts[part])
      if (part == "nut") @json_output_array_string_value("parts", part, "note", "a\\tb \\"c\\"\\n")
    }
    @json_output_numeric_value("total", 7)
    @json_output_string_value("state", sprintf("read %d times \\\\", ++reads))
    @json_output_data_end
  }`;

onThisMachine("JSON is made afresh for each who reads it", async () => {
  const texts = await served(COUNTING, "data.json", 2);
  expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
    [1, 2].map((time) => ({
      total: 7,
      state: `read ${time} times \\`,
      parts: [
        { __id: "bolt", sold: 3 },
        { __id: "nut", sold: 4, note: 'a\tb "c"\n' },
      ],
    })),
  );
});

onThisMachine("and another file tells what it means", async () => {
  const [text = ""] = await served(COUNTING, "metadata.json");
  expect(JSON.parse(text)).toEqual({
    prefix: "shop",
    metrics: [
      { name: "total", pointer: "/total", type: "integer", description: "all of them", units: "count" },
      { name: "state", pointer: "/state", type: "string" },
      {
        name: "parts",
        pointer: "/parts",
        type: "array",
        description: "one by one",
        index: "/__id",
        metrics: [
          { name: "sold", pointer: "/sold", type: "integer", units: "count" },
          { name: "note", pointer: "/note", type: "string", description: "in words" },
        ],
      },
    ],
  });
});

test("what is added again takes the place of the first, and what is nowhere cannot be added to", async () => {
  const { stdout } = await notebook.run(
    `json_add_numeric_metric("n", "", "")
     json_add_array("n", "")
     json_add_array_numeric_metric("n", "m", "", "")
     json_add_string_metric("n", "")
     try { json_add_array_numeric_metric("n", "m", "", "") } catch (message) { println(message) }`,
  );
  expect(stdout).toBe("there is no array called n: json_add_array() adds one\n");
});
