/**
 * Each back end is the other's oracle: generated scripts run as closures, on globals in memory and in maps, and as eBPF, and must print the same text, leave the
 * same globals and fail with the same error at the same line. None may be refused: the generator makes only what probes can do. TAPBOOK_PROGRAMS says how many;
 * a failure tells how to have its program again.
 */
import { loadNative, type Native } from "../../kernel/tracing/native.js";
import { generatedProgram, requestedRun, type GeneratedProgram } from "./generated.js";
import { shrink } from "./generator/shrink.js";
import { isRefusal, Sides, textOf, type Outcome, type Refusal, type Script } from "./sides.js";

const native: Native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

/** Programs a test: a run of thousands shows how far it is. */
const CHUNK = 100;

const { seed, numbers } = requestedRun(150);
const chunks = Array.from({ length: Math.ceil(numbers.length / CHUNK) }, (_, index) =>
  numbers.slice(index * CHUNK, (index + 1) * CHUNK),
);

interface Run {
  readonly outcome: Outcome | null;
  /** Null where all agree. */
  readonly difference: string | null;
}

/** What the three ways of running a script have in common. */
function run(script: Script): Run {
  const user = sides.inUserSpace(script);
  if (isRefusal(user)) return { outcome: null, difference: `as closures ${refusal(user)}` };
  const others = { "as closures on maps": () => sides.onMaps(script), "in the kernel": () => sides.inKernel(script) };
  for (const [where, runThere] of Object.entries(others)) {
    const other = runThere();
    if (isRefusal(other)) return { outcome: user, difference: `${where} ${refusal(other)}` };
    const [here, there] = [linesOf(user), linesOf(other)];
    const at = here.findIndex((line, index) => line !== there[index]);
    if (at >= 0 || here.length !== there.length)
      return { outcome: user, difference: `${where} ${there[at]}\nand in user space ${here[at]}` };
  }
  return { outcome: user, difference: null };
}

function refusal({ refused }: Refusal): string {
  return `refused: ${refused[0]?.code}: ${refused[0]?.message}`;
}

function linesOf({ printed, failure, globals }: Outcome): string[] {
  const entries = [...globals].map(([name, elements]) => `global ${name}: ${elements.join("; ")}`);
  const error = `error: ${failure && `${failure.message} at line ${failure.line}`}`;
  return [...printed.split("\n").map((line) => `printed: ${line}`), error, ...entries];
}

/** The message of the error that it ends with, null where it ends well; throws where the sides differ. */
function compare({ name, script }: GeneratedProgram): string | null {
  const { outcome, difference } = run(script);
  if (difference === null) return outcome?.failure?.message ?? null;
  const kind = kindOf(difference);
  const small = shrink(script, (candidate) => {
    const again = run(candidate);
    return again.difference !== null && kindOf(again.difference) === kind;
  });
  throw new Error(`${name}: ${difference}\n\nSmaller:\n${textOf(small, "begin")}\n${run(small).difference}`);
}

/** Where it was, and whether it was refused: a smaller script has other lines. */
function kindOf(difference: string): string {
  return difference.replace(/(printed|error|global).*|\d+/gs, "");
}

console.info(`seed ${seed}: ${numbers.length} programs`);

test.each(chunks.map((chunk) => [chunk[0]!, chunk.at(-1)!, chunk] as const))(
  "generated programs %i to %i do the same in the kernel as in user space",
  (_first, _last, chunk) => {
    const failures = chunk.map((number) => compare(generatedProgram(seed, number)));
    // Errors that end the handler leave the rest uncompared; most programs have to get through.
    if (chunk.length >= CHUNK / 2) expect(failures.filter(Boolean).length).toBeLessThan(chunk.length / 2);
  },
  1_200_000,
);

afterAll(() => expect(native.openHandles()).toBe(openBefore));
