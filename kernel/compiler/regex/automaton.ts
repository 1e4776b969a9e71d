/** A pattern as a deterministic automaton over bytes that tells whether a text matches anywhere: what runs in the kernel. */
import type { Machine } from "./machine.js";

export interface Automaton {
  /** The class of each byte; bytes of one class always go the same way. */
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** The next state by state and class. State 0 is the start. */
  readonly next: readonly (readonly number[])[];
  /** Whether a text that ends in the state matches. */
  readonly accepting: readonly boolean[];
  /** The state that every continuation accepts, where there is one: nothing needs to be read behind it. */
  readonly always: number | null;
}

export const MOST_STATES = 20_000;

/** Null where there would be too many states. */
export function buildAutomaton(machine: Machine): Automaton | null {
  const { classes, representatives } = classifyBytes(machine);
  const states = new Map<string, number>();
  const sets: (readonly number[] | "always")[] = [];
  const stateOf = (steps: readonly number[]): number => {
    // A match that does not wait for the end of the text stays a match, whatever follows.
    const set = steps.some((index) => machine.steps[index]!.op === "match") ? "always" : steps;
    // The start is a state of its own: only there may `$^` match, on an empty text.
    const key = set === "always" ? set : `${sets.length === 0 ? "start:" : ""}${set.join()}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    states.set(key, sets.length);
    return sets.push(set) - 1;
  };
  stateOf(follow(machine, [machine.first], true));
  const next: number[][] = [];
  for (let state = 0; state < sets.length; state++) {
    if (sets.length > MOST_STATES) return null;
    const set = sets[state]!;
    next.push(representatives.map((byte) => (set === "always" ? state : stateOf(advance(machine, set, byte)))));
  }
  const accepting = sets.map((set, state) => set === "always" || endsInMatch(machine, set, state === 0));
  return { classes, classCount: representatives.length, next, accepting, always: states.get("always") ?? null };
}

/** Where the steps lead without reading: only those that read, wait for the end, or match are kept. */
function follow(machine: Machine, from: readonly number[], atStart: boolean): number[] {
  const seen = new Set<number>();
  const kept: number[] = [];
  const pending = [...from];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = machine.steps[index]!;
    if (step.op === "split") pending.push(step.next, step.other);
    else if (step.op === "save") pending.push(step.next);
    else if (step.op === "start") {
      if (atStart) pending.push(step.next);
    } else kept.push(index);
  }
  return kept.toSorted((left, right) => left - right);
}

/** The search may start anew at every byte. */
function advance(machine: Machine, set: readonly number[], byte: number): number[] {
  const reached = set.flatMap((index) => {
    const step = machine.steps[index]!;
    return step.op === "byte" && step.set[byte] ? [step.next] : [];
  });
  return follow(machine, [...reached, machine.first], false);
}

/** Whether the set matches if the text is over: `$` lets through. */
function endsInMatch(machine: Machine, set: readonly number[], atStart: boolean): boolean {
  const seen = new Set<number>();
  const pending = [...set];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = machine.steps[index]!;
    if (step.op === "match") return true;
    if (step.op === "end" || step.op === "save" || (step.op === "start" && atStart)) pending.push(step.next);
    if (step.op === "split") pending.push(step.next, step.other);
  }
  return false;
}

export function classifyBytes(machine: Machine): { classes: Uint8Array; representatives: number[] } {
  const sets = machine.steps.flatMap((step) => (step.op === "byte" ? [step.set] : []));
  const known = new Map<string, number>();
  const representatives: number[] = [];
  const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
    const signature = sets.map((set) => (set[byte] ? "1" : "0")).join("");
    let number = known.get(signature);
    if (number === undefined) {
      number = representatives.push(byte) - 1;
      known.set(signature, number);
    }
    return number;
  });
  return { classes, representatives };
}

export function matches({ classes, next, accepting, always }: Automaton, text: string): boolean {
  let state = 0;
  for (let index = 0; index < text.length && state !== always; index++)
    state = next[state]![classes[text.charCodeAt(index)]!]!;
  return accepting[state]!;
}
