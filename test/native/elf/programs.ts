/** Programs for the tests of ELF files, built by the compiler that also builds the engine. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const compiler = process.env["CXX"] ?? "g++";

/** One folder of programs and libraries; `remove` it afterwards. */
export class TestPrograms {
  readonly folder = mkdtempSync(join(tmpdir(), "tapbook-elf-"));
  readonly library = this.build("liblibrary.so", "library.cpp", ["-O2", "-g", "-shared", "-fPIC"]);

  path(name: string): string {
    return join(this.folder, name);
  }

  /** `program.cpp`, linked with the library. */
  program(name: string, options: readonly string[]): string {
    return this.build(name, "program.cpp", [...options, this.library, `-Wl,-rpath,${this.folder}`]);
  }

  build(name: string, file: string, options: readonly string[]): string {
    execFileSync(compiler, ["-std=c++17", source(file), "-o", this.path(name), "-Wl,--build-id", ...options]);
    return this.path(name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The lines that a program prints. */
export function linesOf(program: string, ...words: readonly string[]): readonly string[] {
  return execFileSync(program, words, { encoding: "utf8", maxBuffer: 1 << 28 })
    .trimEnd()
    .split("\n");
}
