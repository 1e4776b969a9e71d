/** A notebook behind the protocol, as a front end meets it. */
import { KernelServer } from "../../kernel/protocol/server.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Notebook } from "../../kernel/session/notebook.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { Client } from "../protocol/client.js";
import { connectionWith, targetOf } from "../protocol/kernel.js";

export interface ServedNotebook {
  readonly client: Client;
  /** Ends all of it; fails where the client received anything that breaks the protocol. */
  close(): Promise<void>;
}

export async function serveNotebook(): Promise<ServedNotebook> {
  const notebook = new Notebook({ native: loadNative(), catalogue });
  const connection = connectionWith();
  const server = await KernelServer.start({
    connection,
    description: notebook.description,
    interpreter: async () => notebook,
    log: () => undefined,
  });
  const client = await Client.connect(targetOf(connection, server.ports));
  const close = async (): Promise<void> => {
    await server.close();
    await notebook.shutdown();
    client.close();
  };
  return { client, close };
}
