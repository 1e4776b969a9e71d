/** What the kernel asks of a file system in user space, and how it is answered: the part of linux/fuse.h that small files take. Pure. */
import { constants } from "node:os";

const { ENOSYS, EPERM } = constants.errno;

/** The version spoken here, and what it calls for. */
const MAJOR = 7;
const MINOR = 31;
const REQUEST_HEAD = 40;
const REPLY_HEAD = 16;

/** Bytes that the kernel hands over in one write. */
export const MOST_WRITTEN = 64 << 10;

/** A reader must have room for so much, or it gets nothing: a write with its heads, in whole pages. */
export const LARGEST_REQUEST = 128 << 10;

const OPERATIONS: ReadonlyMap<number, Operation> = new Map([
  [1, "lookup"],
  [2, "forget"],
  [3, "getattr"],
  [4, "setattr"],
  [14, "open"],
  [15, "read"],
  [16, "write"],
  [17, "statfs"],
  [18, "release"],
  [20, "fsync"],
  [25, "flush"],
  [26, "init"],
  [27, "opendir"],
  [28, "readdir"],
  [29, "release"],
  [36, "interrupt"],
  [42, "forget"],
]);

/** What a file system of fixed names does not let anybody do: mknod, mkdir, unlink, rmdir, rename, link, symlink, create. */
const CHANGES_OF_NAMES: ReadonlySet<number> = new Set([6, 8, 9, 10, 11, 12, 13, 35, 45]);

export type Operation =
  | "lookup"
  | "forget"
  | "getattr"
  | "setattr"
  | "open"
  | "read"
  | "write"
  | "statfs"
  | "release"
  | "fsync"
  | "flush"
  | "init"
  | "opendir"
  | "readdir"
  | "interrupt";

export interface Request {
  /** Null for what is not served; `refusal` is its answer then. */
  readonly operation: Operation | null;
  readonly refusal: number;
  readonly unique: bigint;
  readonly node: number;
  readonly body: Buffer;
}

/** Takes whole requests out of what has come, and gives back the rest. */
export function splitRequests(bytes: Buffer): { readonly requests: readonly Request[]; readonly rest: Buffer } {
  const requests: Request[] = [];
  let at = 0;
  while (bytes.length - at >= REQUEST_HEAD) {
    const length = bytes.readUInt32LE(at);
    if (length < REQUEST_HEAD || bytes.length - at < length) break;
    requests.push(readRequest(bytes.subarray(at, at + length)));
    at += length;
  }
  return { requests, rest: bytes.subarray(at) };
}

function readRequest(bytes: Buffer): Request {
  const code = bytes.readUInt32LE(4);
  return {
    operation: OPERATIONS.get(code) ?? null,
    refusal: CHANGES_OF_NAMES.has(code) ? EPERM : ENOSYS,
    unique: bytes.readBigUInt64LE(8),
    node: Number(bytes.readBigUInt64LE(16)),
    body: bytes.subarray(REQUEST_HEAD),
  };
}

export function reply({ unique }: Pick<Request, "unique">, body: Buffer = Buffer.alloc(0)): Buffer {
  return headed(unique, 0, body);
}

export function refuse({ unique }: Pick<Request, "unique">, errno: number): Buffer {
  return headed(unique, -errno, Buffer.alloc(0));
}

function headed(unique: bigint, error: number, body: Buffer): Buffer {
  const head = Buffer.alloc(REPLY_HEAD);
  head.writeUInt32LE(REPLY_HEAD + body.length, 0);
  head.writeInt32LE(error, 4);
  head.writeBigUInt64LE(unique, 8);
  return Buffer.concat([head, body]);
}

/** The kernel has spoken this major version since 2005, and takes what it is answered. */
export function initBody({ body }: Request): Buffer {
  const answer = Buffer.alloc(64);
  answer.writeUInt32LE(MAJOR, 0);
  answer.writeUInt32LE(Math.min(body.readUInt32LE(4), MINOR), 4);
  answer.writeUInt32LE(body.readUInt32LE(8), 8);
  answer.writeUInt32LE(MOST_WRITTEN, 20);
  answer.writeUInt32LE(1, 24);
  return answer;
}

export interface Attributes {
  readonly node: number;
  /** Type and permissions. */
  readonly mode: number;
  readonly user: number;
  readonly group: number;
}

/** Of a size that nobody knows before it is read; times are those of the start. */
function attributesBytes({ node, mode, user, group }: Attributes, start: Date): Buffer {
  const bytes = Buffer.alloc(88);
  bytes.writeBigUInt64LE(BigInt(node), 0);
  const seconds = BigInt(Math.floor(start.getTime() / 1000));
  for (const offset of [24, 32, 40]) bytes.writeBigUInt64LE(seconds, offset);
  bytes.writeUInt32LE(mode, 60);
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(user, 68);
  bytes.writeUInt32LE(group, 72);
  bytes.writeUInt32LE(4096, 80);
  return bytes;
}

/** For `getattr` and `setattr`: nothing of it is to be kept. */
export function attributesBody(attributes: Attributes, start: Date): Buffer {
  return Buffer.concat([Buffer.alloc(16), attributesBytes(attributes, start)]);
}

/** For `lookup`. */
export function entryBody(attributes: Attributes, start: Date): Buffer {
  const head = Buffer.alloc(40);
  head.writeBigUInt64LE(BigInt(attributes.node), 0);
  return Buffer.concat([head, attributesBytes(attributes, start)]);
}

/** FOPEN_DIRECT_IO: every read and write comes here, whatever the size of the file is said to be. */
const DIRECT = 1;

export function openBody(handle: bigint): Buffer {
  const body = Buffer.alloc(16);
  body.writeBigUInt64LE(handle, 0);
  body.writeUInt32LE(DIRECT, 8);
  return body;
}

/** O_ACCMODE of what is opened. */
export function accessOf({ body }: Request): number {
  return body.readUInt32LE(0) & 3;
}

/** Of `read`, `write`, `release` and `flush`. */
export function handleOf({ body }: Request): bigint {
  return body.readBigUInt64LE(0);
}

export function readRange({ body }: Request): { readonly offset: number; readonly size: number } {
  return { offset: Number(body.readBigUInt64LE(8)), size: body.readUInt32LE(16) };
}

export function writtenBytes({ body }: Request): Buffer {
  return body.subarray(40, 40 + body.readUInt32LE(16));
}

export function writtenBody(size: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32LE(size, 0);
  return body;
}

/** The name that `lookup` is for, as a byte string. */
export function lookedUpName({ body }: Request): string {
  return body.toString("latin1").replace(/\0.*$/s, "");
}

/** As much of a folder as there is room for, from an entry on. */
export function folderBody(
  entries: readonly { readonly name: string; readonly node: number; readonly isFolder: boolean }[],
  { offset, size }: { readonly offset: number; readonly size: number },
): Buffer {
  const parts: Buffer[] = [];
  let room = size;
  for (const [index, { name, node, isFolder }] of entries.entries()) {
    if (index < offset) continue;
    const text = Buffer.from(name, "latin1");
    const entry = Buffer.alloc(Math.ceil((24 + text.length) / 8) * 8);
    if (entry.length > room) break;
    room -= entry.length;
    entry.writeBigUInt64LE(BigInt(node), 0);
    entry.writeBigUInt64LE(BigInt(index + 1), 8);
    entry.writeUInt32LE(text.length, 16);
    // DT_DIR and DT_REG.
    entry.writeUInt32LE(isFolder ? 4 : 8, 20);
    text.copy(entry, 24);
    parts.push(entry);
  }
  return Buffer.concat(parts);
}

/** For `statfs`: nothing in it, and names of up to 255 bytes. */
export function statisticsBody(): Buffer {
  const body = Buffer.alloc(80);
  body.writeUInt32LE(4096, 40);
  body.writeUInt32LE(255, 44);
  return body;
}
