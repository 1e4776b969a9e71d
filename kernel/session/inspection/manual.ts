/** `%man`: all there is to tell of a name, wherever it might stand. */
import { layoutText } from "../../compiler/types/declaration.js";
import { findType, parseTypeName } from "../../compiler/types/type_name.js";
import { typeText } from "../../compiler/types/type_text.js";
import { magics } from "../../magics/index.js";
import type { MimeBundle } from "../../protocol/interpreter.js";
import type { Session } from "../session.js";
import { helpBundle, type HelpPage } from "./help_page.js";
import { magicPage } from "./magics.js";
import { familyPages, globalPages, namePages } from "./names.js";
import { pointPages } from "./points.js";

/** Null where nothing has that name. */
export function manual(session: Session, name: string): MimeBundle | null {
  const magic = /^%*(\w+)$/.exec(name)?.[1];
  const found = [
    ...globalPages(session, name, 1),
    ...namePages(session, name, 1),
    ...magics.filter((each) => each.name === magic).map(magicPage),
  ];
  const pages = [found, familyPages(session, name), pointPages(session, name, 1), typePages(session, name)];
  const first = pages.find((each) => each.length > 0);
  return first ? helpBundle(first, true) : null;
}

function typePages(session: Session, name: string): HelpPage[] {
  const written = parseTypeName(name);
  const types = session.target(0).dataTypes();
  const type = written && types && findType(types, written);
  const code = type && layoutText(type, { most: Infinity, withOffsets: true });
  return type && code ? [{ title: typeText(type), paragraphs: ["A type of this kernel."], rows: [], code }] : [];
}
