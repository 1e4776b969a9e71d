/** Cells that serve files: where they are is shown before anything else, and they are gone with their trace. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { mountRefusal } from "../../kernel/tracing/script_files/fuse_mount.js";
import { TestNotebook } from "./notebook.js";

const notebook = new TestNotebook();
afterAll(() => notebook.notebook.shutdown());

const onThisMachine = mountRefusal() === null ? test : test.skip;

onThisMachine("a cell says where its file is, and works on the same globals as other cells", async () => {
  let served: Promise<string> | null = null;
  const { outcome, stdout } = await notebook.run(
    `global level = 3
     probe procfs("level").read { $value = sprintf("%d", level) }
     probe procfs("level").write { level = strtol($value, 10); exit() }`,
    {},
    (text) => {
      const path = /its file is (?<path>\/\S+)/.exec(text)?.groups?.["path"];
      if (path !== undefined)
        served ??= (async () => {
          const before = await readFile(path, "latin1");
          await writeFile(path, "8\n");
          return `${before} ${path}`;
        })();
    },
  );
  expect(outcome.status).toBe("ok");
  const [before, path = ""] = (await served!).split(" ");
  expect(before).toBe("3");
  expect(stdout).toBe(`While this script runs, its file is ${path}\n`);
  expect(existsSync(path)).toBe(false);
  const { result } = await notebook.run("level");
  expect(result?.data["text/plain"]).toContain("8");
});

onThisMachine("a cell in the background serves its files until it is stopped", async () => {
  const { stdout } = await notebook.run('%%bg files\nprobe procfs("x").read { $value = "x" }');
  const path = /its file is (?<path>\/\S+)/.exec(stdout)?.groups?.["path"] ?? "";
  expect(await readFile(path, "latin1")).toBe("x");
  await notebook.run("%stop files");
  expect(existsSync(path)).toBe(false);
});
