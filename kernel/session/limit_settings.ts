/** What `-D NAME=VALUE` and `%limits NAME=VALUE` can set, under SystemTap's names. */
import type { Limits } from "../compiler/limits.js";

export interface LimitSetting {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly meaning: string;
  /** What a value within the range comes to. */
  limits(value: number): Partial<Limits>;
  /** As it would be written. */
  current(limits: Limits): number;
}

/** SystemTap gives every handler the tenfold of MAXACTION in its default mode. */
const INTERRUPTIBLE_FACTOR = 10;

/** Everything beyond is a mistake, and could make numbers inexact. */
const MOST = 1_000_000_000;

/** Wider lines than this are of no use to anybody, and each takes memory. */
const MOST_COLUMNS = 1000;

export const LIMIT_SETTINGS: readonly LimitSetting[] = [
  {
    name: "MAXSTRINGLEN",
    least: 8,
    most: MOST,
    meaning: "bytes of a string, with the one that ends it",
    limits: (value) => ({ maxStringLength: Math.ceil(value / 8) * 8 }),
    current: ({ maxStringLength }) => maxStringLength,
  },
  {
    name: "MAXMAPENTRIES",
    least: 1,
    most: MOST,
    meaning: "elements of an array whose declaration gives no size",
    limits: (maxMapEntries) => ({ maxMapEntries }),
    current: ({ maxMapEntries }) => maxMapEntries,
  },
  {
    name: "MAXACTION",
    least: 1,
    most: MOST,
    meaning: "statements of a handler, in tens",
    limits: (value) => ({ maxAction: value * INTERRUPTIBLE_FACTOR }),
    current: ({ maxAction }) => maxAction / INTERRUPTIBLE_FACTOR,
  },
  {
    name: "MAXERRORS",
    least: 0,
    most: MOST,
    meaning: "errors that a script survives",
    limits: (maxErrors) => ({ maxErrors }),
    current: ({ maxErrors }) => maxErrors,
  },
  {
    name: "MAXNESTING",
    least: 1,
    most: MOST,
    meaning: "calls inside calls",
    limits: (maxNesting) => ({ maxNesting }),
    current: ({ maxNesting }) => maxNesting,
  },
  {
    name: "HIST_ELISION",
    least: -1,
    most: MOST_COLUMNS,
    meaning: "empty rows of a histogram kept beside a row that counts; -1 leaves none out",
    limits: (histogramElision) => ({ histogramElision }),
    current: ({ histogramElision }) => histogramElision,
  },
  {
    name: "HIST_WIDTH",
    least: 1,
    most: MOST_COLUMNS,
    meaning: "marks of a histogram's longest bar",
    limits: (histogramWidth) => ({ histogramWidth }),
    current: ({ histogramWidth }) => histogramWidth,
  },
];

export type LimitOutcome =
  | {
      readonly kind: "set";
      readonly limits: Partial<Limits>;
      /** A sentence to tell; null where all is as written. */ readonly note: string | null;
    }
  | { readonly kind: "unknown" }
  | { readonly kind: "refused"; readonly problem: string };

/** `text`: undefined where no value was written. */
export function limitSetting(name: string, text: string | undefined): LimitOutcome {
  const setting = LIMIT_SETTINGS.find((candidate) => candidate.name === name);
  if (!setting) return { kind: "unknown" };
  const { least, most } = setting;
  const value = text !== undefined && /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most))
    return { kind: "refused", problem: `${name} wants a number from ${least} to ${most}, not ${text || "nothing"}` };
  const limits = setting.limits(value);
  const rounded = name === "MAXSTRINGLEN" && limits.maxStringLength !== value;
  return { kind: "set", limits, note: rounded ? `${name}=${value} is rounded up to a multiple of 8` : null };
}
