/** A pattern as a nondeterministic machine of small steps; both the automaton and the search for groups run it. */
import type { ByteSet, ParsedPattern, Pattern } from "./pattern.js";

export type Step =
  | { readonly op: "byte"; readonly set: ByteSet; readonly next: number }
  /** Tries `next` first. */
  | { readonly op: "split"; readonly next: number; readonly other: number }
  | { readonly op: "start" | "end"; readonly next: number }
  /** Notes the position: twice the group's number at its start, one more at its end. */
  | { readonly op: "save"; readonly slot: number; readonly next: number }
  | { readonly op: "match" };

export interface Machine {
  readonly steps: readonly Step[];
  readonly first: number;
  readonly groups: number;
}

export const MOST_STEPS = 5000;

/** Null where the machine would be too large. */
export function buildMachine({ pattern, groups }: ParsedPattern): Machine | null {
  const steps: Step[] = [{ op: "match" }];
  const add = (step: Step): number => {
    if (steps.length >= MOST_STEPS) throw new TooLarge();
    return steps.push(step) - 1;
  };
  // Built from the back, so that every step knows what comes next.
  const build = (part: Pattern, next: number): number => {
    switch (part.kind) {
      case "empty":
        return next;
      case "bytes":
        return add({ op: "byte", set: part.set, next });
      case "start":
      case "end":
        return add({ op: part.kind, next });
      case "sequence":
        return part.parts.reduceRight((after, child) => build(child, after), next);
      case "choice":
        return part.parts
          .map((child) => build(child, next))
          .reduceRight((other, first) => add({ op: "split", next: first, other }));
      case "group":
        return add({
          op: "save",
          slot: part.number * 2,
          next: build(part.part, add({ op: "save", slot: part.number * 2 + 1, next })),
        });
      case "repeat":
        return repeat(part, next);
    }
  };
  const repeat = ({ part, least, most }: Extract<Pattern, { kind: "repeat" }>, next: number): number => {
    let entry = next;
    if (most === null) {
      const loop = add({ op: "split", next: 0, other: next });
      steps[loop] = { op: "split", next: build(part, loop), other: next };
      entry = loop;
    } else
      for (let count = least; count < most; count++)
        entry = add({ op: "split", next: build(part, entry), other: next });
    for (let count = 0; count < least; count++) entry = build(part, entry);
    return entry;
  };
  try {
    return { steps, first: build(pattern, 0), groups };
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
}

class TooLarge extends Error {}
