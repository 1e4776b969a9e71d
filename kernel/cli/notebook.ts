/** `tapbook notebook run`: a notebook from beginning to end, over Jupyter's own protocol. */
import { dirname, resolve } from "node:path";
import { onlyOperand, parseCommandLine, UsageError, type Command } from "./command.js";

const DEFAULT_TIMEOUT = 120;

const help = `usage: tapbook notebook run [OPTION]... IN.ipynb

Executes a notebook on a kernel of its own, over Jupyter's protocol, and writes it with what its cells show. A cell that
fails is the last, unless it is tagged raises-exception.

  -o OUT.ipynb       where to write; default: IN.executed.ipynb
  --show             show cells and their outputs as text, instead of how far it is
  --timeout SECONDS  interrupt a cell that runs longer; default: ${DEFAULT_TIMEOUT}
  -h, --help         this text

^C asks the running cell to finish; a second one ends everything.
Status: 0 when every cell was ok, 1 when one failed or a file could not be read or written, 2 for wrong use.`;

export const command: Command = {
  help,
  async run(args) {
    const { values, positionals } = parseCommandLine({
      args: [...args],
      allowPositionals: true,
      options: {
        output: { type: "string", short: "o" },
        show: { type: "boolean" },
        timeout: { type: "string", default: String(DEFAULT_TIMEOUT) },
      },
    });
    const [action, ...files] = positionals;
    if (action !== "run")
      throw new UsageError(action === undefined ? "what is to be done? run" : `there is no notebook ${action}`);
    const timeoutSeconds = Number(values.timeout);
    if (!(timeoutSeconds > 0)) throw new UsageError(`--timeout wants seconds, not ${values.timeout}`);
    const input = resolve(onlyOperand(files, "IN.ipynb"));
    const output = resolve(values.output ?? input.replace(/(?:\.ipynb)?$/, ".executed.ipynb"));
    await runNotebook({ input, output, timeoutSeconds, show: values.show ?? false });
    return 0;
  },
};

interface NotebookRun {
  readonly input: string;
  readonly output: string;
  readonly timeoutSeconds: number;
  readonly show: boolean;
}

async function runNotebook({ input, output, timeoutSeconds, show }: NotebookRun): Promise<void> {
  const [{ isRunnable, NotebookExecution }, { readNotebook, writeNotebook }, { Progress }, { Transcript }] =
    await Promise.all([
      import("./notebook/execute.js"),
      import("./notebook/document.js"),
      import("./notebook/progress.js"),
      import("./notebook/transcript.js"),
    ]);
  const notebook = readNotebook(input);
  // The transcript shows how far it is by itself, and a bar would stand in its lines.
  const observer = show
    ? new Transcript(process.stdout)
    : new Progress(process.stderr, notebook.cells.filter(isRunnable).length);
  const execution = new NotebookExecution(notebook, { folder: dirname(input), timeoutSeconds, observer });
  const interrupt = (): void => execution.interrupt();
  process.on("SIGINT", interrupt);
  try {
    await execution.run();
  } finally {
    process.off("SIGINT", interrupt);
    observer.close();
    // Also when a cell failed: what ran before it is worth reading.
    writeNotebook(output, notebook);
  }
  process.stderr.write(`written to ${output}\n`);
}
