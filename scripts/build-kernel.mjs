/**
 * Compiles the kernel, then puts what a first cell needs into one file: Node takes a millisecond for each of some 250 modules, and
 * a person waits for them. Options go to the compiler, `--outDir DIR` among them.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "@swc/core";
import { buildLabExtension } from "./build-labextension.mjs";
import { root } from "./setup/paths.mjs";

const options = process.argv.slice(2);
const outDir = options.includes("--outDir") ? options[options.indexOf("--outDir") + 1] : join(root, "dist");

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.json"), ...options], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);

/**
 * All that the process and the command line load when they need it. Nothing else may load what these consist of: there would be
 * two of each class, and neither would know the other's errors.
 */
const ENTRIES = [
  "session/catalogue",
  "session/check_script",
  "session/machine_report",
  "session/notebook",
  "session/point_list",
  "session/script_run",
  "session/session",
  "tracing/native",
];

/** As deep as the modules, which find the engine by its place beside them. */
const BUNDLE = "session/bundle";

const kernel = join(outDir, "kernel");
const fileOf = (module) => join(kernel, `${module}.js`);
const exported = new Map();
for (const module of ENTRIES) exported.set(module, Object.keys(await import(pathToFileURL(fileOf(module)).href)));

/** Names of different modules may be the same. */
const alias = (module, name) => `${module.replace("/", "_")}_${name}`;
const list = (module, write) => exported.get(module).map(write).join(", ");
const importPath = (from, to) => `./${relative(dirname(fileOf(from)), fileOf(to))}`;

const entry = join(kernel, "session", "bundle-entry.js");
writeFileSync(
  entry,
  ENTRIES.map(
    (module) =>
      `export { ${list(module, (name) => `${name} as ${alias(module, name)}`)} } from "${importPath(BUNDLE, module)}";\n`,
  ).join(""),
);
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const output = await bundle({
  mode: "production",
  target: "node",
  entry: { bundle: entry },
  output: { path: dirname(entry), name: "bundle.js" },
  module: {},
  // What is not told to be so is dropped without a word.
  externalModules: [...builtinModules.map((name) => `node:${name}`), ...Object.keys(dependencies)],
  options: { jsc: { target: "es2022", parser: { syntax: "ecmascript" } }, module: { type: "es6" } },
});
rmSync(entry);
// The bundler writes down where a module was when it was built; the whole may be moved.
const code = output.bundle.code.replace(/^const (importMeta\w*) = \{[^}]*\};$/gm, "const $1 = import.meta;");
if (code.includes(kernel)) throw new Error(`${BUNDLE}.js holds the path of the folder that it was built in`);
writeFileSync(fileOf(BUNDLE), code);
for (const module of ENTRIES) {
  const names = list(module, (name) => `${alias(module, name)} as ${name}`);
  writeFileSync(fileOf(module), `export { ${names} } from "${importPath(module, BUNDLE)}";\n`);
  rmSync(`${fileOf(module)}.map`, { force: true });
}

await buildLabExtension(join(outDir, "labextension"));
