/** Files on the disk: written whole or not at all. */
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { decodeFile } from "./decode.js";
import { encodeFile } from "./encode.js";
import type { SavedFile } from "./format.js";

/** Whoever reads the path sees what was there before or all that is there now. Throws as the file system does. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = openSync(beside, "wx");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

export function writeSaved(path: string, file: SavedFile): void {
  writeWhole(path, encodeFile(file));
}

/** Throws UnreadableFile, or as the file system does. */
export function readSaved(path: string): SavedFile {
  return decodeFile(readFileSync(path, "utf8"));
}
