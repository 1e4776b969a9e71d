/** Programs to probe, built by the compiler that also builds the engine. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In the checkout: guests run tests that were compiled into another folder. */
const source = (name: string): string => join(process.cwd(), "test/probes/process", name);

/** A folder of `traced.cpp`, built in several ways, and its library; `remove` it afterwards. */
export class TracedPrograms {
  readonly folder = mkdtempSync(join(tmpdir(), "tapbook-process-"));
  readonly library = this.compile("libtraced.so", ["library.cpp"], ["-O2", "-g", "-shared", "-fPIC"]);

  build(name: string, ...options: readonly string[]): string {
    return this.compile(name, ["traced.cpp"], [...options, this.library, "-Wl,-rpath,$ORIGIN"]);
  }

  /** Of other sources. */
  compile(name: string, files: readonly string[], options: readonly string[]): string {
    const path = this.path(name);
    execFileSync(process.env["CXX"] ?? "g++", ["-std=c++17", ...files.map(source), "-o", path, ...options]);
    return path;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
