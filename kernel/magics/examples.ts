import { EXAMPLES, type Example } from "./example_list.js";
import { MagicError, type Magic } from "./magic.js";

export const examples: Magic = {
  name: "examples",
  kind: "line",
  usage: "%examples [WORD …]",
  summary: "lists cells to start from, or those that fit all words; the one that fits is written into a new cell",
  arguments: EXAMPLES.map(({ name, title }) => ({ kind: "option", text: name, meaning: title })),
  example: "%examples latency",
  run(argument, session) {
    const words = argument
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const found = find(words);
    if (found.length === 0)
      throw new MagicError(
        `no example fits ${words.join(" ")}`,
        `there are ${EXAMPLES.map(({ name }) => name).join(", ")}`,
      );
    const [only, ...others] = found;
    if (only && others.length === 0 && words.length > 0) {
      session.print(`${only.title}\n`);
      return session.insertCell(only.code);
    }
    const width = Math.max(...found.map(({ name }) => name.length));
    session.print(found.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join(""));
    session.print(`\n%examples NAME writes one of them into a new cell.\n`);
  },
};

/** A name that is meant exactly is that one, whatever else has the word. */
function find(words: readonly string[]): readonly Example[] {
  const named = EXAMPLES.filter(({ name }) => words.length === 1 && name === words[0]);
  if (named.length > 0) return named;
  return EXAMPLES.filter((example) => {
    const text = Object.values(example).join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
