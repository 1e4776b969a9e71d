/** The files of a script as a tree of names. */
import type { ScriptFile } from "../../compiler/catalogue.js";
import type { Attributes } from "./fuse_protocol.js";

/** A point that is there for a file: `run` gives null where the handler failed. */
export interface FilePoint {
  readonly access: "read" | "write";
  readonly file: ScriptFile;
  /** Byte strings. */
  run(input: string): string | null;
}

export interface FileNode {
  readonly kind: "file";
  readonly attributes: Attributes;
  readonly read: readonly FilePoint[];
  readonly write: readonly FilePoint[];
}

export interface FolderNode {
  readonly kind: "folder";
  readonly attributes: Attributes;
  readonly parent: number;
  readonly entries: Map<string, number>;
}

/** As the kernel numbers it. */
export const ROOT = 1;

const FOLDER_MODE = 0o040555;
const FILE = 0o100000;
const READABLE = 0o444;
const WRITABLE = 0o222;

/** For whoever runs the script, and for nobody else. */
const USUAL_UMASK = 0o077;

export class FileTree {
  private readonly nodes = new Map<number, FileNode | FolderNode>();

  constructor(
    points: readonly FilePoint[],
    private readonly owner: Pick<Attributes, "user" | "group">,
  ) {
    this.addFolder(ROOT, ROOT);
    for (const name of new Set(points.map(({ file }) => file.name)))
      this.addFile(
        name,
        points.filter(({ file }) => file.name === name),
      );
  }

  get(node: number): FileNode | FolderNode | undefined {
    return this.nodes.get(node);
  }

  find(folder: number, name: string): FileNode | FolderNode | undefined {
    const parent = this.nodes.get(folder);
    const found = parent?.kind === "folder" ? parent.entries.get(name) : undefined;
    return found === undefined ? undefined : this.nodes.get(found);
  }

  /** With the folder itself and the one above it. */
  list({ attributes, parent, entries }: FolderNode): { name: string; node: number; isFolder: boolean }[] {
    return [
      { name: ".", node: attributes.node, isFolder: true },
      { name: "..", node: parent, isFolder: true },
      ...[...entries].map(([name, node]) => ({ name, node, isFolder: this.nodes.get(node)?.kind === "folder" })),
    ];
  }

  private addFile(path: string, points: readonly FilePoint[]): void {
    const folders = path.split("/");
    const name = folders.pop() ?? "";
    const parent = folders.reduce((folder, part) => this.folderIn(folder, part), ROOT);
    const read = points.filter(({ access }) => access === "read");
    const write = points.filter(({ access }) => access === "write");
    const allowed = (read.length > 0 ? READABLE : 0) | (write.length > 0 ? WRITABLE : 0);
    const umask = points.find(({ file }) => file.umask !== null)?.file.umask ?? USUAL_UMASK;
    const node = this.nodes.size + 1;
    const attributes = { node, mode: FILE | (allowed & ~umask), ...this.owner };
    this.nodes.set(node, { kind: "file", attributes, read, write });
    this.enter(parent, name, node);
  }

  private folderIn(parent: number, name: string): number {
    const found = this.find(parent, name);
    if (found?.kind === "folder") return found.attributes.node;
    const node = this.nodes.size + 1;
    this.addFolder(node, parent);
    this.enter(parent, name, node);
    return node;
  }

  private addFolder(node: number, parent: number): void {
    const attributes = { node, mode: FOLDER_MODE, ...this.owner };
    this.nodes.set(node, { kind: "folder", attributes, parent, entries: new Map() });
  }

  private enter(parent: number, name: string, node: number): void {
    const folder = this.nodes.get(parent);
    if (folder?.kind === "folder") folder.entries.set(name, node);
  }
}
