/** Which libraries a program is linked with, and where: found as the dynamic loader finds them, without running it. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { arch } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

interface Dynamic {
  readonly needed: readonly string[];
  /** DT_RPATH counts only where there is no DT_RUNPATH. */
  readonly searched: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;
const DT_RPATH = 15n;
const DT_RUNPATH = 29n;

const TRIPLET = arch() === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

/** Where every dynamic loader looks in the end, as distributions build it. */
const USUAL_FOLDERS = [`/lib/${TRIPLET}`, `/usr/lib/${TRIPLET}`, "/lib64", "/usr/lib64", "/lib", "/usr/lib"] as const;

/** Paths, each once, the program's own libraries before those that they need in turn. */
export function linkedLibraries(program: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [program];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const dynamic = readDynamic(file);
    for (const name of dynamic?.needed ?? []) {
      const path = locate(name, file, dynamic?.searched ?? [], rootOf(program));
      if (path === null || found.has(path)) continue;
      found.add(path);
      waiting.push(path);
    }
  }
  return [...found];
}

/** A library by its name, linked with the program or only loaded by it later; null where it is nowhere. */
export function searchLibrary(name: string, program: string): string | null {
  const linked = linkedLibraries(program).find((path) => path.endsWith(`/${name}`));
  return linked ?? locate(name, program, readDynamic(program)?.searched ?? [], rootOf(program));
}

/** What a program in another mount namespace has before its paths. */
function rootOf(program: string): string {
  return /^\/proc\/\d+\/root/.exec(program)?.[0] ?? "/";
}

function locate(name: string, from: string, searched: readonly string[], root: string): string | null {
  if (name.includes("/")) return existsSync(join(root, name)) ? join(root, name) : null;
  const origin = dirname(from);
  const own = searched.map((folder) => folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, origin)).filter(isAbsolute);
  const folders = [
    ...own.map((folder) => (folder.startsWith(origin) ? folder : join(root, folder))),
    ...[...configuredFolders(root), ...USUAL_FOLDERS].map((folder) => join(root, folder)),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** What /etc/ld.so.conf and the files that it includes say. */
function configuredFolders(root: string, file = "/etc/ld.so.conf", depth = 0): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [word = "", pattern] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (word === "") return [];
    if (word !== "include") return isAbsolute(word) ? [word] : [];
    if (pattern === undefined || depth > 4) return [];
    const included = isAbsolute(pattern) ? pattern : join(dirname(file), pattern);
    return filesOf(join(root, included)).flatMap((path) =>
      configuredFolders(root, root === "/" ? path : path.slice(root.length), depth + 1),
    );
  });
}

/** Wildcards in the last component only, which is where they are. */
function filesOf(pattern: string): readonly string[] {
  const folder = dirname(pattern);
  const [start = "", ...others] = basename(pattern).split("*");
  try {
    return readdirSync(folder)
      .filter(
        (name) => name.startsWith(start) && name.endsWith(others.at(-1) ?? "") && (others.length > 0 || name === start),
      )
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Null for a program that is linked with nothing, and for what is no 64-bit ELF file. */
function readDynamic(path: string): Dynamic | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    return dynamicOf((offset, size) => {
      const bytes = Buffer.alloc(size);
      return bytes.subarray(0, readSync(file, bytes, 0, size, offset));
    });
  } finally {
    closeSync(file);
  }
}

interface Segment {
  readonly type: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly size: bigint;
}

/** Longer tables are no program's. */
const MOST_BYTES = 1n << 24n;

function dynamicOf(read: (offset: number, size: number) => Buffer): Dynamic | null {
  const head = read(0, 64);
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2 || head[5] !== 1) return null;
  const [size, count] = [head.readUInt16LE(54), head.readUInt16LE(56)];
  if (size < 56) return null;
  const table = read(Number(head.readBigUInt64LE(32)), size * count);
  const segments: Segment[] = [];
  for (let at = 0; at + size <= table.length; at += size) {
    segments.push({
      type: table.readUInt32LE(at),
      offset: table.readBigUInt64LE(at + 8),
      address: table.readBigUInt64LE(at + 16),
      size: table.readBigUInt64LE(at + 32),
    });
  }
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic || dynamic.size > MOST_BYTES) return null;
  const entries = entriesOf(read(Number(dynamic.offset), Number(dynamic.size)));
  const names = entries.find(([tag]) => tag === DT_STRTAB)?.[1];
  const holder = segments.find(
    ({ type, address, size: bytes }) =>
      type === PT_LOAD && names !== undefined && names >= address && names < address + bytes,
  );
  if (names === undefined || !holder) return null;
  const start = holder.offset + names - holder.address;
  const of = (wanted: bigint): readonly string[] =>
    entries.filter(([tag]) => tag === wanted).map(([, value]) => textAt(read, start + value));
  const runPath = of(DT_RUNPATH);
  const searched = (runPath.length > 0 ? runPath : of(DT_RPATH)).flatMap((text) => text.split(":"));
  return { needed: of(DT_NEEDED), searched };
}

function entriesOf(bytes: Buffer): readonly (readonly [bigint, bigint])[] {
  const entries: (readonly [bigint, bigint])[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = bytes.readBigInt64LE(at);
    if (tag === 0n) break;
    entries.push([tag, bytes.readBigUInt64LE(at + 8)]);
  }
  return entries;
}

const LONGEST_NAME = 4096;

function textAt(read: (offset: number, size: number) => Buffer, offset: bigint): string {
  const bytes = read(Number(offset), LONGEST_NAME);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}
