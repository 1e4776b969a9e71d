/**
 * Builds the extension for JupyterLab into a folder that Jupyter serves as it is: `package.json` with what the Lab reads of it, and one
 * file. What that file needs of the Lab it takes from the page, so that there is nothing to bundle but our own modules.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, transformFileSync } from "@swc/core";
import { root } from "./setup/paths.mjs";

const sources = join(root, "kernelspec", "labextension");

/** Writes the extension to `folder`, in place of what was there. */
export async function buildLabExtension(folder) {
  rmSync(folder, { recursive: true, force: true });
  const modules = join(folder, "modules");
  mkdirSync(modules, { recursive: true });
  mkdirSync(join(folder, "static"));
  for (const name of readdirSync(sources).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))) {
    const { code } = transformFileSync(join(sources, name), {
      jsc: { target: "es2022", parser: { syntax: "typescript" } },
    });
    writeFileSync(join(modules, name.replace(/ts$/, "js")), code.replace("../logo-svg.svg", "./icon.js"));
  }
  const icon = readFileSync(join(sources, "..", "logo-svg.svg"), "utf8").trim();
  writeFileSync(join(modules, "icon.js"), `export default ${JSON.stringify(icon)};\n`);
  const output = await bundle({
    mode: "production",
    target: "browser",
    entry: { entry: join(modules, "remote_entry.js") },
    output: { path: modules, name: "entry.js" },
    module: {},
    options: { jsc: { target: "es2022", parser: { syntax: "ecmascript" } }, module: { type: "es6" } },
  });
  rmSync(modules, { recursive: true });
  // The page loads it as a script, whose names would otherwise be the page's.
  const code = `(() => {\n${output.entry.code}})();\n`;
  // Browsers keep a file for as long as its name stays the same.
  const load = `static/remoteEntry.${createHash("sha256").update(code).digest("hex").slice(0, 20)}.js`;
  writeFileSync(join(folder, load), code);
  const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const description = "SystemTap in JupyterLab: colours, indentation and the type of .stp files";
  const jupyterlab = { extension: true, _build: { load, extension: "./extension" } };
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name, version, description, license, jupyterlab }, null, 2)}\n`,
  );
}
