import { MagicError, type Magic } from "./magic.js";

/** What `%plot` asks for. */
export interface PlotRequest {
  /** Of a global, or of the rows that `%%table` and `%%timeline` gather. */
  readonly name: string;
  /** Of one element of an array, its key; null for the whole. */
  readonly key: readonly (bigint | string)[] | null;
  /** Null for the one that fits best. */
  readonly form: PlotFormName | null;
  /** How many of the largest. */
  readonly top: number | null;
  /** What was added in a second. */
  readonly perSecond: boolean;
  /** Those of a scatter; the lanes of a timeline. */
  readonly columns: readonly string[];
}

/** Forms of a display, with what each is of. */
export const PLOT_FORMS = {
  value: "a number or a text",
  table: "rows",
  bars: "an array's largest numbers",
  hist: "a statistic's histogram; of an array of statistics, one below the other",
  overlay: "the histograms of an array of statistics as lines in one chart, with their percentiles",
  heatmap: "how a statistic's histogram moved; of an array of statistics, one below the other",
  series: "how a number, an array's largest numbers or a statistic's average moved",
  flame: "an array by call stacks as flame graph",
  tree: "an array by call stacks as a tree of functions, with what each took altogether and in itself",
  scatter: "two columns of gathered rows, X Y, a third one for the colour",
  timeline: "gathered rows that say when, on an axis of time; a column behind it tells the lanes",
} as const;

export type PlotFormName = keyof typeof PLOT_FORMS;

/** More than anybody looks at, and less than a front end can bear. */
const MOST = 1000;

const USAGE = "%plot NAME[KEY] [as FORM] [top N] [rate]";

/** Columns of a scatter. */
const [FEWEST_COLUMNS, MOST_COLUMNS] = [2, 3];

export const plot: Magic = {
  name: "plot",
  kind: "line",
  usage: USAGE,
  summary:
    "shows a global, or the rows that %%table gathers, in a form of your choice: in the cell of a trace, later, or while a trace in the " +
    "background goes on; with a key, one element of an array; top N shows the N largest, rate what a series has grown by in a second",
  arguments: [
    { kind: "global" },
    { kind: "option", text: "as", meaning: "in the form that follows" },
    ...Object.entries(PLOT_FORMS).map(([text, meaning]) => ({ kind: "option", text, meaning }) as const),
    { kind: "option", text: "top", meaning: "only so many of the largest" },
    { kind: "option", text: "rate", meaning: "what a series has grown by in a second" },
  ],
  example:
    "%plot lat as heatmap\nglobal lat\nprobe syscall.read.return { lat <<< gettimeofday_ns() - @entry(gettimeofday_ns()) }",
  run(argument, session) {
    session.plot(parsePlot(argument));
  },
};

/** The name, and what stands in brackets behind it, in which a text may hold any of them. */
const NAMED =
  /^\s*(?<name>[A-Za-z_]\w*(?:@\w+)?)(?:\s*(?<bracket>\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]))?(?=$|[\s,=])(?<rest>.*)$/s;

/** A text or a number of a key, and what follows it. */
const KEY_PART = /^\s*(?:"(?<text>(?:[^"\\]|\\.)*)"|(?<number>-?(?:0[xX][\da-fA-F]+|\d+)))\s*(?:,|$)/s;

/** Empty where it is none. */
function keyOf(bracket: string): (bigint | string)[] {
  const key: (bigint | string)[] = [];
  let rest = bracket.slice(1, -1);
  do {
    const part = KEY_PART.exec(rest);
    const { text, number = "" } = part?.groups ?? {};
    if (!part) return [];
    key.push(
      text === undefined ? numberOf(number) : text.replace(/\\(.)/gs, (_, after: string) => ESCAPES[after] ?? after),
    );
    rest = rest.slice(part[0].length);
  } while (rest.trim() !== "");
  return key;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function numberOf(digits: string): bigint {
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

export function parsePlot(argument: string): PlotRequest {
  const refusal = (message: string): MagicError => new MagicError(message, `usage: ${USAGE}`);
  const { name, bracket, rest = "" } = NAMED.exec(argument)?.groups ?? {};
  if (name === undefined) throw refusal("%plot needs the name of a global");
  const key = bracket === undefined ? null : keyOf(bracket);
  if (key?.length === 0) throw refusal(`%plot does not understand the key ${bracket}: texts in quotes, and numbers`);
  const words = rest.split(/[\s,=]+/).filter((word) => word !== "");
  let form: PlotFormName | null = null;
  let top: number | null = null;
  let perSecond = false;
  const columns: string[] = [];
  while (words.length > 0) {
    const word = words.shift();
    if (word === "as") {
      form = formOf(words.shift(), refusal);
      if (form === "scatter") columns.push(...words.splice(0, MOST_COLUMNS));
      if (form === "timeline" && words[0] !== undefined && words[0] !== "top") columns.push(words.shift() ?? "");
    } else if (word === "top") top = topOf(words.shift(), refusal);
    else if (word === "rate") perSecond = true;
    else throw refusal(`%plot does not understand \`${word}\``);
  }
  if (perSecond && form !== null && form !== "series") throw refusal("rate is of a series: %plot NAME as series rate");
  if (form === "scatter" && columns.length < FEWEST_COLUMNS)
    throw refusal("a scatter needs two columns: %plot NAME as scatter X Y");
  return { name, key, form: perSecond ? "series" : form, top, perSecond, columns };
}

function formOf(word: string | undefined, refusal: (message: string) => MagicError): PlotFormName {
  if (word !== undefined && Object.hasOwn(PLOT_FORMS, word)) return word as PlotFormName;
  const forms = Object.keys(PLOT_FORMS).join(", ");
  throw refusal(word === undefined ? `as needs a form: ${forms}` : `there is no form ${word}; there are ${forms}`);
}

function topOf(word: string | undefined, refusal: (message: string) => MagicError): number {
  const count = /^\d+$/.test(word ?? "") ? Number(word) : 0;
  if (count < 1 || count > MOST) throw refusal(`top needs a number from 1 to ${MOST}`);
  return count;
}
