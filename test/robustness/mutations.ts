/** Scripts as they are while somebody is typing, or as an accident leaves them. */
import type { Random } from "./random.js";

type Mutation = (tokens: string[], random: Random, others: readonly string[]) => void;

/** What a lexer would see, roughly: white space is kept, so that joining gives the text again. */
function split(text: string): string[] {
  return text.match(/\s+|\w+|"(?:\\.|[^"\\])*"|<<<|[-+*/%&|^<>=!]+|[^\s\w]/g) ?? [];
}

/** Words that change what follows, and numbers at the edges. */
const INTRUDERS = [
  ..."{ } ( ) [ ] ; , . ? : \" ' \\ % # @ $ -- ++ <<< << >>> = == != =~ && || ! /* */ // %{ %} %( %) 0 1 -1 \n".split(
    " ",
  ),
  ..."9223372036854775807 -9223372036854775808 18446744073709551616 0x 1e5 probe global function return next".split(
    " ",
  ),
  ..."if else while for foreach in limit break continue delete try catch try{ private @hist_log @count @define".split(
    " ",
  ),
  ...'@entry @cast $retval $$parms argstr name retval pid() execname() timer.ms(1) syscall.* kernel.trace("*")'.split(
    " ",
  ),
  "\0",
  "\u{1F600}",
  "\uD800",
  "\r\n",
  "\t",
  "",
];

const at = (tokens: readonly unknown[], random: Random): number => random.below(Math.max(tokens.length, 1));

/** A name for a name, a number for a number, an operator for an operator: what often still parses. */
const exchange: Mutation = (tokens, random, others) => {
  const places = tokens.flatMap((token, place) => (kindOf(token) === null ? [] : [place]));
  const place = places[at(places, random)] ?? 0;
  const kind = kindOf(tokens[place] ?? "");
  const candidates = [...split(random.pick(others)), ...INTRUDERS].filter((token) => kindOf(token) === kind);
  if (candidates.length > 0) tokens[place] = random.pick(candidates);
};

const KEYWORDS =
  /^(?:probe|global|function|return|next|if|else|while|for|foreach|in|limit|break|continue|delete|try|catch|private)$/;

function kindOf(token: string): "name" | "number" | "text" | "operator" | null {
  if (/^[A-Za-z_@$]/.test(token)) return KEYWORDS.test(token) ? null : "name";
  if (/^-?\d/.test(token)) return "number";
  if (token.startsWith('"')) return "text";
  return /^[-+*/%&|^<>=!]+$/.test(token) && !/^(?:\/\/|\/\*|\*\/)/.test(token) ? "operator" : null;
}

const MUTATIONS: readonly Mutation[] = [
  (tokens, random) => void tokens.splice(at(tokens, random), 1 + random.below(3)),
  (tokens, random) => void tokens.splice(at(tokens, random), 0, random.pick(INTRUDERS)),
  (tokens, random) => void tokens.splice(at(tokens, random), 1, ` ${random.pick(INTRUDERS)} `),
  (tokens, random) => {
    const from = at(tokens, random);
    tokens.splice(at(tokens, random), 0, ...tokens.slice(from, from + 1 + random.below(12)));
  },
  (tokens, random) => {
    const [left, right] = [at(tokens, random), at(tokens, random)];
    [tokens[left], tokens[right]] = [tokens[right] ?? "", tokens[left] ?? ""];
  },
  (tokens, random) => void tokens.splice(at(tokens, random)),
  (tokens, random, others) => {
    const other = split(random.pick(others));
    const from = at(other, random);
    tokens.splice(at(tokens, random), random.below(4), ...other.slice(from, from + 1 + random.below(30)));
  },
  (tokens, random, others) => void tokens.splice(at(tokens, random), 1, random.pick(split(random.pick(others)))),
];

/** One of the scripts with one to three accidents, in every second all of the kind that often still parses. */
export function mutate(scripts: readonly string[], random: Random): string {
  const tokens = split(random.pick(scripts));
  const mutations = random.below(2) === 0 ? [exchange] : MUTATIONS;
  for (let left = 1 + random.below(3); left > 0; left--) random.pick(mutations)(tokens, random, scripts);
  return harmless(tokens.join(""));
}

/** Up to 400 bytes of any kind, decoded as a front end would have to send them. */
export function randomText(random: Random): string {
  const length = random.below(random.pick([4, 40, 400]));
  const printable = random.below(2) === 0;
  const bytes = Uint8Array.from({ length }, () => (printable ? 9 + random.below(118) : random.below(256)));
  return harmless(Buffer.from(bytes).toString(random.pick(["utf8", "latin1"])));
}

/** A line that starts with an exclamation mark would run as a command of the shell, and `system` too. */
function harmless(code: string): string {
  return code.replace(/^\s*!+/gm, "-").replaceAll("system", "systen");
}
