/**
 * Compiles the programs of test/backends/programs.test.ts for the guests, which have two CPUs, and writes them to a file that
 * test/vm/generated_programs.test.ts loads there: in emulation compiling takes longer than the verifier. Arguments: the file.
 */
import { release } from "node:os";
import { addToProgramFile, emptyProgramFile } from "../backends/program_file.js";
import { generatedProgram, requestedRun } from "../backends/generated.js";
import { Sides } from "../backends/sides.js";
import { loadNative } from "../../kernel/tracing/native.js";

/** As machine.mjs starts them. */
const GUEST_CPUS = 2;

const file = process.argv[2] as string;
const { seed, numbers } = requestedRun(150);
const sides = new Sides(loadNative(), { possibleCpus: GUEST_CPUS });
emptyProgramFile(file);
for (const number of numbers) {
  const { name, script } = generatedProgram(seed, number);
  const { script: compiled, diagnostics } = sides.compile(script);
  if (!compiled) throw new Error(`${name} is refused: ${diagnostics[0]?.message} (compiled on Linux ${release()})`);
  addToProgramFile(file, name, compiled);
}
console.log(`seed ${seed}: ${numbers.length} programs`);
