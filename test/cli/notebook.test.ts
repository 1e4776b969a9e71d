import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { start, tapbook, withFolder } from "./tapbook.js";

const code = (source: string | string[], tags: string[] = []): object => ({
  cell_type: "code",
  id: `c${Math.random().toString(36).slice(2)}`,
  source,
  metadata: { tags },
  outputs: [{ output_type: "stream", name: "stdout", text: ["stale"] }],
  execution_count: 99,
});

const notebook = (cells: object[], language = "systemtap"): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 4,
    metadata: { kernelspec: { name: "x", display_name: "x", language }, ours: 1 },
    cells,
  });

interface Executed {
  readonly nbformat: number;
  readonly metadata: Record<string, unknown>;
  readonly cells: readonly {
    readonly execution_count?: number;
    readonly outputs: readonly Record<string, unknown>[];
  }[];
}

const read = (path: string): Executed => JSON.parse(readFileSync(path, "utf8")) as Executed;

test("cells run in order in one session, and the file holds what they show", async () => {
  await withFolder(async (folder) => {
    const [input, output] = [join(folder, "in.ipynb"), join(folder, "out.ipynb")];
    const markdown = { cell_type: "markdown", id: "m", source: ["# Title"], metadata: {} };
    writeFileSync(input, notebook([markdown, code(["global n = 6\n", 'println("first")']), code(""), code("n * 7")]));
    const { status, stdout, stderr } = await tapbook(["notebook", "run", input, "-o", output]);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toMatch(/^cell 1 of 2: ok, .* s\ncell 2 of 2: ok, .* s\nwritten to .*out\.ipynb\n$/);
    const { nbformat, metadata, cells } = read(output);
    expect(nbformat).toBe(4);
    expect(metadata).toMatchObject({ ours: 1, kernelspec: { name: "tapbook" }, language_info: { name: "systemtap" } });
    expect(cells[1]).toMatchObject({
      execution_count: 1,
      outputs: [{ output_type: "stream", name: "stdout", text: ["first\n"] }],
    });
    expect(cells[3]).toMatchObject({
      execution_count: 2,
      outputs: [{ output_type: "execute_result", data: { "text/plain": ["42"] } }],
    });
  });
});

test("a cell that fails is the last, is named, and what ran before it is written", async () => {
  await withFolder(async (folder) => {
    const input = join(folder, "in.ipynb");
    writeFileSync(input, notebook([code("println(1)"), code("nonsense here"), code("println(3)")]));
    const { status, stderr } = await tapbook(["notebook", "run", input]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/cell 2 of 3: failed[^]*tapbook: cell 2 failed: /);
    const { cells } = read(join(folder, "in.executed.ipynb"));
    expect(cells[0]).toMatchObject({ outputs: [{ text: ["1\n"] }] });
    expect(cells[1]?.outputs).toEqual([expect.objectContaining({ output_type: "error" })]);
    expect(cells[2]?.execution_count).toBe(99);
  });
});

test("a mistake that a cell shows on purpose stops nothing", async () => {
  await withFolder(async (folder) => {
    const input = join(folder, "in.ipynb");
    writeFileSync(input, notebook([code("nonsense here", ["raises-exception"]), code("println(2)")]));
    expect((await tapbook(["notebook", "run", input])).status).toBe(0);
  });
});

test("--show prints cells and outputs as text", async () => {
  await withFolder(async (folder) => {
    const input = join(folder, "in.ipynb");
    writeFileSync(
      input,
      notebook([{ cell_type: "markdown", id: "m", source: "# Title", metadata: {} }, code('println("out")')]),
    );
    const { stdout, stderr } = await tapbook(["notebook", "run", "--show", input]);
    expect(stdout.toString()).toMatch(/^\nTitle\n\nIn \[1\]\n│ println\("out"\)\nout\n── .* s\n$/);
    expect(stderr).toMatch(/^written to [^\n]*\n$/);
  });
});

test("--show prints text as it comes, and all outputs once and in order", async () => {
  await withFolder(async (folder) => {
    const [input, go] = [join(folder, "in.ipynb"), join(folder, "go")];
    const cell = [
      'probe begin { println("early") system("while ! test -e go; do sleep 0.05; done") exit() }',
      'global n = 5 probe end { n++; println("late") }',
    ].join("\n");
    writeFileSync(input, notebook([code(cell)]));
    const running = start(["notebook", "run", "--show", input]);
    // The cell ends only after this.
    await running.hasPrinted("\nearly\n");
    writeFileSync(go, "");
    const { status, stdout } = await running.finished;
    expect(status).toBe(0);
    expect(stdout.toString()).toMatch(/\nearly\nlate\nn=6\n── .* s\n$/);
  });
});

test("a cell that runs too long is interrupted, and that is a failure", async () => {
  await withFolder(async (folder) => {
    const input = join(folder, "in.ipynb");
    writeFileSync(input, notebook([code('probe timer.s(60) {} probe end { println("end") }')]));
    const { status, stderr } = await tapbook(["notebook", "run", "--timeout", "1", input]);
    expect(status).toBe(1);
    expect(stderr).toContain("cell 1 ran longer than 1 s and was interrupted");
    expect(read(join(folder, "in.executed.ipynb")).cells[0]).toMatchObject({
      outputs: expect.arrayContaining([expect.objectContaining({ text: ["end\n"] })]),
    });
  });
});

test("^C lets the running cell finish", async () => {
  await withFolder(async (folder) => {
    const [input, started] = [join(folder, "in.ipynb"), join(folder, "started")];
    const cell =
      'probe begin { println("on") system("touch started") } probe timer.s(60) {} probe end { println("end") }';
    writeFileSync(input, notebook([code(cell)]));
    const running = start(["notebook", "run", input]);
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill("SIGINT");
    expect((await running.finished).status).toBe(0);
    expect(read(join(folder, "in.executed.ipynb")).cells[0]).toMatchObject({ outputs: [{ text: ["on\n", "end\n"] }] });
  });
});

test("^C before the first cell leaves it alone", async () => {
  await withFolder(async (folder) => {
    const input = join(folder, "in.ipynb");
    writeFileSync(input, notebook([code("probe timer.s(60) {}")]));
    const running = start(["notebook", "run", input], { env: { ...process.env, TMPDIR: folder } });
    // Its folder is the first sign of the kernel, which then takes a while to start.
    while (!readdirSync(folder).some((name) => name.startsWith("tapbook-"))) await new Promise(setImmediate);
    running.child.kill("SIGINT");
    const { status, stderr } = await running.finished;
    expect({ status, stderr }).toEqual({ status: 1, stderr: "tapbook: interrupted before cell 1\n" });
  });
});

test("what is no notebook of ours is refused in one sentence", async () => {
  await withFolder(async (folder) => {
    const input = join(folder, "in.ipynb");
    const refusal = async (text: string): Promise<string> => {
      writeFileSync(input, text);
      const { status, stderr } = await tapbook(["notebook", "run", input]);
      expect(status).toBe(1);
      return stderr;
    };
    expect(await refusal("{")).toMatch(/^tapbook: .* is no notebook: it is not JSON\n$/);
    expect(await refusal("{}")).toMatch(/^tapbook: .* is no notebook: it has no cells\n$/);
    expect(await refusal(notebook([], "python"))).toMatch(/^tapbook: .* is in "python", which another kernel runs\n$/);
    expect(await refusal('{"nbformat": 3, "cells": []}')).toMatch(/^tapbook: .* is nbformat 3; nbformat 4 is read\n$/);
    expect(await tapbook(["notebook", "run", join(folder, "none.ipynb")])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("there is no such file"),
    });
  });
});
