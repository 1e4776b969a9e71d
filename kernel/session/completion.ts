/** Completion: keywords, globals, functions, aliases, probe points, magics. */
import { magics } from "../magics/index.js";
import type { Completion } from "../protocol/interpreter.js";
import type { Session } from "./session.js";
import { describeType } from "./types.js";

const KEYWORDS = ["probe", "global", "private", "function", "if", "else", "for", "foreach", "in", "limit", "return", "delete", "while", "break", "continue", "next", "string", "long", "try", "catch"];
const STATISTICS = ["@count", "@sum", "@min", "@max", "@avg", "@variance", "@hist_log", "@hist_linear"];
const PRINTING = ["print", "println", "printf", "printd", "printdln", "sprint", "sprintln", "sprintf", "sprintd", "sprintdln", "print_char"];

type Match = Completion["matches"][number];

/** `cursor` counts code points, as do the offsets that come back. */
export function complete(session: Session, code: string, cursor: number): Completion {
  const characters = [...code];
  const before = characters.slice(0, cursor).join("");
  const point = /(?:^|[\s;{}])probe\s+(?:[^{};]*,\s*)?(?<point>[\w.*"():]*)$/.exec(before)?.groups?.["point"];
  const word = point ?? /(?:^%{1,2}\w*|@?[\w$]*)$/m.exec(before)?.[0] ?? "";
  const matches = point === undefined ? wordMatches(session, word) : pointMatches(session, point);
  return { matches: matches.filter(({ text }) => text.startsWith(word)), start: cursor - [...word].length, end: cursor };
}

function wordMatches(session: Session, word: string): Match[] {
  if (word.startsWith("%")) return magics.map(({ name, kind }) => ({ text: `${kind === "cell" ? "%%" : "%"}${name}`, type: "magic" }));
  const globals = [...session.known.globals.values()].map(({ name, type }) => ({ text: name, type: type ? describeType(type) : "global" }));
  const own = session.known.functions.map(({ name, parameters }) => ({ text: name, type: "function", signature: `(${parameters.map((parameter) => parameter.name).join(", ")})` }));
  const tapset = session.catalogue.functions.map(({ name, parameters, returns }) => ({
    text: name,
    type: "function",
    signature: `(${parameters.map((parameter) => `${parameter.name}:${parameter.type}`).join(", ")})${returns === null ? "" : `:${returns}`}`,
  }));
  const plain = (texts: readonly string[], type: string): Match[] => texts.map((text) => ({ text, type }));
  return [...globals, ...own, ...plain(KEYWORDS, "keyword"), ...plain(STATISTICS, "statistic"), ...plain(PRINTING, "function"), ...tapset];
}

/** Rows of a menu that people still look through. */
const MOST_POINTS = 500;

function pointMatches(session: Session, point: string): Match[] {
  const target = session.target(0);
  const aliases = session.known.aliases.flatMap(({ names }) => names.map((name) => name.components.map((component) => component.name).join(".")));
  const points = session.catalogue.families.flatMap((family) => family.complete?.(point, target) ?? []);
  return [...aliases, ...points].filter((text) => text.startsWith(point)).slice(0, MOST_POINTS).map((text) => ({ text, type: "probe" }));
}
