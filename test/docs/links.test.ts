/** A link to a file that is not there is a failed test. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

function pages(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? pages(path) : name.endsWith(".md") ? [path] : [];
  });
}

test.each([join(ROOT, "README.md"), join(ROOT, "CONTRIBUTING.md"), ...pages(join(ROOT, "docs"))])(
  "links of %s",
  (page) => {
    const targets = [...readFileSync(page, "utf8").matchAll(/\]\((?<target>[^)#]+)(?:#[^)]*)?\)/g)].map(
      (match) => match.groups!["target"]!,
    );
    const broken = targets.filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(dirname(page), target)));
    expect(broken).toEqual([]);
  },
);
