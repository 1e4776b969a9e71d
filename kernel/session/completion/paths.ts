/** Files whose path starts so. */
import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter } from "node:path";

/** Folders end in `/`. A `~` stands for the home folder, and stays as it is written. */
export function fileNames(path: string): string[] {
  const [, folder = "", start = ""] = /^(.*\/)?([^/]*)$/s.exec(path) ?? [];
  const place = folder === "" ? "." : folder.replace(/^~(?=\/)/, homedir());
  return entriesOf(place)
    .filter(({ name }) => name.startsWith(start) && (start.startsWith(".") || !name.startsWith(".")))
    .map(({ name, isFolder }) => `${folder}${name}${isFolder() ? "/" : ""}`)
    .toSorted();
}

/** Programs that the folders of PATH hold. */
export function programNames(start: string): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = folders.flatMap((folder) =>
    entriesOf(folder)
      .filter(({ name, isFolder }) => name.startsWith(start) && !isFolder())
      .map(({ name }) => name),
  );
  return [...new Set(names)].toSorted();
}

/** None where the folder cannot be read. */
function entriesOf(folder: string): { readonly name: string; readonly isFolder: () => boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: () => entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(`${folder}/${entry.name}`)),
    }));
  } catch {
    return [];
  }
}

function leadsToFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
