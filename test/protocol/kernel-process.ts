/** A kernel in a process of its own: what a main program does, with the fake interpreter. Its argument is the connection file. */
import { readConnectionFile } from "../../kernel/protocol/connection.js";
import { handleSignals, watchParent } from "../../kernel/protocol/process-events.js";
import { KernelServer } from "../../kernel/protocol/server.js";
import { description, FakeInterpreter } from "./fake-interpreter.js";

const server = await KernelServer.start({
  connection: await readConnectionFile(process.argv[2] ?? ""),
  description,
  interpreter: async () => new FakeInterpreter(),
  log: (line) => process.stderr.write(`${line}\n`),
});
handleSignals(server);
watchParent(() => void server.close());
await server.closed;
process.exit(0);
