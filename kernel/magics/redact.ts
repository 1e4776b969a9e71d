import { MagicError, type Magic } from "./magic.js";

/** What can be hidden by its kind. */
export const REDACTION_CLASSES = ["paths", "arguments", "addresses"] as const;
export type RedactionClass = (typeof REDACTION_CLASSES)[number];

/** Or whatever fits a pattern. */
export type RedactionRule = RedactionClass | RegExp;

const USAGE = "%redact [off | paths | arguments | addresses | /REGEX/[i] …]";
const WORD = /\/(?<pattern>(?:\\.|[^/\\])+)\/(?<flags>[a-z]*)(?=\s|$)|(?<word>\S+)/g;

export const redact: Magic = {
  name: "redact",
  kind: "line",
  usage: USAGE,
  summary:
    "hides what looks like paths, arguments or addresses (of memory and of networks), or fits a pattern, from all that cells show from now on: printed text, tables, charts, stack frames, errors, exports, and the comm; the same text has the same stand-in; rules add up until off; files of %save and out= keep everything",
  arguments: [
    { kind: "option", text: "paths", meaning: "names of files" },
    { kind: "option", text: "arguments", meaning: "of calls and commands" },
    { kind: "option", text: "addresses", meaning: "of memory and of networks" },
    { kind: "option", text: "off", meaning: "shows everything again" },
  ],
  example: "%redact paths /customer-\\d+/",
  run(argument, session) {
    const rules: RedactionRule[] = [];
    if (argument === "off") session.redact(null);
    else {
      for (const { groups = {} } of argument.matchAll(WORD)) rules.push(ruleOf(groups));
      session.redact(rules);
    }
    const all = session.redactions();
    session.print(all.length === 0 ? "nothing is hidden\n" : `hidden: ${all.join(" ")}\n`);
  },
};

function ruleOf({ pattern, flags = "", word = "" }: Readonly<Record<string, string | undefined>>): RedactionRule {
  if (pattern !== undefined) {
    try {
      if (!/^i?$/.test(flags)) throw new SyntaxError(`of the flags there is only i, not ${flags}`);
      const made = new RegExp(pattern, `g${flags}`);
      if (made.test("")) throw new SyntaxError("it fits the empty text, and so everywhere");
      return new RegExp(pattern, `g${flags}`);
    } catch (error) {
      throw new MagicError(`/${pattern}/${flags} is no pattern: ${(error as Error).message}`, `usage: ${USAGE}`);
    }
  }
  const found = REDACTION_CLASSES.find((name) => name === word);
  if (found === undefined)
    throw new MagicError(`%redact does not know ${word}`, word === "off" ? "off stands alone" : `usage: ${USAGE}`);
  return found;
}
