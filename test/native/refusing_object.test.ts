/** What the engine throws while an object of the addon is made, in an addon of the test's own with the addon's own parts. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const native = fileURLToPath(new URL("../../native", import.meta.url));
const source = fileURLToPath(new URL("refusing_object.cpp", import.meta.url));
const interface_ = dirname(createRequire(import.meta.url).resolve("node-addon-api/package.json"));

/** Options that the addon is compiled with, where its build says them. */
function addonOptions(): string[] {
  const gyp = readFileSync(join(native, "binding.gyp"), "utf8");
  const defines = /"defines": \[(?<list>[^\]]*"NAPI_VERSION[^\]]*)\]/.exec(gyp)?.groups?.["list"] ?? "";
  const names = Array.from(defines.matchAll(/"([^"]+)"/g), ([, name = ""]) => `-D${name}`);
  expect(names.length).toBeGreaterThan(2);
  const { nodedir } = /"nodedir": "(?<nodedir>[^"]+)"/.exec(
    readFileSync(join(native, "build", "config.gypi"), "utf8"),
  )!.groups!;
  return [...names, `-I${join(nodedir!, "include", "node")}`, `-I${interface_}`];
}

const script = `
  const addon = require(process.argv[1]);
  const answers = [];
  for (let turn = 0; turn < 100; turn++)
    for (const make of [addon.refuseInConstructor, addon.refuseToTell])
      try { make(); } catch (error) { answers.push([error.name, error.message, error.code ?? ""].join(" | ")); }
  gc();
  // What lay on the stacks that were unwound is used in later turns.
  setTimeout(() => { gc(); console.log(JSON.stringify({ answers: [...new Set(answers)], ...addon.state() })); }, 20);
`;

test("what the engine throws reaches JavaScript as an error, the handle is closed, and the process lives on", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-addon-"));
  try {
    const addon = join(folder, "refusing.node");
    const sources = [
      source,
      join(native, "addon", "argument.cpp"),
      // Before libbpf, as in the addon.
      join(native, "engine", "static_libbpf.cpp"),
      join(native, "build", "Release", "engine.a"),
    ];
    const linked = ["-Wl,--exclude-libs,ALL", "-l:libbpf.a", "-l:libz.a"];
    execFileSync("g++", ["-std=c++17", "-shared", "-fPIC", ...addonOptions(), "-o", addon, ...sources, ...linked]);
    const output = execFileSync(process.execPath, ["--expose-gc", "--eval", script, addon], { encoding: "utf8" });
    expect(JSON.parse(output)).toEqual({
      answers: [
        "Error | cannot construct it: ENODATA (No data available) | ",
        "EngineError | cannot tell of it: ENODATA (No data available) | ENODATA",
      ],
      closed: 200,
      open: 0,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
