/**
 * Texts that nobody meant, as cells of one notebook on the kernel under our feet: each runs or gets a diagnostic. Never is
 * it a defect of ours (InternalError), nor a program that the verifier refuses, and nothing stays open.
 */
import { loadNative } from "../../kernel/tracing/native.js";
import { TestNotebook } from "../session/notebook.js";
import { mutate, randomText } from "./mutations.js";
import { Random } from "./random.js";
import { SCRIPTS } from "./scripts.js";

const CELLS = 1000;
/** How long a cell that really runs is left alone, and how long it then has to end, in milliseconds. */
const LEFT_ALONE = 20;
const MUST_END = 10_000;
const EXPECTED_NAMES = new Set([
  "ParseError",
  "SemanticError",
  "CompileError",
  "ScriptError",
  "MagicError",
  "Interrupted",
]);

interface Tally {
  readonly outcomes: Record<string, number>;
  readonly defects: string[];
}

/** What is wrong with how a cell ended, or null. */
async function runOne(notebook: TestNotebook, code: string, tally: Tally): Promise<string | null> {
  const interrupts = [LEFT_ALONE, LEFT_ALONE + 2000].map((delay) =>
    setTimeout(() => notebook.notebook.interrupt(), delay),
  );
  let late: NodeJS.Timeout | undefined;
  const never = new Promise<"never">((resolve) => (late = setTimeout(resolve, MUST_END, "never")));
  const cell = await Promise.race([notebook.run(code), never]);
  for (const timer of [...interrupts, late]) clearTimeout(timer);
  if (cell === "never") return `did not end within ${MUST_END} ms of its interrupt`;
  const { outcome } = cell;
  const name = outcome.status === "ok" ? "ok" : outcome.error.name;
  tally.outcomes[name] = (tally.outcomes[name] ?? 0) + 1;
  if (outcome.status === "ok") return null;
  const { message, traceback } = outcome.error;
  if (!EXPECTED_NAMES.has(name)) return [name, ...traceback].join("\n  ");
  return message === "" || traceback.length === 0 ? `${name} without a word of why` : null;
}

async function runAll(makeCode: (random: Random) => string): Promise<Tally> {
  const random = Random.seeded();
  console.log(`TAPBOOK_SEED=${random.seed} runs these cells again`);
  const native = loadNative();
  const before = native.openHandles();
  const notebook = new TestNotebook();
  const tally: Tally = { outcomes: {}, defects: [] };
  try {
    for (let cell = 0; cell < CELLS && tally.defects.length < 5; cell++) {
      // What earlier cells declared would more and more be in the way of later ones.
      if (cell % 10 === 0) await notebook.run("%reset");
      const code = makeCode(random);
      const defect = await runOne(notebook, code, tally);
      if (defect !== null) tally.defects.push(`cell ${cell}: ${defect}\n--- ${JSON.stringify(code)}\n${code}`);
    }
    expect((await notebook.run("6 * 7")).result?.data["text/plain"]).toBe("42");
  } finally {
    await notebook.close();
  }
  expect(native.openHandles()).toBe(before);
  return tally;
}

test("random bytes", async () => {
  const { defects } = await runAll(randomText);
  expect(defects).toEqual([]);
}, 120_000);

test("mutated scripts", async () => {
  const { defects, outcomes } = await runAll((random) => mutate(SCRIPTS, random));
  expect(defects).toEqual([]);
  // Otherwise the mutations would be too wild to reach the passes behind the parser.
  for (const name of ["ok", "ParseError", "SemanticError"]) expect(outcomes[name]).toBeGreaterThan(CELLS / 40);
}, 240_000);

test.each(SCRIPTS.map((script, index) => [index, script]))("the script %i as it stands", async (_, script) => {
  const notebook = new TestNotebook();
  const { outcome } = await notebook.run(`%%trace for=${LEFT_ALONE}ms\n${script}`);
  await notebook.close();
  expect(outcome).toEqual({ status: "ok", userExpressions: {}, payload: [] });
});
