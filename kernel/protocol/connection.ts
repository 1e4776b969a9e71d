import { readFile } from "node:fs/promises";
import { reason } from "./errors.js";
import { isJsonObject, type JsonObject } from "./json.js";

/** The five channels, by their names in the protocol; `hb` is the heartbeat. */
export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";

/** Every channel, in the order in which a connection file lists them. */
export const channelNames: readonly ChannelName[] = ["shell", "iopub", "stdin", "control", "hb"];

/** Where the kernel listens and how its messages are signed: what a connection file says. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  /** An address for `tcp`, the first part of a socket file's path for `ipc`. */
  readonly ip: string;
  /** For `tcp`, 0 lets the system choose. */
  readonly ports: Readonly<Record<ChannelName, number>>;
  /** Empty: messages are not signed. */
  readonly key: string;
  /** Such as `hmac-sha256`. */
  readonly signatureScheme: string;
  /** CurveZMQ: the kernel's own pair of keys, in Z85. Without it nothing is encrypted. */
  readonly curve?: { readonly publicKey: string; readonly secretKey: string };
}

/** A connection file that cannot be used; the message is one sentence that names the file and what to mend. */
export class ConnectionFileError extends Error {
  override readonly name = "ConnectionFileError";
}

/** Reads a connection file. Throws a ConnectionFileError and nothing else. */
export async function readConnectionFile(path: string): Promise<Connection> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new ConnectionFileError(`The connection file ${path} cannot be read: ${reason(error)}.`, { cause: error });
  }
  return parseConnection(text, path);
}

/** Reads a connection file's text; `name` is what an error calls it. */
export function parseConnection(text: string, name: string): Connection {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    throw new ConnectionFileError(`The connection file ${name} is not JSON: ${reason(error)}.`, { cause: error });
  }
  if (!isJsonObject(fields)) throw new ConnectionFileError(`The connection file ${name} must hold a JSON object.`);
  const transport = readText(fields, "transport", name, "tcp");
  if (transport !== "tcp" && transport !== "ipc")
    throw new ConnectionFileError(
      `The connection file ${name} asks for transport "${transport}"; only "tcp" and "ipc" are supported.`,
    );
  const port = (channel: ChannelName): number => readPort(fields, `${channel}_port`, transport, name);
  return {
    transport,
    ip: readText(fields, "ip", name),
    ports: {
      shell: port("shell"),
      control: port("control"),
      stdin: port("stdin"),
      iopub: port("iopub"),
      hb: port("hb"),
    },
    key: readText(fields, "key", name),
    signatureScheme: readText(fields, "signature_scheme", name, "hmac-sha256"),
    ...readCurve(fields, name),
  };
}

/** The ZeroMQ address of a channel. */
export function endpoint(connection: Connection, channel: ChannelName): string {
  const port = connection.ports[channel];
  if (connection.transport === "ipc") return `ipc://${connection.ip}-${port}`;
  // ZeroMQ binds to addresses and interfaces, not to host names.
  const address = connection.ip === "localhost" ? "127.0.0.1" : connection.ip;
  // 0 would be taken literally by some versions; "*" is ZeroMQ's own word for "any".
  return `tcp://${address.includes(":") ? `[${address}]` : address}:${port === 0 ? "*" : port}`;
}

function readText(fields: JsonObject, field: string, name: string, fallback?: string): string {
  const value = fields[field] ?? fallback;
  if (typeof value === "string") return value;
  throw new ConnectionFileError(
    value === undefined
      ? `The connection file ${name} has no "${field}".`
      : `The connection file ${name} must give "${field}" as a text.`,
  );
}

/** Forty characters of Z85 are the 32 bytes of a key. */
const curveKey = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

function readCurve(fields: JsonObject, name: string): Pick<Connection, "curve"> {
  if (fields["curve_publickey"] === undefined && fields["curve_secretkey"] === undefined) return {};
  const key = (field: string): string => {
    const text = readText(fields, field, name);
    if (curveKey.test(text)) return text;
    throw new ConnectionFileError(`The connection file ${name} must give "${field}" as 40 characters of Z85.`);
  };
  return { curve: { publicKey: key("curve_publickey"), secretKey: key("curve_secretkey") } };
}

function readPort(fields: JsonObject, field: string, transport: "tcp" | "ipc", name: string): number {
  const value = fields[field];
  if (value === undefined) throw new ConnectionFileError(`The connection file ${name} has no "${field}".`);
  // A file's port 0 would be a kernel that nobody can find.
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && (transport === "ipc" || value <= 65_535))
    return value;
  throw new ConnectionFileError(
    `The connection file ${name} must give "${field}" as a port number, not ${JSON.stringify(value)}.`,
  );
}
