/**
 * Each back end is the other's oracle: generated scripts run as closures, on globals in memory and in maps, and as eBPF, and must print the same text, leave the
 * same globals and fail with the same error at the same line. TAPBOOK_PROGRAMS says how many; a failure names its seed.
 */
import fc from "fast-check";
import { loadNative, type Native } from "../../kernel/tracing/native.js";
import { generateScript, type Size } from "./generator.js";
import { isRefusal, Sides, textOf, type Outcome, type Script } from "./sides.js";

const PROGRAMS = Number(process.env["TAPBOOK_PROGRAMS"] ?? 150);
/** The share that the kernel's side may refuse. */
const MOST_REFUSED = 0.1;

const native: Native = loadNative();
const sides = new Sides(native);

function scripts(size: Size): fc.Arbitrary<Script> {
  return fc.gen().map((draw) => generateScript((below) => draw(fc.nat, { max: below - 1 }), size));
}

/** What the kernel's side may say instead of running a script: why it cannot. */
const REFUSALS = ["kernel/cannot", "kernel/too-large"];

interface Tally {
  ran: number;
  failed: number;
  readonly refused: Map<string, number>;
}

function compare(script: Script, tally: Tally): void {
  const text = textOf(script, "begin");
  const user = sides.inUserSpace(script);
  if (isRefusal(user))
    throw new Error(`the generator made a script that is wrong: ${user.refused[0]?.message}\n${text}`);
  const maps = sides.onMaps(script);
  const kernel = sides.inKernel(script);
  if (isRefusal(kernel)) {
    expect(REFUSALS).toContain(kernel.refused[0]?.code);
    const message = kernel.refused[0]?.message.replaceAll(/\d+/g, "N") ?? "";
    tally.refused.set(message, (tally.refused.get(message) ?? 0) + 1);
    return;
  }
  if (isRefusal(maps)) throw new Error(`only closures on maps are refused: ${maps.refused[0]?.message}\n${text}`);
  tally.ran++;
  if (user.failure) tally.failed++;
  expect({ ...plain(kernel), text }).toEqual({ ...plain(user), text });
  expect({ ...plain(maps), text }).toEqual({ ...plain(user), text });
}

function plain({ printed, failure, globals }: Outcome): object {
  return { printed: printed.split("\n"), failure, globals: Object.fromEntries(globals) };
}

function check(size: Size, numRuns: number): Tally {
  const tally: Tally = { ran: 0, failed: 0, refused: new Map() };
  const seed = Number(process.env["TAPBOOK_SEED"] ?? Date.now() & 0x7fffffff);
  fc.assert(
    fc.property(scripts(size), (script) => compare(script, tally)),
    { numRuns, seed, endOnFailure: true },
  );
  const refused = [...tally.refused].map(([message, count]) => `${count}× ${message}`);
  console.info(
    `seed ${seed}: ${tally.ran} programs ran, ${tally.failed} of them into an error; refused: ${refused.join("; ") || "none"}`,
  );
  return tally;
}

test("short scripts do the same in the kernel as in user space", () => {
  const { ran, failed } = check({ statements: 7, depth: 3 }, PROGRAMS);
  expect(ran).toBeGreaterThan(PROGRAMS * (1 - MOST_REFUSED));
  // Errors that end the handler leave the rest uncompared; most programs have to get through.
  expect(failed).toBeLessThan(ran / 2);
}, 3_600_000);

test("long scripts do the same in the kernel as in user space", () => {
  const { ran } = check({ statements: 30, depth: 3 }, Math.ceil(PROGRAMS / 15));
  expect(ran).toBeGreaterThan(0);
}, 3_600_000);

afterAll(() => expect(native.openHandles()).toBe(0));
