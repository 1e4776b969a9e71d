/** Regular expressions: compiled once a script, the same automaton for both back ends. */
import { buildAutomaton, type Automaton } from "./automaton.js";
import { buildMachine, type Machine } from "./machine.js";
import { parsePattern, type PatternProblem } from "./pattern.js";

export { matches, type Automaton } from "./automaton.js";
export { findGroups, type MatchedGroups } from "./groups.js";
export type { PatternProblem } from "./pattern.js";

export interface Regex {
  readonly pattern: string;
  readonly machine: Machine;
  readonly automaton: Automaton;
}

export function compileRegex(pattern: string): Regex | { readonly problem: PatternProblem } {
  const parsed = parsePattern(pattern);
  if ("problem" in parsed) return parsed;
  const machine = buildMachine(parsed);
  const automaton = machine && buildAutomaton(machine);
  if (!machine || !automaton) return { problem: { message: "the pattern needs too large an automaton", offset: 0 } };
  return { pattern, machine, automaton };
}
