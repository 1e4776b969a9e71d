/** `input.char` and `input.line`: what the user types while the script runs. */
import type { ContextVariable, ProbeFamily, Resolution } from "../compiler/catalogue.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { componentsText, refused } from "./points.js";

const FAMILY = "input";

const UNITS = {
  char: "The character that was typed; the end of a line is one, too.",
  line: "The line that was typed, without its end.",
} as const;

type Unit = keyof typeof UNITS;

export const input: ProbeFamily = {
  name: FAMILY,
  summary:
    "What is typed while the script runs: `input.char` for each character, in `char`, and `input.line` for each line, in `line`. " +
    "In a notebook the cell asks for a line again and again, and each line comes with its end; a front end that cannot ask (`allow_stdin`) is told so, and a cell in the background has nobody to ask. " +
    "`tapbook run` reads its standard input; at a terminal `input.char` gets each key as it is pressed, and shows none. " +
    "Where the standard input ends and nothing else is waited for, the script ends. The handlers run in user space, with all globals.",
  forms: Object.keys(UNITS).map((unit) => `${FAMILY}.${unit}`),
  example: 'probe input.line { if (line == "stop") exit() printf("you typed %s\\n", line) }',

  resolve(pattern): Resolution | null {
    const [first, unit, extra] = pattern.components;
    if (first?.name !== FAMILY) return null;
    const point = componentsText(pattern);
    if (!unit || first.argument !== null) return refused(`${point}: input.char or input.line?`);
    const { name } = unit;
    if (!isUnit(name)) {
      const similar = mostSimilar(name, Object.keys(UNITS));
      return refused(
        `there is no input.${name}`,
        similar === null ? "input.char and input.line is all there is" : `did you mean input.${similar}?`,
      );
    }
    if (unit.argument !== null || extra) return refused(`${point}: nothing may follow input.${name}`);
    const moment = { kind: "input", unit: name } as const;
    const probe = { kind: "user", moment, variables: new Map([[name, variableOf(name)]]) } as const;
    return { kind: "resolved", probes: [{ point, probe }] };
  },

  complete: (prefix) => input.forms.filter((form) => form.startsWith(prefix)),
};

function isUnit(name: string): name is Unit {
  return name in UNITS;
}

function variableOf(unit: Unit): ContextVariable {
  return { name: unit, type: "string", summary: UNITS[unit], user: (runtime) => runtime.input ?? "" };
}
