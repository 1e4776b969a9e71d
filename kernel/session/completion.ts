/** What could stand at the cursor: names of every kind, probe points, magics. */
import type { KnownGlobal } from "../compiler/check/definitions.js";
import { DUMP_KINDS, magics } from "../magics/index.js";
import type { Completion } from "../protocol/interpreter.js";
import { contextVariables, insideAt, isAlias, magicLineBefore, pointBefore, type Piece } from "./cursor_context.js";
import { LANGUAGE } from "./language.js";
import { LIMIT_SETTINGS } from "./limit_settings.js";
import type { Session } from "./session.js";
import { definitionSignature, libraryFunctions, tapsetSignature } from "./signatures.js";
import { describeType, userGlobals } from "./types.js";

type Match = Completion["matches"][number];

/** Rows of a menu that people still look through. */
const MOST_MATCHES = 500;

/** `cursor` counts code points, as do the offsets that come back. Never throws, whatever the text. */
export function complete(session: Session, code: string, cursor: number): Completion {
  const before = Array.from(code).slice(0, Math.max(0, cursor)).join("");
  const { piece, matches } = matchesAt(session, code, before.length);
  const fitting = matches.filter(({ text }) => text.startsWith(piece.text) && text !== "");
  const start = Array.from(before.slice(0, piece.start)).length;
  return { matches: distinct(fitting).slice(0, MOST_MATCHES), start, end: Array.from(before).length };
}

interface Candidates {
  /** What the matches would replace. */
  readonly piece: Piece;
  readonly matches: readonly Match[];
}

function matchesAt(session: Session, code: string, cursor: number): Candidates {
  const line = magicLineBefore(code, cursor);
  if (line !== null) return magicMatches(session, line, cursor);
  const point = pointBefore(code, cursor);
  if (point) return { piece: point, matches: pointMatches(session, point.text) };
  const text = /(?:[A-Za-z_]\w*@|[@$]*)\w*$/.exec(code.slice(0, cursor))?.[0] ?? "";
  const piece = { text, start: cursor - text.length };
  if (insideAt(code, cursor) !== "script") return { piece, matches: [] };
  return { piece, matches: wordMatches(session, code, piece) };
}

/** `%name`, then what its argument may be. */
function magicMatches(session: Session, line: string, cursor: number): Candidates {
  const text = /\S*$/.exec(line)?.[0] ?? "";
  const piece = { text, start: cursor - text.length };
  const [name] = /^%+\w+(?=\s)/.exec(line) ?? [];
  const named = magics.map((magic) => `${magic.kind === "cell" ? "%%" : "%"}${magic.name}`);
  const plain = (texts: readonly string[], type: string): Match[] => texts.map((match) => ({ text: match, type }));
  if (name === undefined) return { piece, matches: line.startsWith("%") ? plain(named, "magic") : [] };
  if (name === "%reset" || name === "%snapshot") return { piece, matches: globalMatches(session) };
  if (name === "%snapshots") {
    const names = session.snapshots.all().map((snapshot) => snapshot.name);
    return { piece, matches: plain(/^%snapshots\s+drop\s/.test(line) ? names : ["drop"], "argument") };
  }
  if (name === "%help")
    return {
      piece,
      matches: plain(
        magics.map((magic) => magic.name),
        "magic",
      ),
    };
  if (name === "%limits")
    return {
      piece,
      matches: plain(
        LIMIT_SETTINGS.map((setting) => `${setting.name}=`),
        "argument",
      ),
    };
  if (name === "%dump") return { piece, matches: plain(DUMP_KINDS, "argument") };
  if (name === "%%trace") return { piece, matches: plain(["for=", "-c", "-x", "out="], "argument") };
  return { piece, matches: [] };
}

function wordMatches(session: Session, code: string, piece: Piece): Match[] {
  const context = contextVariables(session, code, piece.start);
  return [
    ...[...context.values()].map(({ name, type }) => ({ text: name, type, signature: type })),
    ...globalMatches(session),
    ...snapshotMatches(session),
    ...session.known.functions.map((own) => ({
      text: own.name,
      type: "function",
      signature: definitionSignature(own),
    })),
    ...writtenNames(code, piece).map((text) => ({ text, type: "name" })),
    ...LANGUAGE.map(({ name, kind, form }) => ({ text: name, type: kind, signature: form })),
    ...session.catalogue.functions.map((entry) => ({
      text: entry.name,
      type: "function",
      signature: tapsetSignature(entry),
    })),
    ...libraryFunctions(session).map((own) => ({
      text: own.name,
      type: "function",
      signature: definitionSignature(own),
    })),
  ];
}

function globalMatches(session: Session): Match[] {
  return userGlobals(session).map(globalMatch);
}

/** Globals as snapshots hold them. */
function snapshotMatches(session: Session): Match[] {
  return session.snapshots.all().flatMap(({ globals }) => [...globals.values()].map(globalMatch));
}

function globalMatch({ name, type }: KnownGlobal): Match {
  return { text: name, type: "global", signature: type ? describeType(type) : "not used yet" };
}

/** Names that the cell itself uses elsewhere, such as its locals. */
function writtenNames(code: string, piece: Piece): string[] {
  const others = `${code.slice(0, piece.start)} ${code.slice(piece.start + piece.text.length).replace(/^\w*/, "")}`;
  const known = new Set(LANGUAGE.map(({ name }) => name));
  const plain = others.replace(/"(?:\\.|[^"\\\n])*"?|\/\*[^]*?(?:\*\/|$)|(?:\/\/|#).*/g, " ");
  return [...new Set(plain.match(/(?<![\w$@.%])[A-Za-z_]\w+/g))]
    .filter((name) => !known.has(name))
    .slice(0, MOST_MATCHES);
}

function pointMatches(session: Session, point: string): Match[] {
  const target = session.target(0);
  const aliases = [...session.known.aliases, ...session.library.flatMap(({ items }) => items.filter(isAlias))];
  const names = aliases.flatMap((alias) =>
    alias.names.map((name) => name.components.map((component) => component.name).join(".")),
  );
  const points = session.catalogue.families.flatMap((family) => family.complete?.(point, target) ?? []);
  return [...names.filter((name) => !name.includes("__")), ...points].map((text) => ({ text, type: "probe" }));
}

/** Functions of one name are one row, with all their signatures. */
function distinct(matches: readonly Match[]): Match[] {
  const rows = new Map<string, Match>();
  for (const match of matches) {
    const row = rows.get(match.text);
    if (!row) rows.set(match.text, match);
    else if (row.type === "function" && match.type === "function" && row.signature !== match.signature) {
      rows.set(match.text, { ...row, signature: `${row.signature} ${match.signature}` });
    }
  }
  return [...rows.values()];
}
