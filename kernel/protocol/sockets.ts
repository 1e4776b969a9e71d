import { rm } from "node:fs/promises";
import { Router, type SocketOptions, XPublisher } from "zeromq";
import { channelNames, type ChannelName, type Connection, endpoint } from "./connection.js";
import { reason } from "./errors.js";
import { Heartbeat } from "./heartbeat.js";

/** The five channels, bound. */
export interface Sockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: XPublisher;
  /** Where they are bound, also where the system chose. */
  readonly ports: Readonly<Record<ChannelName, number>>;
  close(): Promise<void>;
}

/** An address that cannot be bound; the message names the channel and the address. */
export class BindError extends Error {
  override readonly name = "BindError";
}

/** Milliseconds that closing waits for what is still to be sent. */
const linger = 1000;

/** Binds all channels, or none: throws a BindError. */
export async function bindSockets(connection: Connection): Promise<Sockets> {
  const ipv6 = connection.ip.includes(":") && connection.transport === "tcp";
  // 0 is no limit: with the default of 1000, ZeroMQ drops what a slow client has not yet taken.
  const encryption = curveServer(connection);
  const options = { ipv6, linger, sendHighWaterMark: 0, receiveHighWaterMark: 0, ...encryption };
  // A client that reconnects under its old identity gets its replies.
  const router = (): Router => new Router({ ...options, handover: true });
  const shell = router();
  const control = router();
  const stdin = router();
  const iopub = new XPublisher(options);
  // Every client is welcomed, not only the first one with its subscription.
  iopub.verbosity = "allSubs";
  const closeRouters = (): void => {
    for (const socket of [shell, control, stdin, iopub]) if (!socket.closed) socket.close();
  };
  const bind = async <T>(channel: ChannelName, action: (address: string) => Promise<T>): Promise<T> => {
    const address = endpoint(connection, channel);
    try {
      return await action(address);
    } catch (error) {
      throw new BindError(`The ${channel} channel cannot be bound to ${address}: ${reason(error)}.`, { cause: error });
    }
  };
  const bound = await Promise.allSettled([
    bind("shell", (address) => shell.bind(address)),
    bind("control", (address) => control.bind(address)),
    bind("stdin", (address) => stdin.bind(address)),
    bind("iopub", (address) => iopub.bind(address)),
    bind("hb", (address) => Heartbeat.start(address, { ipv6, ...encryption })),
  ]);
  const heartbeat = bound[4].status === "fulfilled" ? bound[4].value : undefined;
  const failure = bound.find((result) => result.status === "rejected");
  if (failure || !heartbeat) {
    closeRouters();
    await heartbeat?.stop();
    throw failure?.reason;
  }
  const port = (channel: ChannelName, address: string | null): number =>
    Number(/:(\d+)$/.exec(address ?? "")?.[1] ?? connection.ports[channel]);
  return {
    shell,
    control,
    stdin,
    iopub,
    ports: {
      shell: port("shell", shell.lastEndpoint),
      control: port("control", control.lastEndpoint),
      stdin: port("stdin", stdin.lastEndpoint),
      iopub: port("iopub", iopub.lastEndpoint),
      hb: port("hb", heartbeat.endpoint),
    },
    close: async () => {
      closeRouters();
      await heartbeat.stop();
      if (connection.transport === "ipc") await removeSocketFiles(connection);
    },
  };
}

/** The socket options of CurveZMQ, where the client wants it. */
function curveServer({
  curve,
}: Connection): Pick<SocketOptions<Router>, "curveServer" | "curvePublicKey" | "curveSecretKey"> {
  if (!curve) return {};
  return { curveServer: true, curvePublicKey: curve.publicKey, curveSecretKey: curve.secretKey };
}

/** ZeroMQ removes them as well, but on a thread of its own, which a process that ends may not wait for. */
async function removeSocketFiles(connection: Connection): Promise<void> {
  const paths = channelNames.map((channel) => endpoint(connection, channel).replace(/^ipc:\/\//, ""));
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
