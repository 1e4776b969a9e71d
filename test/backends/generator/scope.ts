/** What is known where the generator stands in the script. */
import type { Type, Variable } from "./vocabulary.js";

/** A number from 0 to `below` - 1. */
export type Choose = (below: number) => number;

export interface FunctionSignature {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly returns: Type;
  /** How deep its loops lie in one another, those of functions that it calls included. */
  readonly nesting: number;
  /** How many of the kernel's functions a call adds to the program: one or more for each loop, since it is put in line. */
  readonly callbacks: number;
}

/**
 * Loops in loops, functions' loops included: a loop is a function of the kernel, which may call each other 8 deep, and reading a
 * statistic or an element takes some of that. More is refused; test/backends/large.test.ts holds that.
 */
export const MOST_NESTED = 5;

/** The kernel takes 255 of them in a program; test/backends/large.test.ts holds that more are refused. */
const MOST_CALLBACKS = 250;

export class Scope {
  readonly functions: FunctionSignature[] = [];
  variables: readonly Variable[] = [];
  /** Arrays that a `foreach` is walking: they must not change meanwhile. */
  readonly walked: string[] = [];
  inFunction = false;
  returns: Type | null = null;
  /** In one of several functions of a name, of which `next` leads to the following. */
  isOverloaded = false;
  /** Loops around this place, and the most that were. */
  nesting = 0;
  deepest = 0;
  callbacks = 0;

  /** Whether so many more callbacks fit; then they are counted. */
  spend(callbacks: number): boolean {
    if (this.callbacks + callbacks > MOST_CALLBACKS) return false;
    this.callbacks += callbacks;
    return true;
  }
}
