/** Where the files of a script's `procfs` points are, for whoever is to read and write them. */
export function servedFiles(paths: readonly string[]): string {
  return paths.length === 1
    ? `While this script runs, its file is ${paths[0]}`
    : `While this script runs, its files are ${paths.join(", ")}`;
}
