import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const engine = fileURLToPath(new URL("../../native/engine", import.meta.url));
const testProgram = fileURLToPath(new URL("engine_alone.cpp", import.meta.url));

test("the engine compiles without Node's headers, without a warning, and runs clean under the sanitizers", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-engine-"));
  try {
    const sources = readdirSync(engine, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".cpp"))
      .map((name) => join(engine, name));
    const program = join(folder, "engine_alone");
    const options = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-pthread"];
    const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    const libraries = ["-l:libbpf.a", "-l:libz.a"];
    execFileSync("g++", [...options, ...sanitizers, "-o", program, testProgram, ...sources, ...libraries]);
    expect(execFileSync(program, { encoding: "utf8" })).toBe("the engine works alone\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);
