/** The programs of a run: each follows from the run's seed and its own number, wherever it is made. */
import { generateScript, type Size } from "./generator/script.js";
import type { Choose } from "./generator/scope.js";
import type { Script } from "./sides.js";

export interface GeneratedProgram {
  /** How to have it again: `TAPBOOK_SEED=… TAPBOOK_PROGRAM=…`. */
  readonly name: string;
  readonly script: Script;
}

export interface GeneratedRun {
  readonly seed: number;
  /** Numbers of its programs, in order. */
  readonly numbers: readonly number[];
}

/** Each of every so many programs is of the first size whose turn it is. */
const SIZES: readonly (readonly [every: number, Size])[] = [
  [500, { statements: 500, depth: 4, strings: 20, nestedLoops: 4 }],
  [50, { statements: 60, depth: 4, strings: 20, nestedLoops: 4 }],
  [1, { statements: 14, depth: 3, strings: 2, nestedLoops: 0 }],
];

/** Each of every so many programs may execute no more than so many statements, which ends many of them somewhere. */
const MEAGRE = 6;
const LITTLE = 120;

/** What the environment asks for: TAPBOOK_PROGRAMS says how many, TAPBOOK_SEED which, TAPBOOK_PROGRAM that only one is wanted. */
export function requestedRun(programs: number): GeneratedRun {
  const { TAPBOOK_PROGRAMS, TAPBOOK_SEED, TAPBOOK_PROGRAM } = process.env;
  const seed = Number(TAPBOOK_SEED ?? Date.now() & 0x7fffffff);
  if (TAPBOOK_PROGRAM !== undefined) return { seed, numbers: [Number(TAPBOOK_PROGRAM)] };
  return { seed, numbers: Array.from({ length: Number(TAPBOOK_PROGRAMS ?? programs) }, (_, number) => number) };
}

export function generatedProgram(seed: number, number: number): GeneratedProgram {
  const size = SIZES.find(([every]) => number % every === every - 1)![1];
  const choose = chooser(seed, number);
  const script = generateScript(choose, size);
  return {
    name: `TAPBOOK_SEED=${seed} TAPBOOK_PROGRAM=${number}`,
    script: number % MEAGRE === 0 ? { ...script, maxAction: 1 + choose(LITTLE) } : script,
  };
}

/** Numbers at random by splitmix32: evenly spread, and far apart for neighbouring seeds. */
function chooser(seed: number, number: number): Choose {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
}
