/** Functions of the tapset that the language itself can express; their types come from the kernel that runs. */
import type { FunctionDescription } from "../../compiler/catalogue.js";
import type { Source } from "../../compiler/source.js";

export interface WrittenFunction extends FunctionDescription {
  /** Statements of the language. */
  readonly body: string;
}

/** Why a function that reads the kernel's memory has nothing to read outside of an event. */
export const EVENT_ONLY = "it reads the kernel's memory, which only the probe of an event can";

/** Functions that stand in one source. */
export interface WrittenTopic {
  readonly name: string;
  /** Private globals that only they know, and what else the source needs of the language. */
  readonly globals?: string;
  readonly functions: readonly WrittenFunction[];
}

export function sourceOf({ name, globals = "", functions }: WrittenTopic): Source {
  return { name: `tapset/${name}`, text: [globals, ...functions.map(definition)].join("\n") };
}

function definition({ name, parameters, returns, body }: WrittenFunction): string {
  const signature = parameters.map((parameter) => `${parameter.name}:${parameter.type}`).join(", ");
  return `function ${name}${returns === null ? "" : `:${returns}`}(${signature}) {\n${body}\n}\n`;
}

/** An example that counts what a call gives at reads. */
export function counting(call: string): string {
  return `global seen\nprobe syscall.read { seen[${call}]++ }\nprobe timer.s(1) { exit() }`;
}
