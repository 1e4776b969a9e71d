/** Help on data: variables of a probe point, members of types, structs as C. */
import type { ContextVariable } from "../../compiler/catalogue.js";
import type { TypeReference } from "../../compiler/types/data_type.js";
import { layoutText } from "../../compiler/types/declaration.js";
import { findMember, resolveType, targetOf } from "../../compiler/types/layout.js";
import { findType, parseTypeName } from "../../compiler/types/type_name.js";
import { typeText } from "../../compiler/types/type_text.js";
import { chainType } from "../data_chain.js";
import type { Session } from "../session.js";
import type { HelpPage } from "./help_page.js";

const FEW_MEMBERS = 12;
const MANY_MEMBERS = 400;

export function variablePage({ name, type, summary, data }: ContextVariable, detail: 0 | 1): HelpPage {
  return {
    title: `${name}:${type}`,
    paragraphs: [summary, "A variable of this probe point."],
    rows: [],
    ...(data ? codeOf(data, detail) : {}),
  };
}

/** `start` is where the member's name starts. */
export function memberPages(
  session: Session,
  code: string,
  start: number,
  word: string,
  detail: 0 | 1,
): readonly HelpPage[] {
  const base = chainType(session, code, code.slice(0, start).lastIndexOf("->"));
  if (!base) return [];
  const object = resolveType(base).kind === "pointer" ? targetOf(base) : base;
  const member = findMember(object, word.replace(/\$+$/, ""));
  if (!member) return [];
  const { reference, bitOffset, bitSize } = member;
  const size = bitSize > 0 ? `${bitSize} bits, from bit ${bitOffset}` : `at byte ${bitOffset / 8}`;
  return [
    {
      title: `${word}: ${typeText(reference)}`,
      paragraphs: [`A member of ${typeText(object)}, ${size}.`],
      rows: [],
      ...codeOf(reference, detail),
    },
  ];
}

/** A type's name in quotes, as `@cast` takes it. */
export function quotedTypePages(
  session: Session,
  code: string,
  start: number,
  word: string,
  detail: 0 | 1,
): readonly HelpPage[] {
  const opening = code.lastIndexOf('"', start - 1);
  if (!/@\w+\s*\([^"]*(?:"[^"]*"[^"]*)?$/.test(code.slice(0, opening)) || word === "") return [];
  const keyword = /\b(struct|union|enum)\s+$/.exec(code.slice(opening + 1, start))?.[1];
  const written = parseTypeName(keyword === undefined ? word : `${keyword} ${word}`);
  const types = session.target(0).dataTypes();
  const found = written && types && findType(types, written);
  return found ? [typePage(found, detail)] : [];
}

function typePage(type: TypeReference, detail: 0 | 1): HelpPage {
  return { title: typeText(type), paragraphs: ["A type of this kernel."], rows: [], ...codeOf(type, detail) };
}

/** The struct that a type is or points to, as C; nothing where it is none. */
function codeOf(reference: TypeReference, detail: 0 | 1): Pick<HelpPage, "code"> {
  let type = reference;
  for (let depth = 0; depth < 3 && resolveType(type).kind === "pointer"; depth++) type = targetOf(type);
  const resolved = { types: type.types, id: resolveType(type).id };
  const options = { most: detail === 1 ? MANY_MEMBERS : FEW_MEMBERS, withOffsets: detail === 1 };
  const text = layoutText(resolved, options);
  return text === null ? {} : { code: text };
}
