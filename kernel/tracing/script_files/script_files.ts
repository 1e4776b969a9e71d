/** The files that a script serves while it runs: who reads one runs its handler, and who has written one does. */
import { constants as fileConstants } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import * as fuse from "./fuse_protocol.js";
import { FileTree, type FileNode, type FilePoint } from "./file_tree.js";
import { FuseMount } from "./fuse_mount.js";

const { O_RDONLY, O_WRONLY } = fileConstants;
const { EACCES, EFBIG, EIO, EISDIR, ENOENT, ENOTDIR } = constants.errno;

/** So long do the files stay for those who read when the script ends. */
const PATIENCE_MILLISECONDS = 500;

/** What somebody has open. */
interface Handle {
  readonly file: FileNode;
  /** What was made when it was read from its start. */
  text: Buffer;
  /** What has been written and not yet handed to the handler. */
  written: Buffer[];
  /** Too much was written, so that nothing of it is handed over. */
  isRefused: boolean;
}

/** Answered as an error number. */
class Refusal extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

export class ScriptFiles {
  private readonly tree: FileTree;
  private readonly mount: FuseMount;
  private readonly handles = new Map<bigint, Handle>();
  private lastHandle = 0n;
  private readonly start = new Date();
  private onRelease: () => void = () => undefined;

  /** Throws an EngineError where the machine refuses. `longest`: bytes of a text where its point does not say. */
  constructor(
    private readonly points: readonly FilePoint[],
    private readonly longest: number,
  ) {
    const owner = { user: process.getuid?.() ?? 0, group: process.getgid?.() ?? 0 };
    this.tree = new FileTree(points, owner);
    this.mount = FuseMount.open((request) => this.receive(request));
  }

  /** Where they are. */
  get paths(): readonly string[] {
    return [...new Set(this.points.map(({ file }) => join(this.mount.folder, file.name)))];
  }

  /** Resolves when nothing of them is left. Who has begun to read may come to the end. */
  async close(): Promise<void> {
    if (this.isBeingRead) {
      await Promise.race([
        new Promise<void>((resolve) => (this.onRelease = resolve)),
        new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS)),
      ]);
    }
    await this.mount.close();
  }

  private get isBeingRead(): boolean {
    return [...this.handles.values()].some(({ text }) => text.length > 0);
  }

  private receive(request: fuse.Request): void {
    if (request.operation === "forget" || request.operation === "interrupt") return;
    let answer: Buffer;
    try {
      answer = fuse.reply(request, this.answer(request));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        // Whoever waits for it must not wait for ever.
        this.mount.reply(fuse.refuse(request, EIO));
        throw error;
      }
      answer = fuse.refuse(request, error.errno);
    }
    this.mount.reply(answer);
  }

  private answer(request: fuse.Request): Buffer | undefined {
    switch (request.operation) {
      case "init":
        return fuse.initBody(request);
      case "lookup": {
        const found = this.tree.find(request.node, fuse.lookedUpName(request));
        if (!found) throw new Refusal(ENOENT);
        return fuse.entryBody(found.attributes, this.start);
      }
      case "getattr":
      case "setattr":
        return fuse.attributesBody(this.node(request).attributes, this.start);
      case "opendir":
        return fuse.openBody(0n);
      case "readdir": {
        const folder = this.node(request);
        if (folder.kind !== "folder") throw new Refusal(ENOTDIR);
        return fuse.folderBody(this.tree.list(folder), fuse.readRange(request));
      }
      case "open":
        return this.open(request);
      case "read":
        return this.read(this.handle(request), fuse.readRange(request));
      case "write":
        return this.write(this.handle(request), fuse.writtenBytes(request));
      case "flush":
        this.flush(this.handle(request));
        return undefined;
      case "release":
        this.handles.delete(fuse.handleOf(request));
        if (!this.isBeingRead) this.onRelease();
        return undefined;
      case "fsync":
        return undefined;
      case "statfs":
        return fuse.statisticsBody();
      default:
        throw new Refusal(request.refusal);
    }
  }

  private node({ node }: fuse.Request) {
    const found = this.tree.get(node);
    if (!found) throw new Refusal(ENOENT);
    return found;
  }

  private handle(request: fuse.Request): Handle {
    const handle = this.handles.get(fuse.handleOf(request));
    if (!handle) throw new Refusal(EIO);
    return handle;
  }

  /** Permissions say who may; root may always, also what a file has not. */
  private open(request: fuse.Request): Buffer {
    const file = this.node(request);
    if (file.kind === "folder") throw new Refusal(EISDIR);
    const access = fuse.accessOf(request);
    const reads = access !== O_WRONLY;
    const writes = access !== O_RDONLY;
    if ((reads && file.read.length === 0) || (writes && file.write.length === 0)) throw new Refusal(EACCES);
    this.handles.set(++this.lastHandle, { file, text: Buffer.alloc(0), written: [], isRefused: false });
    return fuse.openBody(this.lastHandle);
  }

  /** Made afresh from the start on, and kept as it is for the rest of it. */
  private read(handle: Handle, { offset, size }: { readonly offset: number; readonly size: number }): Buffer {
    if (offset === 0) handle.text = this.make(handle.file);
    return handle.text.subarray(offset, offset + size);
  }

  private make({ read }: FileNode): Buffer {
    const text = read.reduce((before, point) => run(point, before), "");
    return Buffer.from(text.slice(0, this.most(read)), "latin1");
  }

  private write(handle: Handle, bytes: Buffer): Buffer {
    const length = handle.written.reduce((sum, part) => sum + part.length, bytes.length);
    if (handle.isRefused || length > this.most(handle.file.write)) {
      handle.isRefused = true;
      handle.written = [];
      throw new Refusal(EFBIG);
    }
    handle.written.push(Buffer.from(bytes));
    return fuse.writtenBody(bytes.length);
  }

  /** One of those who share what is open has closed it, or its last owner. */
  private flush(handle: Handle): void {
    const written = Buffer.concat(handle.written.splice(0)).toString("latin1");
    handle.isRefused = false;
    if (written !== "") for (const point of handle.file.write) run(point, written);
  }

  private most(points: readonly FilePoint[]): number {
    return Math.max(...points.map(({ file }) => file.maxSize ?? this.longest));
  }
}

function run(point: FilePoint, input: string): string {
  const result = point.run(input);
  if (result === null) throw new Refusal(EIO);
  return result;
}
