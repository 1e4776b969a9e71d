/**
 * Executes a notebook on a real kernel over ZeroMQ, shows it in the terminal, and writes the executed notebook beside it.
 *
 *     node scripts/run-notebook.mjs NOTEBOOK [--output FILE] [--kernel NAME] [--timeout SECONDS]
 *
 * Ends with status 0 when every cell was ok.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { KernelClient } from "./jupyter/kernel-client.mjs";
import { KernelProcess } from "./jupyter/kernel-process.mjs";
import { NotebookOutputs } from "./jupyter/outputs.mjs";
import { CellTranscript, showMarkdown, showSource } from "./jupyter/transcript.mjs";
import { findKernelspec } from "./setup/kernelspec.mjs";
import { dataDirectories } from "./setup/paths.mjs";
import { SetupError, done, failed, note, runMain } from "./setup/terminal.mjs";

/** Seconds that an interrupted cell has before the next, harder step. */
const patience = 10;

const sourceOf = (cell) => (Array.isArray(cell.source) ? cell.source.join("") : cell.source);

function readNotebook(path) {
  if (!existsSync(path)) throw new SetupError(`there is no notebook ${path}`);
  const notebook = JSON.parse(readFileSync(path, "utf8"));
  if (notebook.nbformat !== 4) throw new SetupError(`${path} is nbformat ${notebook.nbformat}; this reads nbformat 4`);
  return notebook;
}

function kernelspecFor(notebook, name = notebook.metadata?.kernelspec?.name) {
  if (!name) throw new SetupError("the notebook names no kernel; say which with --kernel NAME");
  const found = findKernelspec(name);
  if (!found) {
    const folders = dataDirectories().map((folder) => `  ${folder}/kernels`);
    throw new SetupError(`no kernelspec "${name}" in\n${folders.join("\n")}\n\`npm start\` installs Tapbook's.`);
  }
  return { name, ...found };
}

/** Runs one code cell into `cell`; returns whether it was ok. */
async function runCell({ kernel, client, outputs, timeoutSeconds }, cell, number) {
  const source = sourceOf(cell);
  const collected = outputs.forCell();
  const transcript = new CellTranscript(collected);
  const timing = {};
  showSource(source, number);
  const start = performance.now();
  let late = false;
  const seconds = [timeoutSeconds, timeoutSeconds + patience, timeoutSeconds + 2 * patience];
  // Asked to finish, asked to stop at once, then ended with its kernel.
  const means = [() => client.interrupt(), () => client.interrupt(), () => kernel.end(0)];
  const timers = means.map((mean, step) =>
    setTimeout(() => {
      late = true;
      void mean();
    }, seconds[step] * 1000),
  );
  const reply = await client
    .execute(source, (message) => {
      const { type, header, content } = message;
      if (type === "status") timing[`iopub.status.${content.execution_state}`] = header.date;
      if (type === "execute_input") timing["iopub.execute_input"] = header.date;
      if (type === "execute_reply") timing["shell.execute_reply"] = header.date;
      collected.accept(message);
      transcript.update();
    })
    .finally(() => timers.forEach(clearTimeout));
  transcript.finish((performance.now() - start) / 1000);
  cell.execution_count = reply.execution_count ?? number;
  cell.outputs = collected.outputs;
  cell.metadata = { ...cell.metadata, execution: timing };
  if (late) failed(`the cell ran longer than ${timeoutSeconds} s and was interrupted`);
  const mayFail = cell.metadata.tags?.includes("raises-exception") === true;
  return !late && (reply.status === "ok" || mayFail);
}

/** Runs the notebook's cells, filling in what they show, up to the first that is not ok. */
async function runNotebook(notebook, path, options) {
  const found = kernelspecFor(notebook, options.kernel);
  const kernel = await KernelProcess.start(found, dirname(path));
  const client = new KernelClient(kernel);
  let interrupts = 0;
  const onInterrupt = () => {
    interrupts++;
    note(interrupts === 1 ? "interrupting the cell; once more ends everything" : "ending");
    void (interrupts === 1 ? client.interrupt() : kernel.end(0));
  };
  process.on("SIGINT", onInterrupt);
  try {
    const info = await client.connect();
    notebook.metadata.kernelspec = {
      name: found.name,
      display_name: found.specification.display_name,
      language: found.specification.language,
    };
    notebook.metadata.language_info = info.language_info;
    notebook.nbformat_minor = Math.max(notebook.nbformat_minor ?? 0, 5);
    const outputs = new NotebookOutputs();
    let number = 0;
    for (const cell of notebook.cells) {
      if (cell.cell_type === "markdown") showMarkdown(cell.source);
      if (cell.cell_type !== "code" || sourceOf(cell).trim() === "") continue;
      number++;
      const ok = await runCell({ kernel, client, outputs, timeoutSeconds: options.timeout }, cell, number);
      if (!ok) throw new SetupError(`cell ${number} failed`);
    }
    return number;
  } finally {
    process.off("SIGINT", onInterrupt);
    await client.shutdown();
  }
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      output: { type: "string" },
      kernel: { type: "string" },
      timeout: { type: "string", default: "120" },
    },
  });
  if (positionals.length !== 1) {
    throw new SetupError(
      "usage: node scripts/run-notebook.mjs NOTEBOOK [--output FILE] [--kernel NAME] [--timeout SECONDS]",
    );
  }
  const timeout = Number(values.timeout);
  if (!(timeout > 0)) throw new SetupError(`--timeout wants seconds, not ${values.timeout}`);
  const path = resolve(positionals[0]);
  const output = resolve(values.output ?? path.replace(/(\.ipynb)?$/, ".executed.ipynb"));
  const notebook = readNotebook(path);
  try {
    const number = await runNotebook(notebook, path, { kernel: values.kernel, timeout });
    console.log("");
    done(`${number} cells were ok`, `written to ${output}`);
    return 0;
  } finally {
    // Also when a cell failed: what ran before it is worth reading.
    writeFileSync(output, `${JSON.stringify(notebook, null, 1)}\n`);
  }
});
