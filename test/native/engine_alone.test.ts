import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const engine = fileURLToPath(new URL("../../native/engine", import.meta.url));
const testProgram = fileURLToPath(new URL("engine_alone.cpp", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "tapbook-engine-"));
afterAll(() => rmSync(folder, { recursive: true }));

const options = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-pthread"];
const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const libraries = ["-l:libbpf.a", "-l:libz.a"];

/** Each by itself, as many at once as there are processors; answers the object files. */
async function compile(sources: readonly string[]): Promise<string[]> {
  const jobs = sources.map((source, index) => ({ source, object: join(folder, `${index}.o`) }));
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift())
      await promisify(execFile)("g++", [...options, ...sanitizers, "-c", "-o", job.object, job.source]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return jobs.map(({ object }) => object);
}

test("the engine compiles without Node's headers, without a warning, and runs clean under the sanitizers", async () => {
  const sources = readdirSync(engine, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".cpp"))
    .map((name) => join(engine, name));
  const objects = await compile([testProgram, ...sources]);
  const program = join(folder, "engine_alone");
  execFileSync("g++", ["-pthread", ...sanitizers, "-o", program, ...objects, ...libraries]);
  expect(execFileSync(program, { encoding: "utf8" })).toBe("the engine works alone\n");
}, 300_000);
