/** The import table of the design, held by a test: who may import whom, and what must not be there at all. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const KERNEL = join(ROOT, "kernel");

/** What each folder may import besides itself: folders, or single files of a folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  compiler: [],
  protocol: [],
  magics: [],
  tapset: ["compiler"],
  probes: ["compiler"],
  tracing: ["compiler"],
  render: ["tracing/result.ts"],
  session: ["compiler", "tapset", "probes", "tracing", "render", "magics", "protocol/interpreter.ts"],
  cli: ["session", "protocol", "tracing/native.ts"],
  "main.ts": ["session", "protocol", "tracing/native.ts"],
};

interface Import {
  /** Relative to kernel/. */
  readonly from: string;
  readonly to: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : name.endsWith(".ts") ? [path] : [];
  });
}

const files = sources(KERNEL).map((path) => ({ path: relative(KERNEL, path), text: readFileSync(path, "utf8") }));

function specifiers(text: string): string[] {
  return [
    ...text.matchAll(/(?:from|import\()\s*"(?<name>[^"]+)"/g),
    ...text.matchAll(/^import "(?<name>[^"]+)"/gm),
  ].map((match) => match.groups!["name"]!);
}

const imports: Import[] = files.flatMap(({ path, text }) =>
  specifiers(text)
    .filter((name) => name.startsWith("."))
    .map((name) => ({
      from: path,
      to: relative(KERNEL, resolve(KERNEL, dirname(path), name)).replace(/\.js$/, ".ts"),
    })),
);

const folderOf = (path: string): string => path.split("/")[0]!;

describe("who imports whom", () => {
  test.each(Object.keys(MAY_IMPORT))("%s imports only what the table allows", (folder) => {
    const allowed = MAY_IMPORT[folder]!;
    const wrong = imports
      .filter(({ from, to }) => folderOf(from) === folder && folderOf(to) !== folder)
      .filter(({ to }) => !allowed.some((entry) => to === entry || folderOf(to) === entry))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test("every folder of kernel/ is in the table", () => {
    expect([...new Set(files.map(({ path }) => folderOf(path)))].filter((folder) => !(folder in MAY_IMPORT))).toEqual(
      [],
    );
  });

  test("only tracing/native.ts finds the addon", () => {
    expect(files.filter(({ text }) => text.includes("tapbook.node")).map(({ path }) => path)).toEqual([
      "tracing/native.ts",
    ]);
  });

  test("only render/ writes MIME types of charts", () => {
    const knowing = files.filter(({ text }) => text.includes("vegalite")).map(({ path }) => folderOf(path));
    expect([...new Set(knowing)]).toEqual(["render"]);
  });
});

describe("what is deliberately absent", () => {
  test("the compiler does no I/O", () => {
    const reaching = files
      .filter(({ path }) => folderOf(path) === "compiler")
      .flatMap(({ path, text }) =>
        specifiers(text)
          .filter((name) => !name.startsWith("."))
          .map((name) => `${path} imports ${name}`),
      );
    expect(reaching).toEqual([]);
  });

  test("engine/ knows nothing of N-API", () => {
    const engine = join(ROOT, "native", "engine");
    const all = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) =>
        statSync(join(folder, name)).isDirectory() ? all(join(folder, name)) : [join(folder, name)],
      );
    expect(all(engine).filter((path) => /napi|node_api/.test(readFileSync(path, "utf8")))).toEqual([]);
  });

  test("no module-level mutable state", () => {
    const mutable = files.filter(({ text }) => /^(?:export )?let /m.test(text)).map(({ path }) => path);
    expect(mutable).toEqual([]);
  });

  test("no folder or file that says nothing", () => {
    expect(
      files.map(({ path }) => path).filter((path) => /(?:^|\/)(?:utils?|common|helpers|core)(?:\/|\.ts$)/.test(path)),
    ).toEqual([]);
  });
});
