/**
 * What the groups of a match hold, found by tables: four walks over the text, each one look-up a byte, so that a kernel
 * program can do it. The answer is that of `findGroups`.
 *
 * Backwards over the whole text, `starts` tells where matches begin: the leftmost counts. Forwards from there, `ends` tells
 * where this one may end: the longest counts. Backwards between the two, `paths` notes at each byte which steps of the
 * machine still lead to that end. Forwards again, `moves` takes at each byte the way of highest preference among those,
 * and `saves` tells which ends of groups it passes.
 */
import { classifyBytes } from "./automaton.js";
import type { Machine } from "./machine.js";

export interface GroupTables {
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** State 0 stands behind the text's last byte. Flags: `MATCH_STARTS`, `MATCH_STARTS_TEXT`. */
  readonly starts: TextAutomaton;
  /** State 0 stands at the text's start, 1 elsewhere. Flags: `MATCH_ENDS`, `MATCH_ENDS_TEXT`, `NO_MATCH_FOLLOWS`. */
  readonly ends: TextAutomaton;
  /** State 0 stands where the match ends, 1 as well if the text ends there. */
  readonly paths: { readonly next: readonly (readonly number[])[] };
  /** By state of `paths` and way into the machine: the way in behind the byte. Way 0 begins at the text's start, way 1 elsewhere. */
  readonly moves: readonly (readonly number[])[];
  /** The same way's slots to be set to the place it is at, one bit each. */
  readonly saves: readonly (readonly bigint[])[];
}

interface TextAutomaton {
  readonly next: readonly (readonly number[])[];
  readonly flags: readonly number[];
}

export const MATCH_STARTS = 1;
export const MATCH_STARTS_TEXT = 2;
export const MATCH_ENDS = 1;
export const MATCH_ENDS_TEXT = 2;
export const NO_MATCH_FOLLOWS = 4;

/** Both ends of each fit into one mask. */
export const MOST_GROUPS = 31;
const MOST_STATES = 20_000;
const MOST_MOVES = 262_144;

/** Step 0 is where a machine matches. */
const MATCH = 0;

interface Place {
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** Null where the tables would be too large. */
export function buildGroupTables(machine: Machine): GroupTables | null {
  if (machine.groups > MOST_GROUPS) return null;
  const { classes, representatives } = classifyBytes(machine);
  const backwards = new Backwards(machine);
  const starts = buildStarts(machine, backwards, representatives);
  const ends = buildEnds(machine, representatives);
  const paths = buildPaths(backwards, representatives);
  if (!starts || !ends || !paths) return null;
  const ways = [
    machine.first,
    machine.first,
    ...new Set(machine.steps.flatMap((step) => (step.op === "byte" ? [step.next] : []))),
  ];
  if (paths.cores.length * ways.length > MOST_MOVES) return null;
  const wayOf = new Map(ways.map((step, way) => [step, way] as const).slice(2));
  const taken = paths.cores.map(({ core, atEnd }) =>
    ways.map((step, way) => preferredWay(machine, step, core, { atStart: way === 0, atEnd })),
  );
  const moves = taken.map((row) =>
    row.map((way) => {
      const step = way && machine.steps[way.step];
      return step?.op === "byte" ? (wayOf.get(step.next) ?? 0) : 0;
    }),
  );
  const saves = taken.map((row) => row.map((way) => way?.saves ?? 0n));
  return { classes, classCount: representatives.length, starts, ends, paths, moves, saves };
}

/** States that are made as they are found; `next` of each by the bytes that stand for their classes. */
function explore<State>(
  initial: readonly State[],
  keyOf: (state: State) => string,
  follow: (state: State, byte: number) => State,
  representatives: readonly number[],
): { readonly states: readonly State[]; readonly next: number[][] } | null {
  const numbers = new Map<string, number>();
  const states: State[] = [];
  const numberOf = (state: State): number => {
    const key = keyOf(state);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = states.push(state) - 1));
    return number;
  };
  initial.forEach(numberOf);
  const next: number[][] = [];
  for (let number = 0; number < states.length; number++) {
    if (states.length > MOST_STATES) return null;
    next.push(representatives.map((byte) => numberOf(follow(states[number]!, byte))));
  }
  return { states, next };
}

/** Steps where a way to the match is known, before those that lead to them without reading a byte. */
interface Core {
  readonly core: ReadonlySet<number>;
  readonly atEnd: boolean;
}

function coreKey({ core, atEnd }: Core): string {
  return `${atEnd ? "end:" : ""}${[...core].join()}`;
}

/** The machine against its direction. */
class Backwards {
  private readonly before: number[][];

  constructor(private readonly machine: Machine) {
    this.before = machine.steps.map(() => []);
    machine.steps.forEach((step, index) => {
      if (step.op === "byte" || step.op === "match") return;
      this.before[step.next]!.push(index);
      if (step.op === "split") this.before[step.other]!.push(index);
    });
  }

  /** All steps that lead to those of the core without reading. */
  reaching(core: ReadonlySet<number>, { atStart, atEnd }: Place): Set<number> {
    const reaching = new Set(core);
    const pending = [...core];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      for (const before of this.before[index]!) {
        const { op } = this.machine.steps[before]!;
        if (reaching.has(before) || (op === "start" && !atStart) || (op === "end" && !atEnd)) continue;
        reaching.add(before);
        pending.push(before);
      }
    }
    return reaching;
  }

  /** The steps that read the byte and are followed by one of the core, in the order of their numbers. */
  reading({ core, atEnd }: Core, byte: number): number[] {
    const behind = this.reaching(core, { atStart: false, atEnd });
    return this.machine.steps.flatMap((step, index) =>
      step.op === "byte" && step.set[byte] && behind.has(step.next) ? [index] : [],
    );
  }
}

function buildStarts(machine: Machine, backwards: Backwards, representatives: readonly number[]): TextAutomaton | null {
  const explored = explore<Core>(
    [{ core: new Set([MATCH]), atEnd: true }],
    coreKey,
    (state, byte) => ({ core: new Set([MATCH, ...backwards.reading(state, byte)]), atEnd: false }),
    representatives,
  );
  if (!explored) return null;
  const flags = explored.states.map(({ core, atEnd }) => {
    const begins = (atStart: boolean): boolean => backwards.reaching(core, { atStart, atEnd }).has(machine.first);
    return (begins(false) ? MATCH_STARTS : 0) | (begins(true) ? MATCH_STARTS_TEXT : 0);
  });
  return { next: explored.next, flags };
}

function buildPaths(
  backwards: Backwards,
  representatives: readonly number[],
): { readonly next: number[][]; readonly cores: readonly Core[] } | null {
  const explored = explore<Core>(
    [false, true].map((atEnd) => ({ core: new Set([MATCH]), atEnd })),
    coreKey,
    (state, byte) => ({ core: new Set(backwards.reading(state, byte)), atEnd: false }),
    representatives,
  );
  return explored && { next: explored.next, cores: explored.states };
}

function buildEnds(machine: Machine, representatives: readonly number[]): TextAutomaton | null {
  const explored = explore<{ readonly steps: readonly number[]; readonly name: string }>(
    [true, false].map((atStart) => ({
      steps: reachable(machine, [machine.first], { atStart, atEnd: false }),
      name: atStart ? "start:" : "",
    })),
    ({ steps, name }) => name + steps.join(),
    ({ steps }, byte) => {
      const read = steps.flatMap((index) => {
        const step = machine.steps[index]!;
        return step.op === "byte" && step.set[byte] ? [step.next] : [];
      });
      return { steps: reachable(machine, read, { atStart: false, atEnd: false }), name: "" };
    },
    representatives,
  );
  if (!explored) return null;
  const flags = explored.states.map(({ steps, name }) => {
    const atStart = name !== "";
    const endsText = reachable(machine, steps, { atStart, atEnd: true }).includes(MATCH);
    return (
      (steps.includes(MATCH) ? MATCH_ENDS : 0) |
      (endsText ? MATCH_ENDS_TEXT : 0) |
      (steps.some((index) => machine.steps[index]!.op === "byte") ? 0 : NO_MATCH_FOLLOWS)
    );
  });
  return { next: explored.next, flags };
}

/** All steps that those lead to without reading, themselves included, in the order of their numbers. */
function reachable(machine: Machine, from: readonly number[], { atStart, atEnd }: Place): number[] {
  const seen = new Set<number>();
  const pending = [...from];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = machine.steps[index]!;
    if (step.op === "byte" || step.op === "match") continue;
    if ((step.op === "start" && !atStart) || (step.op === "end" && !atEnd)) continue;
    pending.push(step.next);
    if (step.op === "split") pending.push(step.other);
  }
  return [...seen].toSorted((left, right) => left - right);
}

/** The first step of the core that is met when earlier choices are tried first, and the slots on the way to it. */
function preferredWay(
  machine: Machine,
  from: number,
  core: ReadonlySet<number>,
  { atStart, atEnd }: Place,
): { readonly step: number; readonly saves: bigint } | null {
  const seen = new Set<number>();
  const pending = [{ step: from, saves: 0n }];
  for (let way = pending.pop(); way; way = pending.pop()) {
    if (seen.has(way.step)) continue;
    seen.add(way.step);
    if (core.has(way.step)) return way;
    const step = machine.steps[way.step]!;
    if (step.op === "byte" || step.op === "match") continue;
    if ((step.op === "start" && !atStart) || (step.op === "end" && !atEnd)) continue;
    if (step.op === "split") pending.push({ ...way, step: step.other });
    pending.push({ step: step.next, saves: step.op === "save" ? way.saves | (1n << BigInt(step.slot)) : way.saves });
  }
  return null;
}
