/** How the running kernel was configured: what `%( CONFIG_… == "y" %?` asks for. */
import { readFileSync } from "node:fs";
import { release } from "node:os";
import { gunzipSync } from "node:zlib";

/** Where distributions keep the configuration, the kernel's own copy first. */
function places(): readonly string[] {
  const version = release();
  return ["/proc/config.gz", `/boot/config-${version}`, `/lib/modules/${version}/config`];
}

/**
 * Looks options up by their whole names, such as `CONFIG_HZ`; the values are as they stand in the file, a string in its
 * quotes. Undefined where an option is not set, and for every option where no file can be read. Files are opened when the
 * first option is asked for, and only once.
 */
export function kernelConfig(files: readonly string[] = places()): (name: string) => string | undefined {
  let options: ReadonlyMap<string, string> | null = null;
  return (name) => (options ??= readOptions(files)).get(name);
}

function readOptions(files: readonly string[]): ReadonlyMap<string, string> {
  for (const file of files) {
    const text = readText(file);
    if (text === null) continue;
    const lines = text.matchAll(/^(?<name>CONFIG_\w+)=(?<value>.*)$/gm);
    return new Map(Array.from(lines, ({ groups }) => [groups!["name"]!, groups!["value"]!]));
  }
  return new Map();
}

/** Null where the file is missing, forbidden or damaged: the next one may do. */
function readText(file: string): string | null {
  try {
    const contents = readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(contents) : contents).toString("utf8");
  } catch {
    return null;
  }
}
