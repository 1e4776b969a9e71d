/** What generated scripts are made of: their globals, what these hold at first, and the constants and names that chance picks from. */

export type Type = "long" | "string";

export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Loop counters and parts of keys are not assigned to. */
  readonly fixed: boolean;
}

export interface ArrayVariable {
  readonly name: string;
  readonly keys: readonly Type[];
  readonly value: Type | "statistic";
  /** Written by the seeds only. */
  readonly fixed?: boolean;
  /** As the declaration gives it. */
  readonly size?: string;
}

export const SCALARS: readonly Variable[] = [
  { name: "g0", type: "long", fixed: false },
  { name: "g1", type: "long", fixed: false },
  { name: "h0", type: "string", fixed: false },
  { name: "h1", type: "string", fixed: false },
];
export const ARRAYS: readonly ArrayVariable[] = [
  { name: "a0", keys: ["long"], value: "long" },
  { name: "a1", keys: ["string"], value: "long" },
  { name: "a2", keys: ["long", "string"], value: "long" },
  { name: "a5", keys: ["long", "string", "long", "string", "long"], value: "long" },
  { name: "b0", keys: ["long"], value: "string" },
  { name: "b1", keys: ["string", "string"], value: "string" },
  // Full after a few elements, of which the oldest then goes.
  { name: "w0", keys: ["long"], value: "long", size: "%[4]" },
  { name: "w1", keys: ["string", "long"], value: "string", size: "%[3]" },
  // Keys stay short, or numbers of names, whatever is looked up.
  { name: "c0", keys: ["string"], value: "long", fixed: true },
  { name: "c1", keys: ["string", "long"], value: "long", fixed: true },
];
/** Functions add to `sa`, so no loop walks it; loops walk `sb`. */
export const WALKED_STATISTICS: ArrayVariable = { name: "sb", keys: ["long", "string"], value: "statistic" };

/** Statements that give a global its type and something to hold, for those that a script uses. */
export const SEEDS: Readonly<Record<string, string>> = {
  a0: "a0[5] = 50; a0[1] = 10; a0[-3] = 50;",
  a1: 'a1["one"] = 1; a1["two"] = 2; a1[""] = -7;',
  a2: 'a2[1, "x"] = 3; a2[2, "y"] = 1; a2[2, "x"] = 1;',
  a5: 'a5[1, "x", 2, "y", 3] = 4; a5[1, "", 2, "y", -3] = 5; a5[0, "a", 0, "", 0] = 4;',
  b0: 'b0[0] = "zero"; b0[9] = "";',
  b1: 'b1["k", "l"] = "value"; b1["m", ""] = "another value";',
  w0: "w0[3] = 30; w0[1] = 10; w0[2] = 20;",
  w1: 'w1["x", 1] = "first"; w1["y", 2] = "second";',
  c0: 'c0["one"] = 1; c0["seven77"] = 7;',
  c1: "c1[errno_str(2), 1] = 2; c1[errno_str(13), 1] = 13; c1[errno_str(0), 1] = 0;",
  st: "st <<< 4;",
  sl: "sl <<< -3; sl <<< 17;",
  sp: "sp <<< 1000;",
  sa: "sa[1] <<< 10; sa[1] <<< -20;",
  sb: 'sb[1, "x"] <<< 3; sb[2, "y"] <<< 1; sb[2, "x"] <<< 2; sb[2, "y"] <<< 1;',
};

export const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "5",
  "7",
  "-1",
  "-2",
  "10",
  "63",
  "64",
  "255",
  "1000",
  "4096",
  "-4096",
  "2147483647",
  "2147483648",
  "-2147483649",
  "4294967296",
  "9223372036854775807",
  "0x8000000000000000",
  "0x7fffffff00000001",
];
export const TEXTS = [
  '""',
  '"a"',
  '"ab"',
  '"abc"',
  '"b"',
  '"seven77"',
  '"eight888"',
  '"nine99999"',
  '"a text of thirty-one characters"',
  '"the text of thirty-two character"',
  '"line\\n"',
  '"%d %s"',
  '"x"',
  '"one"',
  '"two"',
  '"-17 and more"',
  '"0x1f"',
  '"EACCES"',
  `"${"long ".repeat(26)}"`,
  `"${"0123456789".repeat(20)}"`,
];
/** Regular expressions of the dialect. */
export const PATTERNS = [
  '"a"',
  '"^a"',
  '"o.*e$"',
  '"^$"',
  '"[0-9]+"',
  '"^[^ ]* [a-z]"',
  '"(ab|wo|x)c?"',
  '"^(-?[0-9]+ ?)*"',
  '"l.ng{1,2}"',
  '"[[:upper:]]{3}"',
  '".{32}"',
];
export const ARITHMETIC = ["+", "-", "*", "/", "%", "<<", ">>", ">>>", "&", "|", "^"];
export const COMPARISONS = ["<", ">", "<=", ">=", "==", "!="];
export const ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="];
export const EXTRACTORS = ["count", "sum", "min", "max", "avg"];
export const HISTOGRAMS = ["@hist_log(st)", "@hist_linear(sl, -20, 100, 5)"];
export const CONVERSIONS = [
  "%d",
  "%i",
  "%u",
  "%x",
  "%5d",
  "%-6d",
  "%08d",
  "%+d",
  "%20d",
  "%c",
  "%X",
  "%#x",
  "%p",
  "%8p",
];
/** Not for strings made inside a probe, which is refused with its reason; what is printed takes them all. */
export const PRINTED_CONVERSIONS = ["%o", "%#o", "%7o", "% d", "%#c", "%.6d", "%2b", "%.3x"];
