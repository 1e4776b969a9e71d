/** SystemTap as CodeMirror colours and indents it. */
import type { CharacterStream, StreamParser } from "./stream.js";

/** In the order of the language reference; a test compares them with the compiler's own. */
export const keywords: ReadonlySet<string> = new Set([
  ..."probe global private function if else for foreach in while break continue next return delete".split(" "),
  ..."try catch limit string long".split(" "),
]);

/** Words that are followed by a statement, or by a condition and a statement. */
const headers: ReadonlySet<string> = new Set(["if", "else", "for", "foreach", "while", "try", "catch"]);

/** With what the header of a statement ends. */
const headerEnds: ReadonlySet<string> = new Set([")", "else", "try", "catch"]);

/** What the next characters belong to, where that began on a line before. */
type Inside = "comment" | "embedded C" | null;

interface State {
  inside: Inside;
  /** The open brackets. */
  brackets: readonly string[];
  /** Between `probe` and its body, where names are those of probe points. */
  isInPoint: boolean;
  /** The word before was `function` or `global`: a name is declared. */
  isDeclaring: "function" | "global" | null;
  /** How deep the brackets were at the header of a statement whose body has not begun. */
  headerDepth: number | null;
  /** The last piece that was no space and no comment. */
  last: string;
}

const opening = "([{";
const closing = ")]}";

export const systemtap: StreamParser<State> = {
  name: "systemtap",

  startState: () => ({
    inside: null,
    brackets: [],
    isInPoint: false,
    isDeclaring: null,
    headerDepth: null,
    last: "",
  }),

  copyState: (state) => ({ ...state }),

  token(stream, state) {
    if (state.inside !== null) return continued(stream, state, state.inside);
    const isFirst = stream.sol();
    if (isFirst && state.last !== ",") state.isDeclaring = null;
    if (stream.eatSpace()) return null;
    if (stream.match(/^(?:#|\/\/)/)) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^\/\*/)) return continued(stream, state, "comment");
    if (isFirst && isBetweenStatements(state) && stream.match(/^(?:%%?[A-Za-z_]\w*(?:\s.*)?$|!(?!\s*[=(~]).*)/))
      return "meta";
    // The body of the statement begins.
    if (state.headerDepth === state.brackets.length && headerEnds.has(state.last)) state.headerDepth = null;
    const style = piece(stream, state);
    state.last = stream.current();
    return style;
  },

  indent(state, textAfter, { unit }) {
    if (state.inside !== null) return 0;
    const closes = /^[)\]}]/.test(textAfter) ? 1 : 0;
    const depth = Math.max(0, state.brackets.length - closes);
    const isContinued = state.headerDepth !== null && state.headerDepth === state.brackets.length;
    return (depth + (isContinued && !/^[{}]/.test(textAfter) ? 1 : 0)) * unit;
  },

  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
    indentOnInput: /^\s*[)\]}{]$/,
    wordChars: "$@",
  },
};

/** Where a notebook's cell may hold a magic or a command of the shell: elsewhere `%` and `!` are the language's. */
function isBetweenStatements({ brackets, last }: State): boolean {
  return brackets.length === 0 && (last === "" || /[\w)\]}";]$/.test(last));
}

/** Goes on with what spans lines. */
function continued(stream: CharacterStream, state: State, inside: NonNullable<Inside>): string {
  const end = inside === "comment" ? /^.*?\*\// : /^.*?%\}/;
  state.inside = stream.match(end) ? null : inside;
  if (state.inside !== null) stream.skipToEnd();
  return inside === "comment" ? "comment" : "meta";
}

function piece(stream: CharacterStream, state: State): string | null {
  if (stream.match(/^%\{/)) return continued(stream, state, "embedded C");
  // The preprocessor's conditions; `%)` closes them.
  if (stream.match(/^(?:%\(|%\?|%:|%\))/)) return "meta";
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
  if (stream.match(/^(?:0[xX][\da-fA-F]+|\d+)/)) return "number";
  if (stream.match(/^@(?:define|include)\b/)) return "keyword";
  if (stream.match(/^@[A-Za-z_]\w*/)) return "variableName.standard";
  if (stream.match(/^(?:\$\$?[A-Za-z_]\w*\$*|\$[*#\d]+|@\d+)/)) return "variableName.special";
  if (state.isInPoint && stream.match(/^[A-Za-z_*?][\w*?]*/)) return point(stream.current(), state);
  if (stream.match(/^[A-Za-z_]\w*/)) return word(stream, state);
  if (stream.match(/^(?:<<<|>>>=|<<=|>>=|->|=~|!~|&&|\|\||\+\+|--|[-+*/%&|^<>=!.]=|<<|>>|[-+*/%&|^<>=!~?:.])/)) {
    return "operator";
  }
  return bracket(stream.next() ?? "", state);
}

/** A name between `probe` and the body. */
function point(name: string, state: State): string {
  if (keywords.has(name) && name !== "return" && name !== "function" && state.last !== ".") {
    // The probe before has no body yet, and something else begins.
    state.isInPoint = name === "probe";
    return "keyword";
  }
  return name === "return" || name === "call" ? "keyword" : "propertyName";
}

function word(stream: CharacterStream, state: State): string {
  const name = stream.current();
  if (state.last === "->" || state.last === ".") return "propertyName";
  if (keywords.has(name)) {
    state.isInPoint = name === "probe";
    state.isDeclaring = name === "function" || name === "global" ? name : null;
    if (headers.has(name)) state.headerDepth = state.brackets.length;
    return "keyword";
  }
  if (state.isDeclaring !== null && state.brackets.length === 0) {
    if (state.isDeclaring === "function") state.isDeclaring = null;
    return "variableName.definition";
  }
  return stream.match(/^(?=\s*\()/) ? "variableName.standard" : "variableName";
}

function bracket(character: string, state: State): string | null {
  if (character === "") return null;
  if (opening.includes(character)) {
    if (character === "{") state.isInPoint = false;
    state.brackets = [...state.brackets, character];
    return "bracket";
  }
  if (closing.includes(character)) {
    const match = opening[closing.indexOf(character)] ?? "";
    const at = state.brackets.lastIndexOf(match);
    // One that closes nothing must not bring the rest of the text out of step.
    if (at >= 0) state.brackets = state.brackets.slice(0, at);
    return "bracket";
  }
  if (character === ";") state.isDeclaring = null;
  return /[,;]/.test(character) ? "punctuation" : null;
}
