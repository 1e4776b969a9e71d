/** Where a pattern matches, and what its groups hold: leftmost and longest; among equals, earlier choices and longer repeats win. */
import type { Machine } from "./machine.js";

/** Start and end of group 0 (the whole match), 1, …; null for groups that took no part. */
export type MatchedGroups = readonly (readonly [number, number] | null)[];

interface Thread {
  readonly step: number;
  readonly slots: readonly (number | undefined)[];
}

export function findGroups(machine: Machine, text: string): MatchedGroups | null {
  for (let start = 0; start <= text.length; start++) {
    const slots = matchFrom(machine, text, start);
    if (!slots) continue;
    return Array.from({ length: machine.groups + 1 }, (_, group) => {
      const [from, to] = [slots[group * 2], slots[group * 2 + 1]];
      return from === undefined || to === undefined ? null : [from, to];
    });
  }
  return null;
}

function matchFrom(machine: Machine, text: string, start: number): (number | undefined)[] | null {
  let best: (number | undefined)[] | null = null;
  let threads = follow(machine, text, start, [{ step: machine.first, slots: [start] }]);
  for (let position = start; threads.length > 0; position++) {
    const finished = threads.find(({ step }) => machine.steps[step]!.op === "match");
    if (finished) {
      best = [...finished.slots];
      best[0] = start;
      best[1] = position;
    }
    if (position >= text.length) break;
    const byte = text.charCodeAt(position);
    const moved = threads.flatMap(({ step, slots }) => {
      const instruction = machine.steps[step]!;
      return instruction.op === "byte" && instruction.set[byte] ? [{ step: instruction.next, slots }] : [];
    });
    threads = follow(machine, text, position + 1, moved);
  }
  return best;
}

/** Threads in order of preference, each step once. */
function follow(machine: Machine, text: string, position: number, from: readonly Thread[]): Thread[] {
  const seen = new Set<number>();
  const kept: Thread[] = [];
  const pending = from.toReversed();
  for (let thread = pending.pop(); thread; thread = pending.pop()) {
    if (seen.has(thread.step)) continue;
    seen.add(thread.step);
    const step = machine.steps[thread.step]!;
    const { slots } = thread;
    switch (step.op) {
      case "split":
        pending.push({ step: step.other, slots }, { step: step.next, slots });
        break;
      case "save": {
        const saved = [...slots];
        saved[step.slot] = position;
        pending.push({ step: step.next, slots: saved });
        break;
      }
      case "start":
        if (position === 0) pending.push({ step: step.next, slots });
        break;
      case "end":
        if (position === text.length) pending.push({ step: step.next, slots });
        break;
      default:
        kept.push(thread);
    }
  }
  return kept;
}
