import { v4 as newId } from "uuid";
import { isJsonObject, type JsonObject } from "./json.js";
import type { Signer } from "./signature.js";

/** The version of the messaging protocol that this kernel speaks. */
export const protocolVersion = "5.5";

/** The header of a message; what a client sends may hold more, and is given back unchanged as parent header. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly [field: string]: unknown;
}

/** A message that came in, its signature found right. */
export interface ReceivedMessage {
  /** The routing frames; a reply is sent to them. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parentHeader: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** A message to be sent. */
export interface OutgoingMessage {
  /** Routing frames on a ROUTER, the topic on iopub. */
  readonly identities: readonly (string | Uint8Array)[];
  readonly type: string;
  /** Its msg_id, where an answer is to be known by it. */
  readonly id?: string;
  readonly parent: JsonObject | Header;
  readonly content: object;
  readonly metadata?: object;
  readonly buffers?: readonly Uint8Array[];
}

/** Frames that are no message of ours: to be logged and dropped. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const delimiter = Buffer.from("<IDS|MSG>");

/** Frames to message. The signature is checked before anything is parsed. Throws a WireError and nothing else. */
export function decode(frames: readonly Uint8Array[], signer: Signer): ReceivedMessage {
  const start = frames.findIndex((frame) => delimiter.equals(frame));
  if (start < 0) throw new WireError("no <IDS|MSG> delimiter among its frames");
  const [signature, header, parentHeader, metadata, content, ...buffers] = frames.slice(start + 1);
  if (!signature || !header || !parentHeader || !metadata || !content)
    throw new WireError(`${frames.length - start - 1} frames after the delimiter, where at least 5 belong`);
  if (!signer.verify(signature, [header, parentHeader, metadata, content])) throw new WireError("a wrong signature");
  return {
    identities: frames.slice(0, start),
    header: parseHeader(header),
    parentHeader: parse(parentHeader, "parent header"),
    metadata: parse(metadata, "metadata"),
    content: parse(content, "content"),
    buffers,
  };
}

/** Message to frames, for one kernel process and its session id. */
export class Encoder {
  /** The kernel's own session id: not the client's, by which restarts are recognised. */
  readonly session = newId();
  readonly #signer: Signer;

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  /** Throws where the content cannot be written as JSON. */
  encode(message: OutgoingMessage): (string | Uint8Array)[] {
    const header = {
      msg_id: message.id ?? newId(),
      msg_type: message.type,
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      version: protocolVersion,
    };
    const parts = [header, message.parent, message.metadata ?? {}, message.content].map((part) => JSON.stringify(part));
    // Buffers are not signed.
    return [...message.identities, delimiter, this.#signer.sign(parts), ...parts, ...(message.buffers ?? [])];
  }
}

function parseHeader(frame: Uint8Array): Header {
  const header = parse(frame, "header");
  const { msg_id, msg_type, session } = header;
  if (typeof msg_id !== "string" || typeof msg_type !== "string" || typeof session !== "string")
    throw new WireError("a header without msg_id, msg_type and session");
  return { ...header, msg_id, msg_type, session };
}

function parse(frame: Uint8Array, part: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8"));
  } catch {
    throw new WireError(`a ${part} that is not JSON`);
  }
  if (!isJsonObject(value)) throw new WireError(`a ${part} that is not an object`);
  return value;
}
