/** The kernel's process: joins protocol, session and engine. What is heavy is imported when the first cell needs it. */
import { join } from "node:path";
import { readConnectionFile } from "./protocol/connection.js";
import type { Interpreter } from "./protocol/interpreter.js";
import { handleSignals, watchParent } from "./protocol/process-events.js";
import { KernelServer } from "./protocol/server.js";
import { description } from "./session/description.js";
import { stateFolder } from "./session/state_folder.js";

function log(line: string): void {
  process.stderr.write(`tapbook: ${line}\n`);
}

async function startInterpreter(): Promise<Interpreter> {
  const [{ Notebook }, { catalogue }, { loadNative }] = await Promise.all([
    import("./session/notebook.js"),
    import("./session/catalogue.js"),
    import("./tracing/native.js"),
  ]);
  const historyFolder = join(stateFolder(), "history");
  const notebook = new Notebook({ native: loadNative(), catalogue, historyFolder, log, drawsInThread: true });
  // Behind a cell that has waited for this, if there is one.
  setImmediate(() => notebook.warmUp());
  return notebook;
}

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write("usage: main.js CONNECTION_FILE (Jupyter starts it; `tapbook run` runs scripts without)\n");
  process.exit(2);
}
try {
  const server = await KernelServer.start({
    connection: await readConnectionFile(path),
    description,
    interpreter: startInterpreter,
    log,
  });
  const end = (): void => void server.close();
  const forget = [handleSignals(server), watchParent(end)];
  await server.closed;
  for (const undo of forget) undo();
  process.exit(0);
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
