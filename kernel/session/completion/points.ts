/** Probe points, component by component. */
import { declaredNames } from "../cell_names.js";
import { knownAliases, namesOfAlias } from "../aliases.js";
import type { Piece } from "../cursor_context.js";
import type { Session } from "../session.js";
import { MOST_MATCHES, plainMatches, type Candidates } from "./match.js";
import { fileNames, programNames } from "./paths.js";

export function pointMatches(session: Session, piece: Piece, code: string): Candidates {
  const point = piece.text;
  const own = declaredNames(code, piece).aliases;
  const aliases = knownAliases(session)
    .flatMap(namesOfAlias)
    .filter((name) => !name.includes("__"));
  const points = [pathsIn(point), nextComponents(session, point), ...namesIn(session, point)];
  // There may be tens of thousands, all of which start so: what is not shown is only counted.
  const shown = points.flatMap((texts) => texts.slice(0, MOST_MATCHES)).slice(0, MOST_MATCHES);
  const total = points.reduce((sum, texts) => sum + texts.length, 0);
  return {
    piece,
    matches: [...plainMatches([...own, ...aliases], "alias"), ...plainMatches(shown, "probe")],
    more: total - shown.length,
  };
}

/** Names that only the families know: of functions, of tracepoints, of what is in a program. */
function namesIn(session: Session, point: string): readonly (readonly string[])[] {
  const target = session.target(0);
  return session.catalogue.families.map((family) => family.complete?.(point, target) ?? []);
}

interface Component {
  readonly name: string;
  /** With its parentheses, as far as it is written; empty where it has none. */
  readonly argument: string;
}

/** A placeholder such as NAME in `syscall.NAME` stands for any name, and is none to offer. */
const PLACEHOLDER = /^[A-Z_]+$/;

/** What may follow, by the forms of the families. */
function nextComponents(session: Session, point: string): string[] {
  const written = componentsOf(point);
  const last = written.pop();
  if (!last || last.argument !== "") return [];
  const start = point.slice(0, point.length - last.name.length);
  const forms = session.catalogue.families.flatMap((family) => family.forms.map(componentsOf));
  const following = forms.flatMap((form) => {
    const next = form[written.length];
    if (!next || PLACEHOLDER.test(next.name) || !written.every((component, index) => fits(component, form[index])))
      return [];
    return [`${start}${next.name}${/^\("?/.exec(next.argument)?.[0] ?? ""}`];
  });
  return [...new Set(following)].filter((text) => text.startsWith(point));
}

function fits(written: Component, form: Component | undefined): boolean {
  if (!form || (written.name !== form.name && !PLACEHOLDER.test(form.name))) return false;
  return (written.argument === "") === (form.argument === "") && written.argument[1] !== "" && sameKind(written, form);
}

/** Texts and numbers are not the same point. */
function sameKind(written: Component, form: Component): boolean {
  return written.argument === "" || (written.argument[1] === '"') === (form.argument[1] === '"');
}

/** The last one may be unfinished, or empty behind a dot. */
function componentsOf(point: string): Component[] {
  const parts = point.match(/(?:[^.("]|\("[^"]*"?\)?|\([^)"]*\)?)+|(?<=\.)$|^$/g) ?? [];
  return parts.map((part) => {
    const opener = part.indexOf("(");
    return opener < 0 ? { name: part, argument: "" } : { name: part.slice(0, opener), argument: part.slice(opener) };
  });
}

/** Files where the path of a program or a library is being written, and programs that PATH knows. */
function pathsIn(point: string): string[] {
  const { head, path } = /^(?<head>(?:.*\.)?(?:process|library)\(")(?<path>[^"]*)$/.exec(point)?.groups ?? {};
  if (head === undefined || path === undefined) return [];
  const close = (name: string): string => `${head}${name}${name.endsWith("/") ? "" : '")'}`;
  const isProgram = !head.endsWith('library("');
  const names = path.includes("/") || path.startsWith(".") ? fileNames(path) : isProgram ? programNames(path) : [];
  return names.map(close);
}
