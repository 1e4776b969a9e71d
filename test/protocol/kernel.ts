/** Starts a kernel server with the fake interpreter, and clients for it. */
import type { ChannelName, Connection } from "../../kernel/protocol/connection.js";
import { KernelServer } from "../../kernel/protocol/server.js";
import { Client, type Target } from "./client.js";
import { description, FakeInterpreter } from "./fake-interpreter.js";

export interface TestKernel {
  readonly server: KernelServer;
  readonly interpreter: FakeInterpreter;
  readonly client: Client;
  readonly log: readonly string[];
  readonly target: Target;
  /** Ends both; fails if the client received anything that breaks the protocol. */
  close(): Promise<void>;
}

export const anyPorts = { shell: 0, control: 0, stdin: 0, iopub: 0, hb: 0 };

/** On this machine, at any free ports. */
export function connectionWith(options: Partial<Connection> = {}): Connection {
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    ports: anyPorts,
    key: "a key of the test",
    signatureScheme: "hmac-sha256",
    ...options,
  };
}

export async function startKernel(options: Partial<Connection> = {}): Promise<TestKernel> {
  const { server, interpreter, log, target } = await startServer(options);
  const client = await Client.connect(target);
  const close = async (): Promise<void> => {
    await server.close();
    client.close();
  };
  return { server, interpreter, client, log, target, close };
}

/** The kernel alone, without a client. */
export async function startServer(
  options: Partial<Connection> = {},
): Promise<Pick<TestKernel, "server" | "interpreter" | "log" | "target">> {
  const connection = connectionWith(options);
  const interpreter = new FakeInterpreter();
  const log: string[] = [];
  const server = await KernelServer.start({
    connection,
    description,
    interpreter: async () => interpreter,
    log: (line) => log.push(line),
  });
  return { server, interpreter, log, target: targetOf(connection, server.ports) };
}

export function targetOf(connection: Connection, ports: Readonly<Record<ChannelName, number>>): Target {
  return {
    key: connection.key,
    ...(connection.curve ? { curveServerKey: connection.curve.publicKey } : {}),
    algorithm: connection.signatureScheme.slice("hmac-".length),
    endpoint: (channel) =>
      connection.transport === "ipc"
        ? `ipc://${connection.ip}-${ports[channel]}`
        : `tcp://${connection.ip}:${ports[channel]}`,
  };
}
